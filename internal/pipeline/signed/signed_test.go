package signed_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/pipeline/signed"
)

var (
	registry = signed.Service{ID: "ECR", Host: "api.ecr", Name: "ecr", Target: "AmazonEC2ContainerRegistry_V20150921"}
	builder  = signed.Service{ID: "CodeBuild", Host: "codebuild", Name: "codebuild", Target: "CodeBuild_20161006"}
	tokens   = signed.Service{ID: "STS", Host: "sts", Name: "sts"}
)

// A wire keeps requests and gives one answer to all.
type wire struct {
	status int
	body   string
	mu     sync.Mutex
	seen   []sent
}

// What was sent, as far as a service looks at it.
type sent struct{ URL, Type, Target, Scope, Body string }

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=AKID/")
	scope, _, _ = strings.Cut(scope, ",")
	_, scope, _ = strings.Cut(scope, "/") // without the day
	contentType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, sent{r.URL.String(), contentType, r.Header.Get("X-Amz-Target"), scope, string(body)})
	return &http.Response{StatusCode: w.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(w.body))}, nil
}

func config(w *wire, region string) aws.Config {
	return aws.Config{
		Region: region, HTTPClient: w, Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	}
}

// TestRequestsAreThoseOfTheClients has the SDK's clients make the same calls.
func TestRequestsAreThoseOfTheClients(t *testing.T) {
	t.Parallel()
	const digest, arn = "sha256:abc", "arn:aws:iam::222233334444:role/signalbox"
	for _, region := range []string{"eu-west-1", "us-gov-west-1", "cn-north-1"} {
		theirs, ours := &wire{status: 400, body: "{}"}, &wire{status: 200, body: "{}"}
		c, ctx := config(theirs, region), t.Context()
		_, _ = ecr.NewFromConfig(c).DescribeImageScanFindings(ctx, &ecr.DescribeImageScanFindingsInput{
			ImageId: &types.ImageIdentifier{ImageDigest: aws.String(digest)}, MaxResults: aws.Int32(1), RepositoryName: aws.String("orders"),
		})
		_, _ = codebuild.NewFromConfig(c).BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: []string{"orders:1"}})
		_, _ = sts.NewFromConfig(c).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String(arn), RoleSessionName: aws.String("signalbox-approval")})

		caller := signed.New(config(ours, region), time.Now)
		in := map[string]any{"imageId": map[string]string{"imageDigest": digest}, "maxResults": 1, "repositoryName": "orders"}
		_ = caller.JSON(ctx, registry, "", "DescribeImageScanFindings", in, &struct{}{})
		_ = caller.JSON(ctx, builder, region, "BatchGetBuilds", map[string]any{"ids": []string{"orders:1"}}, &struct{}{})
		_ = caller.Query(ctx, tokens, url.Values{
			"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {arn}, "RoleSessionName": {"signalbox-approval"},
		}, &struct{}{})
		if diff := cmp.Diff(theirs.seen, ours.seen); diff != "" || len(ours.seen) != 3 {
			t.Errorf("%s: requests (-the clients' +ours):\n%s", region, diff)
		}
	}
}

func TestCallGoesToTheRegionAsked(t *testing.T) {
	t.Parallel()
	w := &wire{status: 200, body: `{"name":"x"}`}
	caller := signed.New(config(w, "eu-west-1"), time.Now)
	var out struct{ Name string }
	if err := caller.JSON(t.Context(), registry, "ap-south-1", "Describe", nil, &out); err != nil || out.Name != "x" {
		t.Fatalf("%q, %v", out.Name, err)
	}
	if got := w.seen[0]; got.URL != "https://api.ecr.ap-south-1.amazonaws.com/" || got.Scope != "ap-south-1/ecr/aws4_request" {
		t.Errorf("sent to %s for %s", got.URL, got.Scope)
	}
	for _, region := range []string{"evil.example.com/", "eu-west-1.evil", "us-iso-east-1", "EU-WEST-1"} {
		if err := caller.JSON(t.Context(), registry, region, "Describe", nil, &out); err == nil || len(w.seen) != 1 {
			t.Errorf("a call went to the Region %q", region)
		}
	}
}

func TestRefusalIsAnErrorOfTheService(t *testing.T) {
	t.Parallel()
	for body, code := range map[string]string{
		`{"__type":"com.amazonaws.ecr#ScanNotFoundException","message":"none"}`:                          "ScanNotFoundException",
		`<ErrorResponse><Error><Code>AccessDenied</Code><Message>none</Message></Error></ErrorResponse>`: "AccessDenied",
		`<html>`: "",
	} {
		w := &wire{status: 400, body: body}
		err := signed.New(config(w, "eu-west-1"), time.Now).JSON(t.Context(), registry, "", "Describe", nil, &struct{}{})
		var said smithy.APIError
		if !errors.As(err, &said) || said.ErrorCode() != code || len(w.seen) != 1 {
			t.Errorf("%s: %v after %d calls", body, err, len(w.seen))
		}
	}
}

func TestCallThatMayPassIsRepeated(t *testing.T) {
	t.Parallel()
	for _, w := range []*wire{{status: 503}, {status: 400, body: `{"__type":"ThrottlingException"}`}} {
		err := signed.New(config(w, "eu-west-1"), time.Now).JSON(t.Context(), registry, "", "Describe", nil, &struct{}{})
		if err == nil || len(w.seen) != 3 {
			t.Errorf("%d: %v after %d calls, want 3", w.status, err, len(w.seen))
		}
	}
}

func TestUnreadableAnswerIsNotQuoted(t *testing.T) {
	t.Parallel()
	w := &wire{status: 200, body: "<Secret>hush</Other>"}
	err := signed.New(config(w, "eu-west-1"), time.Now).Query(t.Context(), tokens, url.Values{"Action": {"AssumeRole"}}, &struct{}{})
	if err == nil || strings.Contains(err.Error(), "ush") {
		t.Errorf("error %v", err)
	}
}

func TestCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	c := config(nil, "eu-west-1")
	c.HTTPClient, c.BaseEndpoint = server.Client(), aws.String(server.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := signed.New(c, time.Now).JSON(ctx, registry, "", "Describe", nil, &struct{}{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that the time is over", err)
	}
}
