package codepipeline_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func TestEventsArriveInTheOrderOfWhatHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	id := w.start("orders")
	w.pass(time.Minute)
	w.sees(id, "Pipeline SUCCEEDED")
	var got []string
	for _, e := range w.bus.all() {
		got = append(got, e.String())
	}
	want := []string{
		"Pipeline STARTED", "Stage Source STARTED", "Action Source Source STARTED",
		"Action Source Source SUCCEEDED", "Stage Source SUCCEEDED", "Stage Build STARTED", "Action Build Build STARTED",
		"Action Build Build SUCCEEDED", "Stage Build SUCCEEDED", "Pipeline SUCCEEDED",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events differ (-want +got):\n%s", diff)
	}
}

func TestEventIsTriedAgainWhenTheBusRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bus.refuse = 2
	w.create(line(api.Superseded, buildStage()))
	id := w.start("orders")
	w.sees(id, "Pipeline STARTED")
	if got := w.bus.all()[0].String(); got != "Pipeline STARTED" {
		t.Errorf("first event is %s: the order changed", got)
	}
}

// hanging is a bus that answers only when its caller gives up.
type hanging struct{ called chan struct{} }

func (h hanging) Publish(ctx context.Context, _ codepipeline.Event) error {
	select {
	case h.called <- struct{}{}:
	default:
	}
	<-ctx.Done()
	return ctx.Err()
}

func TestHangingBusHoldsUpNeitherThePipelineNorClose(t *testing.T) {
	t.Parallel()
	h := hanging{make(chan struct{}, 1)}
	w := newWorld(t, func(o *codepipeline.Options) { o.Publisher = h })
	w.create(line(api.Superseded, buildStage()))
	id := w.start("orders")
	<-h.called
	w.pass(time.Minute)
	w.wantStatus("orders", id, "Succeeded")
	begun := time.Now()
	w.service.Close()
	w.service.Close()
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("Close took %s", took)
	}
}

func TestEventsBeyondTenThousandAreLostWithAWord(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	h := hanging{make(chan struct{}, 1)}
	w := newWorld(t, func(o *codepipeline.Options) {
		o.Publisher, o.Log = h, slog.New(slog.NewTextHandler(&log, nil))
	})
	w.create(line(api.Superseded, buildStage()))
	h.wait(t, w)
	for range 5_100 { // each supersedes the one before: two events
		w.post("/local/codepipeline/orders/start", ``)
	}
	w.service.Close()
	if !strings.Contains(log.String(), "event lost: too many wait for the bus") {
		t.Error("nothing was lost or nothing was said")
	}
}

// wait starts an execution and returns once the bus hangs.
func (h hanging) wait(t *testing.T, w *world) {
	t.Helper()
	w.start("orders")
	<-h.called
}

// slow is a function that ends only when its caller gives up.
type slow struct{ called chan struct{} }

func (s slow) Invoke(ctx context.Context, _ string, _ []byte) error {
	close(s.called)
	<-ctx.Done()
	return ctx.Err()
}

func TestCloseEndsRunningInvocations(t *testing.T) {
	t.Parallel()
	s := slow{make(chan struct{})}
	w := newWorld(t, func(o *codepipeline.Options) { o.Invoker = s })
	w.create(line(api.Superseded, lambdaStage()))
	w.start("orders")
	w.pass(time.Second)
	<-s.called
	w.service.Close()
	w.pass(time.Hour) // no timer is left that could change anything
	if got := w.stage("orders", "Check").ActionStates[0].LatestExecution.Status; got != "InProgress" {
		t.Errorf("after Close the action is %s", got)
	}
}

// serving answers every request with a status, headers and a body.
func serving(t *testing.T, status int, headers map[string]string, body string) (url string, got *strings.Builder) {
	t.Helper()
	got = &strings.Builder{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, _ := io.ReadAll(r.Body)
		got.Write(in)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		for k, v := range headers {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

var keys = credentials.NewStaticCredentialsProvider("test", "test", "")

func TestLambdaTellsMissingFunctionsFromFailingOnes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		status  int
		headers map[string]string
		fails   bool
		refused bool
	}{
		{"returned", 200, nil, false, false},
		{"handler failed", 200, map[string]string{"X-Amz-Function-Error": "Unhandled"}, true, false},
		{"no such function", 404, map[string]string{"X-Amzn-ErrorType": "ResourceNotFoundException"}, true, true},
		{"lambda broke", 500, nil, true, false},
	}
	for _, tt := range tests {
		url, got := serving(t, tt.status, tt.headers, `{}`)
		l := codepipeline.NewLambda(lambda.New(lambda.Options{Region: region, BaseEndpoint: aws.String(url), Credentials: keys}))
		err := l.Invoke(t.Context(), "gate", []byte(`{"CodePipeline.job":{"secret":1}}`))
		if (err != nil) != tt.fails || errors.Is(err, codepipeline.ErrNotInvoked) != tt.refused {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error repeats the payload", tt.name)
		}
		if got.String() != `{"CodePipeline.job":{"secret":1}}` {
			t.Errorf("%s: sent %s", tt.name, got)
		}
	}
}
