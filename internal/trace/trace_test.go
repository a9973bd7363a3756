package trace_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/trace"
)

const secret = "44dd55ee-66ff-47aa-98bb-99ccaaddbbee"

func TestRequestIsTracedWithoutPathQueryOrHeader(t *testing.T) {
	t.Parallel()
	ctx, d := invocation(t)
	s, header := service(t, http.StatusTooManyRequests, "")
	if err := get(ctx, t, trace.HTTPClient("Slack", s.Client()), s.URL+"/"+secret+"?t="+secret); err != nil {
		t.Fatal(err)
	}
	sent := d.only(t)
	for _, want := range []string{`"name":"Slack"`, `"namespace":"remote"`, `"method":"GET"`, `"url":"` + s.URL + `"`, `"status":429`, `"throttle":true`} {
		if !strings.Contains(sent, want) {
			t.Errorf("the trace lacks %s: %s", want, sent)
		}
	}
	if strings.Contains(sent, secret) {
		t.Errorf("the trace holds the secret: %s", sent)
	}
	if got := header.Get("X-Amzn-Trace-Id"); got != "" {
		t.Errorf("the other side was told of the trace: %q", got)
	}
}

func TestFailedRequestIsTracedWithoutItsURL(t *testing.T) {
	t.Parallel()
	ctx, d := invocation(t)
	down := errors.New("dial " + secret)
	c := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, down })}
	if err := get(ctx, t, trace.HTTPClient("Slack", c), "https://hooks.example/"+secret); !errors.Is(err, down) {
		t.Errorf("err = %v, want that of the transport", err)
	}
	if sent := d.only(t); strings.Contains(sent, secret) || !strings.Contains(sent, `"fault":true`) {
		t.Errorf("trace: %s", sent)
	}
}

func TestAWSCallIsTracedWithoutTheTextOfItsError(t *testing.T) {
	t.Parallel()
	ctx, d := invocation(t)
	s, _ := service(t, http.StatusBadRequest, `{"__type":"ValidationException","message":"Value '`+secret+`' at 'token' is wrong"}`)
	_, err := client(t, s.URL).PutApprovalResult(ctx, approval())
	var invalid *types.ValidationException
	if !errors.As(err, &invalid) {
		t.Fatalf("err = %v, want a ValidationException", err)
	}
	sent := d.only(t)
	for _, want := range []string{`"name":"CodePipeline"`, `"operation":"PutApprovalResult"`, `"message":"ValidationException"`} {
		if !strings.Contains(sent, want) {
			t.Errorf("the trace lacks %s: %s", want, sent)
		}
	}
	if strings.Contains(sent, secret) {
		t.Errorf("the trace holds the token: %s", sent)
	}
}

func TestErrorsWithoutACodeAreTracedByTheirKind(t *testing.T) {
	t.Parallel()
	expired, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	left, leave := context.WithCancel(t.Context())
	leave()
	tests := []struct {
		base context.Context
		want string
	}{
		{expired, `"message":"deadline exceeded"`},
		{left, `"message":"canceled"`},
		{t.Context(), `"message":"*errors.errorString"`},
	}
	for _, tt := range tests {
		ctx, d := invocation(t)
		c := configuration(t, "https://codepipeline.example/")
		c.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("dial " + secret)
		})}
		c.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
		_, err := codepipeline.NewFromConfig(c).PutApprovalResult(joined{tt.base, ctx}, approval())
		if err == nil {
			t.Fatal("a call without a connection succeeded")
		}
		if sent := d.only(t); !strings.Contains(sent, tt.want) || strings.Contains(sent, secret) {
			t.Errorf("the trace of %v lacks %s or holds the secret: %s", err, tt.want, sent)
		}
	}
}

// joined ends with one context and has the values of the other.
type joined struct {
	context.Context
	values context.Context
}

func (j joined) Value(key any) any { return j.values.Value(key) }

func TestCallsWithoutATracedInvocationGoOnUntraced(t *testing.T) {
	t.Parallel()
	s, _ := service(t, http.StatusOK, `{"approvedAt":1773134999.5}`)
	if _, err := client(t, s.URL).PutApprovalResult(t.Context(), approval()); err != nil {
		t.Errorf("AWS call: %v", err)
	}
	if err := get(t.Context(), t, trace.HTTPClient("Slack", &http.Client{}), s.URL); err != nil {
		t.Errorf("HTTP request: %v", err)
	}
}

// TestCallsGoOnWhenTracingIsSwitchedOff is not parallel: it sets a variable
// that the SDK reads.
func TestCallsGoOnWhenTracingIsSwitchedOff(t *testing.T) {
	t.Setenv("AWS_XRAY_SDK_DISABLED", "true")
	ctx, d := invocation(t)
	s, _ := service(t, http.StatusOK, `{"approvedAt":1773134999.5}`)
	if _, err := client(t, s.URL).PutApprovalResult(ctx, approval()); err != nil {
		t.Errorf("AWS call: %v", err)
	}
	if err := get(ctx, t, trace.HTTPClient("Slack", &http.Client{}), s.URL); err != nil {
		t.Errorf("HTTP request: %v", err)
	}
	if len(d.sent) != 0 {
		t.Errorf("sent %v", d.sent)
	}
}

func TestManyRequestsAtOnceAreAllTraced(t *testing.T) {
	t.Parallel()
	ctx, d := invocation(t)
	s, _ := service(t, http.StatusOK, "")
	c := trace.HTTPClient("Slack", &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { _ = get(ctx, t, c, s.URL) })
	}
	all.Wait()
	if len(d.sent) != 16 {
		t.Errorf("%d segments were sent, want 16", len(d.sent))
	}
}
