package codepipeline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/smithy-go"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

const (
	account = "000000000000"
	region  = "eu-west-1"
)

var morning = time.Date(2026, 3, 10, 9, 15, 2, 417e6, time.UTC)

// A world is a Service under a clock that tests move, and an SDK client of it.
// Every answer of its API is checked against the service model.
type world struct {
	*sdk.Client
	t       *testing.T
	service *codepipeline.Service
	clock   *clock.Manual
	bus     *bus
	lambda  *functions
	api     *httptest.Server
	control *httptest.Server
}

func newWorld(t *testing.T, change ...func(*codepipeline.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(morning), bus: &bus{}, lambda: &functions{}}
	o := codepipeline.Options{
		Account: account, Region: region, Clock: w.clock, Publisher: w.bus, Invoker: w.lambda,
		Pace: engine.Pace{Min: time.Second, Max: time.Second}, Seed: [32]byte{1},
	}
	for _, f := range change {
		f(&o)
	}
	service, err := codepipeline.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	w.service = service
	w.api = httptest.NewServer(checked(t, service.Handler()))
	w.control = httptest.NewServer(service.Control())
	t.Cleanup(w.api.Close)
	t.Cleanup(w.control.Close)
	w.Client = sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(w.api.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	return w
}

// checked fails the test when an answer of h is not one that the service model
// allows.
func checked(t *testing.T, h http.Handler) http.Handler {
	t.Helper()
	model, err := api.LoadModel()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		op := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "CodePipeline_20150709.")
		var refusal api.Error
		switch {
		case rec.Code == http.StatusOK:
			if err := model.Output(op, rec.Body.Bytes()); err != nil {
				t.Errorf("answer of %s does not fit the model: %v\n%s", op, err, rec.Body)
			}
		case json.Unmarshal(rec.Body.Bytes(), &refusal) != nil || !model.MayAnswer(op, refusal.Type):
			t.Errorf("%s may not answer %d %s", op, rec.Code, rec.Body)
		}
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// eventually polls until ok, for what happens on another goroutine.
func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			w.t.Fatalf("no %s within ten seconds", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// sees waits until the bus has an event that prints as want, for the execution.
func (w *world) sees(id, want string) event {
	w.t.Helper()
	var found event
	w.eventually("event "+want, func() bool {
		for _, e := range w.bus.all() {
			if e.String() == want && e.fields["execution-id"] == id {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

func (w *world) create(d api.Declaration) {
	w.t.Helper()
	if err := w.service.CreatePipeline(d); err != nil {
		w.t.Fatalf("create %s: %v", d.Name, err)
	}
}

func (w *world) start(pipeline string) string {
	w.t.Helper()
	out, err := w.StartPipelineExecution(w.t.Context(), &sdk.StartPipelineExecutionInput{Name: &pipeline})
	if err != nil {
		w.t.Fatalf("start %s: %v", pipeline, err)
	}
	return *out.PipelineExecutionId
}

// pass lets d go by.
func (w *world) pass(d time.Duration) { w.clock.Advance(d) }

func (w *world) status(pipeline, id string) types.PipelineExecutionStatus {
	w.t.Helper()
	out, err := w.GetPipelineExecution(w.t.Context(), &sdk.GetPipelineExecutionInput{PipelineName: &pipeline, PipelineExecutionId: &id})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.PipelineExecution.Status
}

func (w *world) wantStatus(pipeline, id string, want types.PipelineExecutionStatus) {
	w.t.Helper()
	if got := w.status(pipeline, id); got != want {
		w.t.Errorf("execution %s is %s, want %s", id, got, want)
	}
}

func (w *world) stage(pipeline, stage string) types.StageState {
	w.t.Helper()
	out, err := w.GetPipelineState(w.t.Context(), &sdk.GetPipelineStateInput{Name: &pipeline})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range out.StageStates {
		if *s.StageName == stage {
			return s
		}
	}
	w.t.Fatalf("pipeline %s has no stage %s", pipeline, stage)
	return types.StageState{}
}

// token is the token of the approval that waits as the only action of a stage.
func (w *world) token(pipeline, stage string) string {
	w.t.Helper()
	return aws.ToString(w.stage(pipeline, stage).ActionStates[0].LatestExecution.Token)
}

func (w *world) answer(pipeline, stage, action, token string, status types.ApprovalStatus) error {
	_, err := w.PutApprovalResult(w.t.Context(), &sdk.PutApprovalResultInput{
		PipelineName: &pipeline, StageName: &stage, ActionName: &action, Token: &token,
		Result: &types.ApprovalResult{Status: status, Summary: aws.String("as agreed")},
	})
	return err
}

// refused fails the test unless err is the API error of the type kind.
func refused(t *testing.T, err error, kind string) {
	t.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != kind {
		t.Errorf("got error %v, want %s", err, kind)
	}
}

// post sends body to the control API and returns status and answer.
func (w *world) post(path, body string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.control.URL+path, bytes.NewBufferString(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(req)
}

func (w *world) do(req *http.Request) (int, string) {
	w.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(out)
}
