package operate_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	local "github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/pipeline/operate"
	"github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
)

const (
	account = "111122223333"
	region  = "eu-west-1"
	slow    = time.Minute // longer than any execution of the demo that nobody answers
)

// A yard is a CodePipeline that runs the pipelines of the demo under a clock
// that the test moves.
type yard struct {
	*operate.Client
	sdk   *codepipeline.Client
	clock *clock.Manual
}

func newYard(t *testing.T) yard {
	t.Helper()
	y := yard{clock: clock.NewManual(time.Date(2026, 3, 10, 9, 15, 0, 0, time.UTC))}
	service, err := local.New(t.Context(), local.Options{
		Account: account, Region: region, Clock: y.clock, Strict: true,
		Pace: engine.Pace{Min: time.Second, Max: time.Second}, Seed: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	for _, d := range local.Demo(account, region) {
		if err := service.CreatePipeline(d); err != nil {
			t.Fatal(err)
		}
	}
	web := httptest.NewServer(service.Handler())
	t.Cleanup(web.Close)
	y.sdk = codepipeline.New(codepipeline.Options{
		Region: region, BaseEndpoint: aws.String(web.URL), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	y.Client = operate.New(func(p pipeline.Place) (operate.Calls, error) {
		if p.Account != account {
			return operate.Calls{}, errors.New("no way there")
		}
		return operate.CallsOf(y.sdk), nil
	})
	return y
}

// release runs an execution of payments and answers all of its approvals.
func (y yard) release(t *testing.T, answer types.ApprovalStatus) release.ExecutionID {
	t.Helper()
	out, err := y.sdk.StartPipelineExecution(t.Context(), &codepipeline.StartPipelineExecutionInput{Name: aws.String("payments")})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		y.clock.Advance(slow)
		y.answer(t, answer)
	}
	y.clock.Advance(slow)
	return release.ExecutionID{Account: account, Region: region, Pipeline: "payments", ID: aws.ToString(out.PipelineExecutionId)}
}

// answer answers what waits.
func (y yard) answer(t *testing.T, answer types.ApprovalStatus) {
	t.Helper()
	state, err := y.sdk.GetPipelineState(t.Context(), &codepipeline.GetPipelineStateInput{Name: aws.String("payments")})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range state.StageStates {
		for _, a := range s.ActionStates {
			if a.LatestExecution == nil || a.LatestExecution.Token == nil {
				continue
			}
			_, err := y.sdk.PutApprovalResult(t.Context(), &codepipeline.PutApprovalResultInput{
				PipelineName: aws.String("payments"), StageName: s.StageName, ActionName: a.ActionName, Token: a.LatestExecution.Token,
				Result: &types.ApprovalResult{Status: answer, Summary: aws.String("by the test")},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (y yard) status(t *testing.T, id release.ExecutionID) types.PipelineExecutionStatus {
	t.Helper()
	out, err := y.sdk.GetPipelineExecution(t.Context(), &codepipeline.GetPipelineExecutionInput{
		PipelineName: aws.String(id.Pipeline), PipelineExecutionId: aws.String(id.ID),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.PipelineExecution.Status
}

func TestRetry(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := y.release(t, types.ApprovalStatusRejected)
	if got := y.status(t, id); got != types.PipelineExecutionStatusFailed {
		t.Fatalf("after a rejection it is %s", got)
	}
	if err := y.Retry(t.Context(), id, "Approval", true); err != nil {
		t.Fatal(err)
	}
	if got := y.status(t, id); got != types.PipelineExecutionStatusInProgress {
		t.Errorf("after a retry it is %s", got)
	}
	if err := y.Retry(t.Context(), id, "Approval", false); !errors.Is(err, queue.ErrTooLate) {
		t.Errorf("a second retry: %v, want ErrTooLate", err)
	}
	id.ID = "00000000-0000-4000-8000-000000000000"
	if err := y.Retry(t.Context(), id, "Approval", false); !errors.Is(err, queue.ErrTooLate) {
		t.Errorf("of an execution that is not there: %v, want ErrTooLate", err)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	out, err := y.sdk.StartPipelineExecution(t.Context(), &codepipeline.StartPipelineExecutionInput{Name: aws.String("payments")})
	if err != nil {
		t.Fatal(err)
	}
	id := release.ExecutionID{Account: account, Region: region, Pipeline: "payments", ID: aws.ToString(out.PipelineExecutionId)}
	long := strings.Repeat("é", 300)
	for range 2 { // the second time it is stopping already
		if err := y.Stop(t.Context(), id, "Stopped by Dana "+long); err != nil {
			t.Fatal(err)
		}
	}
	y.clock.Advance(slow)
	if got := y.status(t, id); got != types.PipelineExecutionStatusStopped {
		t.Fatalf("it is %s", got)
	}
	if err := y.Stop(t.Context(), id, "again"); !errors.Is(err, queue.ErrTooLate) {
		t.Errorf("of a stopped execution: %v, want ErrTooLate", err)
	}
}

func TestRollBack(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	bad := y.release(t, types.ApprovalStatusRejected)
	if target, err := y.RollBack(t.Context(), bad, "Production"); !errors.Is(err, queue.ErrNotFound) {
		t.Errorf("to nothing: %q, %v, want ErrNotFound", target, err)
	}
	good := y.release(t, types.ApprovalStatusApproved)
	if got := y.status(t, good); got != types.PipelineExecutionStatusSucceeded {
		t.Fatalf("the good one is %s", got)
	}
	newer := y.release(t, types.ApprovalStatusApproved)
	target, err := y.RollBack(t.Context(), newer, "Production")
	if err != nil || target != good.ID {
		t.Fatalf("rolled back to %q (%v), want %q", target, err, good.ID)
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := release.ExecutionID{Account: "999999999999", Region: region, Pipeline: "payments", ID: "e1"}
	for name, do := range map[string]func() error{
		"retry":     func() error { return y.Retry(t.Context(), id, "Build", false) },
		"stop":      func() error { return y.Stop(t.Context(), id, "") },
		"roll back": func() error { _, err := y.RollBack(t.Context(), id, "Build"); return err },
	} {
		if err := do(); err == nil {
			t.Errorf("%s in an account without a way there says nothing", name)
		}
	}
}

// What may go away is told apart from what will not.
func TestBusy(t *testing.T) {
	t.Parallel()
	for _, answer := range []error{&types.ConflictException{}, &types.ConcurrentPipelineExecutionsLimitExceededException{}} {
		c := operate.New(func(pipeline.Place) (operate.Calls, error) {
			return operate.Calls{RetryStageExecution: func(ctx context.Context, _ *codepipeline.RetryStageExecutionInput, _ ...func(*codepipeline.Options)) (*codepipeline.RetryStageExecutionOutput, error) {
				if _, bounded := ctx.Deadline(); !bounded {
					t.Error("the call has no time-out")
				}
				return nil, answer
			}}, nil
		})
		if err := c.Retry(t.Context(), release.ExecutionID{}, "Build", false); !errors.Is(err, queue.ErrBusy) {
			t.Errorf("%T: %v, want ErrBusy", answer, err)
		}
	}
}
