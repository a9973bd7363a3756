package pipeline_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
	local "github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/pipeline"
)

// A world is a CodePipeline that runs the pipelines of the demo under a clock
// that the test moves. It is strict: tokens are not action execution ids.
type world struct {
	*pipeline.Client
	sdk   *codepipeline.Client
	clock *clock.Manual
	begun time.Time
}

func newWorld(t *testing.T, mode string) world {
	t.Helper()
	w := world{begun: time.Date(2026, 3, 10, 9, 15, 0, 0, time.UTC)}
	w.clock = clock.NewManual(w.begun)
	service, err := local.New(t.Context(), local.Options{
		Account: "111122223333", Region: "eu-west-1", Clock: w.clock, Strict: true,
		Pace: engine.Pace{Min: time.Second, Max: time.Second}, Seed: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	for _, d := range local.Demo("111122223333", "eu-west-1") {
		d.ExecutionMode = mode
		if err := service.CreatePipeline(d); err != nil {
			t.Fatal(err)
		}
	}
	web := httptest.NewServer(service.Handler())
	t.Cleanup(web.Close)
	w.sdk = codepipeline.New(codepipeline.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(web.URL),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	w.Client = pipeline.New(pipeline.CallsOf(w.sdk))
	return w
}

// start begins an execution of payments and returns its approval action.
func (w world) start(t *testing.T) approval.Action {
	t.Helper()
	out, err := w.sdk.StartPipelineExecution(t.Context(), &codepipeline.StartPipelineExecutionInput{Name: aws.String("payments")})
	if err != nil {
		t.Fatal(err)
	}
	return approval.Action{
		Account: "111122223333", Region: "eu-west-1", Pipeline: "payments", ExecutionID: *out.PipelineExecutionId,
		Stage: "Approval", Name: "ApproveRelease",
	}
}

// reach lets the execution run up to its approval and reads what waits.
func (w world) reach(t *testing.T) approval.Request {
	t.Helper()
	a := w.start(t)
	w.clock.Advance(time.Minute)
	return w.request(t, a)
}

func (w world) request(t *testing.T, a approval.Action) approval.Request {
	t.Helper()
	waiting, err := w.Waiting(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	r := decided(approval.Approved, approval.Approve)
	r.Waiting = waiting
	return r
}

func (w world) wantEnding(t *testing.T, r approval.Request, want approval.How) approval.Ending {
	t.Helper()
	got, over, err := w.Ending(t.Context(), r)
	if err != nil || !over || got.How != want {
		t.Errorf("Ending = %s, %v, %v; want %s", got.How, over, err, want)
	}
	return got
}

func TestApprovalIsReadAnsweredAndOverOnALocalCodePipeline(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{api.Superseded, api.Queued, api.Parallel} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mode)
			a := w.start(t)
			if _, err := w.Waiting(t.Context(), a); !errors.Is(err, approval.ErrTooEarly) {
				t.Errorf("Waiting before the approval has started = %v, want ErrTooEarly", err)
			}
			w.clock.Advance(time.Minute)
			r := w.request(t, a)
			if len(r.Revisions) != 1 || r.Revisions[0].Author == "" || strings.HasPrefix(r.Revisions[0].Summary, "{") || len(r.Revisions[0].ID) != 40 {
				t.Errorf("revisions: %+v", r.Revisions)
			}
			if !strings.Contains(r.CustomData, r.Revisions[0].ID) || !strings.HasSuffix(r.ReviewURL, a.ExecutionID) {
				t.Errorf("texts with variables filled in: %q, %q", r.CustomData, r.ReviewURL)
			}
			if wait := r.ExpiresAt.Sub(r.StartedAt); wait != 7*24*time.Hour || r.StartedAt.Before(w.begun) {
				t.Errorf("started %v, waits %v; want seven days", r.StartedAt, wait)
			}
			if _, over, err := w.Ending(t.Context(), r); over || err != nil {
				t.Errorf("Ending while it waits = %v, %v", over, err)
			}
			if err := w.Resolve(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if err := w.Resolve(t.Context(), r); !errors.Is(err, approval.ErrNotWaiting) {
				t.Errorf("second Resolve = %v, want ErrNotWaiting", err)
			}
			if e := w.wantEnding(t, r, approval.EndedApproved); e.Summary != approval.Summary(r) || e.By == "" {
				t.Errorf("ending: %+v", e)
			}
			if _, err := w.Waiting(t.Context(), a); !errors.Is(err, approval.ErrNotWaiting) {
				t.Errorf("Waiting after the answer = %v, want ErrNotWaiting", err)
			}
		})
	}
}

func TestRetriedApprovalIsAnotherAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, api.Superseded)
	first := w.reach(t)
	first.State, first.Vote.Verdict = approval.Rejected, approval.Reject
	if err := w.Resolve(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	_, err := w.sdk.RetryStageExecution(t.Context(), &codepipeline.RetryStageExecutionInput{
		PipelineName: aws.String("payments"), StageName: aws.String("Approval"),
		PipelineExecutionId: aws.String(first.ExecutionID), RetryMode: types.StageRetryModeFailedActions,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	second := w.request(t, first.Action)
	if second.Token == first.Token || second.ActionExecutionID == first.ActionExecutionID || approval.RequestID(second.Waiting) == approval.RequestID(first.Waiting) {
		t.Errorf("the second attempt looks like the first: %s", second.ActionExecutionID)
	}
	if err := w.Resolve(t.Context(), first); !errors.Is(err, approval.ErrNotWaiting) {
		t.Errorf("answer to the first attempt = %v, want ErrNotWaiting", err)
	}
	w.wantEnding(t, first, approval.EndedRejected)
	if _, over, err := w.Ending(t.Context(), second); over || err != nil {
		t.Errorf("Ending of the second attempt = %v, %v; want that it waits", over, err)
	}
}

func TestUnansweredAndStoppedApprovalsAreToldApart(t *testing.T) {
	t.Parallel()
	late := newWorld(t, api.Superseded)
	r := late.reach(t)
	late.clock.Advance(7 * 24 * time.Hour)
	late.wantEnding(t, r, approval.EndedTimedOut)
	if err := late.Resolve(t.Context(), r); !errors.Is(err, approval.ErrNotWaiting) {
		t.Errorf("answer after the deadline = %v, want ErrNotWaiting", err)
	}

	stopped := newWorld(t, api.Superseded)
	r = stopped.reach(t)
	_, err := stopped.sdk.StopPipelineExecution(t.Context(), &codepipeline.StopPipelineExecutionInput{
		PipelineName: aws.String("payments"), PipelineExecutionId: aws.String(r.ExecutionID), Abandon: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	stopped.clock.Advance(time.Second)
	stopped.wantEnding(t, r, approval.EndedAbandoned)
	if _, err := stopped.Waiting(t.Context(), r.Action); !errors.Is(err, approval.ErrNotWaiting) {
		t.Errorf("Waiting after the stop = %v, want ErrNotWaiting", err)
	}
}

func TestExecutionBehindAWaitingOneIsTooEarly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, api.Superseded)
	first := w.reach(t)
	behind := w.start(t)
	w.clock.Advance(time.Minute)
	if _, err := w.Waiting(t.Context(), behind); !errors.Is(err, approval.ErrTooEarly) {
		t.Errorf("Waiting of the second execution = %v, want ErrTooEarly", err)
	}
	if err := w.Resolve(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	if second := w.request(t, behind); second.Token == first.Token {
		t.Error("two executions share a token")
	}
}
