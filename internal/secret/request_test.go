package secret_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/signalbox/signalbox/internal/secret"
)

// doer is an HTTP client that a test plays.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// configuration is one with three attempts, close upon each other.
func configuration(c aws.HTTPClient) aws.Config {
	return aws.Config{
		Region: "eu-west-1", HTTPClient: c,
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRETKEY", "SESSION"),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	}
}

// answers plays Secrets Manager: each request gets the next of them, and the
// last for ever.
func answers(t *testing.T, seen *[]*http.Request, next ...func() (*http.Response, error)) aws.Config {
	t.Helper()
	return configuration(doer(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		*seen = append(*seen, r)
		return next[min(len(*seen), len(next))-1]()
	}))
}

func saying(status int, body string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		w := httptest.NewRecorder()
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return w.Result(), nil
	}
}

func dropped() (*http.Response, error) { return nil, errors.New("connection reset by peer") }

const hidden = "xoxb-hidden"

var (
	good      = saying(http.StatusOK, `{"Name":"slack","SecretString":"`+hidden+`"}`)
	absent    = saying(http.StatusBadRequest, `{"__type":"ResourceNotFoundException","Message":"can't find it"}`)
	denied    = saying(http.StatusBadRequest, `{"__type":"com.amazon#AccessDeniedException","message":"not authorized to perform"}`)
	throttled = saying(http.StatusBadRequest, `{"__type":"ThrottlingException","message":"slow down"}`)
	broken    = saying(http.StatusInternalServerError, `{"__type":"InternalServiceError"}`)
	page      = saying(http.StatusServiceUnavailable, `<html>`)
)

func TestValueIsAskedForOnceMoreWhenThatMayHelp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		says     []func() (*http.Response, error)
		requests int
		text     string
		err      string // a part of it; "" for none
	}{
		{"a value", []func() (*http.Response, error){good}, 1, hidden, ""},
		{"a connection that drops", []func() (*http.Response, error){dropped, good}, 2, hidden, ""},
		{"a service that fails", []func() (*http.Response, error){broken, page, good}, 3, hidden, ""},
		{"a service that is too busy", []func() (*http.Response, error){throttled, good}, 2, hidden, ""},
		{"a service that stays too busy", []func() (*http.Response, error){throttled}, 3, "", "ThrottlingException: slow down"},
		{"a service that is down", []func() (*http.Response, error){page}, 3, "", "StatusCode: 503"},
		{"a version that there is none of", []func() (*http.Response, error){absent}, 1, "", secret.ErrAbsent.Error()},
		{"a role that may not", []func() (*http.Response, error){denied}, 1, "", "AccessDeniedException: not authorized"},
		{"half an answer", []func() (*http.Response, error){saying(http.StatusOK, `{"SecretString":"`+hidden)}, 1, "", "not JSON"},
		{"an answer without a value", []func() (*http.Response, error){saying(http.StatusOK, `{"SecretBinary":"AA=="}`)}, 1, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var seen []*http.Request
			text, err := secret.Manager(answers(t, &seen, tt.says...), time.Now)(t.Context(), arn, "AWSCURRENT")
			if text != tt.text || len(seen) != tt.requests {
				t.Errorf("%q after %d requests, want %q after %d", text, len(seen), tt.text, tt.requests)
			}
			if (err == nil) != (tt.err == "") || !strings.Contains(fmt.Sprint(err), tt.err) && err != nil || strings.Contains(fmt.Sprint(err), hidden) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if errors.Is(err, secret.ErrAbsent) != (tt.name == "a version that there is none of") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWaitForAnotherAttemptEndsWithItsContext(t *testing.T) {
	t.Parallel()
	c := configuration(doer(func(*http.Request) (*http.Response, error) { return broken() }))
	c.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return time.Hour, nil })
		})
	}
	ctx, cancel := contextWithin(t)
	defer cancel()
	if _, err := secret.Manager(c, time.Now)(ctx, arn, "AWSCURRENT"); !errors.Is(err, ctx.Err()) || !strings.Contains(err.Error(), "500") {
		t.Errorf("error %v, want that of the context and why it was waiting", err)
	}
}

// TestRequestIsTheOneThatTheSDKMakes has the SDK's own client make it too.
func TestRequestIsTheOneThatTheSDKMakes(t *testing.T) {
	t.Parallel()
	var ours, theirs []*http.Request
	if _, err := secret.Manager(answers(t, &ours, good), time.Now)(t.Context(), arn, "AWSPREVIOUS"); err != nil {
		t.Fatal(err)
	}
	_, err := secretsmanager.NewFromConfig(answers(t, &theirs, good)).GetSecretValue(t.Context(),
		&secretsmanager.GetSecretValueInput{SecretId: aws.String(arn), VersionStage: aws.String("AWSPREVIOUS")})
	if err != nil {
		t.Fatal(err)
	}
	got, want := ours[0], theirs[0]
	if got.Method != want.Method || got.URL.String() != want.URL.String() || text(t, got) != text(t, want) {
		t.Errorf("%s %s %s, want %s %s %s", got.Method, got.URL, text(t, got), want.Method, want.URL, text(t, want))
	}
	for _, name := range []string{"Content-Type", "X-Amz-Target", "X-Amz-Security-Token"} {
		if got.Header.Get(name) != want.Header.Get(name) || got.Header.Get(name) == "" {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want.Header.Get(name))
		}
	}
	scope := func(r *http.Request) string {
		credential, _, _ := strings.Cut(r.Header.Get("Authorization"), ", ")
		return credential
	}
	if scope(got) != scope(want) || !strings.Contains(scope(got), "/eu-west-1/secretsmanager/aws4_request") {
		t.Errorf("signed for %q, want %q", scope(got), scope(want))
	}
}

func text(t *testing.T, r *http.Request) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
