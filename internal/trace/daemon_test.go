package trace_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-xray-sdk-go/v2/xray"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/trace"
)

// daemon keeps what would be sent to X-Ray.
type daemon struct {
	mu   sync.Mutex
	sent []string
}

func (d *daemon) Emit(s *xray.Segment) { // s is locked by the caller
	raw, err := json.Marshal(s)
	if err != nil {
		raw = []byte(err.Error())
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, string(raw))
}

func (*daemon) RefreshEmitterWithAddress(*net.UDPAddr) {}

// only is the one thing that was sent.
func (d *daemon) only(t *testing.T) string {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.sent) != 1 {
		t.Fatalf("%d segments were sent, want 1: %v", len(d.sent), d.sent)
	}
	return d.sent[0]
}

// invocation is a context as aws-lambda-go makes it for a sampled invocation.
func invocation(t *testing.T) (context.Context, *daemon) {
	t.Helper()
	d := &daemon{}
	ctx, err := xray.ContextWithConfig(t.Context(), xray.Config{Emitter: d})
	if err != nil {
		t.Fatal(err)
	}
	const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	return context.WithValue(ctx, xray.LambdaTraceHeaderKey, header), d //nolint:staticcheck // the key is theirs
}

func service(t *testing.T, status int, body string) (*httptest.Server, *http.Header) {
	t.Helper()
	var got http.Header
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s, &got
}

func get(ctx context.Context, t *testing.T, c *http.Client, url string) error {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.Do(r)
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func client(t *testing.T, url string) *codepipeline.Client {
	t.Helper()
	return codepipeline.NewFromConfig(configuration(t, url))
}

// configuration is that of a function, traced, with CodePipeline at url.
func configuration(t *testing.T, url string) aws.Config {
	t.Helper()
	c, err := awsenv.Config(func(name string) string {
		return map[string]string{
			"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL_CODEPIPELINE": url,
		}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	trace.Instrument(&c)
	return c
}

func approval() *codepipeline.PutApprovalResultInput {
	return &codepipeline.PutApprovalResultInput{
		PipelineName: aws.String("p"), StageName: aws.String("s"), ActionName: aws.String("a"), Token: aws.String(secret),
		Result: &types.ApprovalResult{Status: types.ApprovalStatusApproved, Summary: aws.String("")},
	}
}
