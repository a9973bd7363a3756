package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/signalbox/signalbox/internal/archive"
)

// at is when requests are signed.
var at = time.Date(2026, 3, 10, 9, 22, 0, 0, time.UTC)

func now() time.Time { return at }

// configuration is one with three attempts, close upon each other.
func configuration(endpoint string) aws.Config {
	c := aws.Config{
		Region: "eu-west-1", HTTPClient: http.DefaultClient,
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRETKEY", "SESSION"),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	}
	if endpoint != "" {
		c.BaseEndpoint = aws.String(endpoint)
	}
	return c
}

// An answer is what the bucket says to one request.
type answer struct {
	status int
	code   string
}

// serve plays S3: each request gets the next answer, and the last for ever.
func serve(t *testing.T, answers ...answer) (url string, requests *atomic.Int32) {
	t.Helper()
	requests = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(requests.Add(1))
		body, _ := io.ReadAll(r.Body)
		sum := sha256.Sum256(body)
		if r.Header.Get("X-Amz-Checksum-Sha256") != base64.StdEncoding.EncodeToString(sum[:]) || r.Header.Get("If-None-Match") != "*" {
			t.Errorf("headers %v", r.Header)
		}
		a := answers[min(n, len(answers))-1]
		w.WriteHeader(a.status)
		if a.code != "" {
			fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>so it is</Message></Error>`, a.code)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func TestObjectIsPutAgainWhenThatMayHelp(t *testing.T) {
	t.Parallel()
	ok := answer{status: http.StatusOK}
	for _, tt := range []struct {
		name     string
		answers  []answer
		requests int32
		err      string // a part of it; "" for none
	}{
		{"a new object", []answer{ok}, 1, ""},
		{"S3 fails", []answer{{500, "InternalError"}, {503, ""}, ok}, 3, ""},
		{"S3 is too busy", []answer{{503, "SlowDown"}, ok}, 2, ""},
		{"somebody else is writing it", []answer{{409, "ConditionalRequestConflict"}, {412, "PreconditionFailed"}}, 2, "object exists"},
		{"an object that is there", []answer{{412, "PreconditionFailed"}}, 1, "object exists"},
		{"S3 stays too busy", []answer{{503, "SlowDown"}}, 3, "SlowDown: so it is"},
		{"not allowed", []answer{{403, "AccessDenied"}}, 1, "AccessDenied: so it is"},
		{"no bucket", []answer{{404, "NoSuchBucket"}}, 1, "NoSuchBucket"},
		{"no checksum, as Object Lock sees it", []answer{{400, "InvalidRequest"}}, 1, "InvalidRequest"},
		{"something else than S3", []answer{{http.StatusTeapot, ""}}, 1, "I'm a teapot"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, requests := serve(t, tt.answers...)
			err := archive.Bucket(configuration(url), now)(t.Context(), "trail", "a/b.jsonl", []byte("{}\n"))
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want %q in it", err, tt.err)
			}
			if exists := tt.err == "object exists"; errors.Is(err, archive.ErrExists) != exists {
				t.Errorf("error %v, ErrExists should be %t", err, exists)
			}
			if requests.Load() != tt.requests {
				t.Errorf("%d requests, want %d", requests.Load(), tt.requests)
			}
		})
	}
}

func TestAHangingBucketIsGivenUp(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hold) })
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	err := archive.Bucket(configuration(server.URL), now)(ctx, "trail", "a", nil)
	if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), server.URL) {
		t.Errorf("error %v", err)
	}
}

// doer is an HTTP client that a test plays.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// TestTheRequestIsTheOneOfTheSDK has the SDK's client put the same object.
func TestTheRequestIsTheOneOfTheSDK(t *testing.T) {
	t.Parallel()
	key := "audit/111122223333/eu-west-1/we.ird@pipe_line-1/000000000001-000000000002.jsonl"
	body := []byte("{}\n{}\n")
	var seen []*http.Request
	c := configuration("")
	c.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		sent, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(sent, body) {
			t.Errorf("body %q, %v", sent, err)
		}
		seen = append(seen, r)
		w := httptest.NewRecorder()
		return w.Result(), nil
	})
	if err := archive.Bucket(c, now)(t.Context(), "trail", key, body); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	_, err := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("trail"), Key: aws.String(key), Body: bytes.NewReader(body), ContentType: aws.String("application/x-ndjson"),
		IfNoneMatch: aws.String("*"), ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])),
	})
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := seen[0], seen[1]
	if ours.Method != theirs.Method || ours.URL.EscapedPath() != theirs.URL.EscapedPath() || ours.URL.Host != theirs.URL.Host {
		t.Errorf("%s %s, the SDK: %s %s", ours.Method, ours.URL, theirs.Method, theirs.URL)
	}
	for _, name := range []string{"Content-Type", "If-None-Match", "X-Amz-Checksum-Sha256", "X-Amz-Security-Token"} {
		if ours.Header.Get(name) == "" || ours.Header.Get(name) != theirs.Header.Get(name) {
			t.Errorf("%s: %q, the SDK: %q", name, ours.Header.Get(name), theirs.Header.Get(name))
		}
	}
	if got := ours.Header.Get("Authorization"); !strings.Contains(got, "/20260310/eu-west-1/s3/aws4_request") || !strings.Contains(got, "if-none-match") {
		t.Errorf("Authorization %q", got)
	}
}

func TestTheEndpointIsTheOneOfTheRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "s3.eu-west-1.amazonaws.com", "us-gov-west-1": "s3.us-gov-west-1.amazonaws.com",
		"cn-north-1": "s3.cn-north-1.amazonaws.com.cn", "eusc-de-east-1": "s3.eusc-de-east-1.amazonaws.eu",
	} {
		c := configuration("")
		c.Region = region
		c.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != want {
				t.Errorf("%s: %s, want %s", region, r.URL.Host, want)
			}
			return httptest.NewRecorder().Result(), nil
		})
		if err := archive.Bucket(c, now)(t.Context(), "trail", "a", nil); err != nil {
			t.Error(err)
		}
	}
}
