package codepipeline_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// checking is a world whose execution id has reached its Lambda action.
func checking(t *testing.T, answers ...error) (w *world, id string) {
	t.Helper()
	w = newWorld(t)
	w.lambda.answers = answers
	w.create(line(api.Superseded, lambdaStage(), gateStage(map[string]string{"CustomData": "Digest #{Checked.DIGEST}"})))
	id = w.start("orders")
	w.pass(time.Second)
	return w, id
}

func (w *world) succeed(jobID string, in sdk.PutJobSuccessResultInput) error {
	in.JobId = &jobID
	_, err := w.PutJobSuccessResult(w.t.Context(), &in)
	return err
}

func TestLambdaActionEndsAsItsJobSays(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	job := w.job(1)
	if got := job.Data.ActionConfiguration.Configuration["UserParameters"]; !strings.HasPrefix(got, id+" ") || strings.Contains(got, "#{") {
		t.Errorf("UserParameters %q are not resolved", got)
	}
	details, err := w.GetJobDetails(t.Context(), &sdk.GetJobDetailsInput{JobId: &job.ID})
	if err != nil {
		t.Fatal(err)
	}
	where := details.JobDetails.Data.PipelineContext
	if *where.PipelineExecutionId != id || *where.Stage.Name != "Check" || *where.Action.Name != "Check" {
		t.Errorf("job context %+v", where)
	}
	if len(job.Data.InputArtifacts) != 1 || job.Data.InputArtifacts[0].Location.S3Location.BucketName != "artifacts" {
		t.Errorf("input artifacts %+v", job.Data.InputArtifacts)
	}
	err = w.succeed(job.ID, sdk.PutJobSuccessResultInput{
		ExecutionDetails: &types.ExecutionDetails{Summary: aws.String("No findings"), ExternalExecutionId: aws.String("scan-1")},
		OutputVariables:  map[string]string{"DIGEST": "sha256:4b1f"},
	})
	if err != nil {
		t.Fatal(err)
	}
	result, _ := w.sees(id, "Action Check Check SUCCEEDED").fields["execution-result"].(map[string]any)
	if result["external-execution-summary"] != "No findings" || result["external-execution-id"] != "scan-1" {
		t.Errorf("execution-result %v", result)
	}
	refused(t, w.succeed(job.ID, sdk.PutJobSuccessResultInput{}), "InvalidJobStateException")
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.ActionExecutionDetails[0].Input.ResolvedConfiguration["CustomData"]; got != "Digest sha256:4b1f" {
		t.Errorf("the job's variable gave %q", got)
	}
}

func TestLambdaActionFailsAsItsJobSays(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	job := w.job(1)
	_, err := w.PutJobFailureResult(t.Context(), &sdk.PutJobFailureResultInput{
		JobId: &job.ID, FailureDetails: &types.FailureDetails{Type: types.FailureTypeJobFailed, Message: aws.String("2 CRITICAL findings")},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	details := w.stage("orders", "Check").ActionStates[0].LatestExecution.ErrorDetails
	if *details.Code != "JobFailed" || *details.Message != "2 CRITICAL findings" {
		t.Errorf("error details %+v", details)
	}
	if err := w.retry("Check", id, types.StageRetryModeFailedActions); err != nil {
		t.Fatal(err)
	}
	if again := w.job(2); again.ID == job.ID || again.ID == "" {
		t.Errorf("the retried action has job %q, the first was %q", again.ID, job.ID)
	}
}

func TestLambdaActionWithoutReplyFailsAfterTwentyMinutes(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	w.job(1)
	w.pass(20*time.Minute - time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress)
	w.pass(time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	if got := *w.stage("orders", "Check").ActionStates[0].LatestExecution.Summary; !strings.Contains(got, "gate failed to return a result") {
		t.Errorf("summary %q", got)
	}
}

func TestContinuationTokenInvokesAgainAndRestartsTheClock(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	former := w.job(1)
	for n := range 3 {
		w.pass(15 * time.Minute)
		token := fmt.Sprint("step ", n)
		refused(t, w.succeed(former.ID, sdk.PutJobSuccessResultInput{
			ContinuationToken: &token, OutputVariables: map[string]string{"A": "b"},
		}), "ValidationException")
		if err := w.succeed(former.ID, sdk.PutJobSuccessResultInput{ContinuationToken: &token}); err != nil {
			t.Fatal(err)
		}
		w.pass(30 * time.Second)
		next := w.job(n + 2)
		if next.Data.ContinuationToken != token || next.ID == former.ID {
			t.Errorf("continued job %q with token %q, want a new one with %q", next.ID, next.Data.ContinuationToken, token)
		}
		refused(t, w.succeed(former.ID, sdk.PutJobSuccessResultInput{}), "InvalidJobStateException")
		former = next
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress)
	w.pass(20 * time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
}

func TestContinuedLambdaActionEndsAfterADay(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	job := w.job(1)
	for n := range 100 {
		if w.status("orders", id) == types.PipelineExecutionStatusFailed {
			if n < 70 || n > 80 { // 24 hours in steps of 19 minutes
				t.Errorf("failed after %d continuations", n)
			}
			return
		}
		if err := w.succeed(job.ID, sdk.PutJobSuccessResultInput{ContinuationToken: aws.String("more")}); err != nil {
			t.Fatal(err)
		}
		w.pass(30 * time.Second)
		job = w.job(n + 2)
		w.pass(18*time.Minute + 30*time.Second)
	}
	t.Error("still running after more than a day")
}

func TestFailingHandlerIsInvokedTwiceMoreWithTheSameJob(t *testing.T) {
	t.Parallel()
	broken := errors.New("exit status 1")
	w, id := checking(t, broken, broken, broken, broken)
	first := w.job(1)
	// The outcome of an invocation is told on another goroutine, so let the
	// clock owe the repetition before it moves: the job's own clock and it.
	owed := func() bool { return w.clock.Pending() == 2 }
	w.eventually("first repetition", owed)
	w.pass(time.Minute)
	second := w.job(2)
	w.eventually("second repetition", owed)
	w.pass(2 * time.Minute)
	third := w.job(3)
	if first.ID != second.ID || second.ID != third.ID {
		t.Errorf("jobs %s, %s, %s; want the same", first.ID, second.ID, third.ID)
	}
	w.pass(16 * time.Minute)
	w.lambda.mu.Lock()
	n := len(w.lambda.payloads)
	w.lambda.mu.Unlock()
	if n != 3 {
		t.Errorf("%d invocations, want 3", n)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress) // a late reply would still count
	if err := w.succeed(first.ID, sdk.PutJobSuccessResultInput{}); err != nil {
		t.Fatal(err)
	}
}

func TestFunctionThatCannotBeInvokedFailsItsAction(t *testing.T) {
	t.Parallel()
	w, id := checking(t, fmt.Errorf("%w: there is no function gate", codepipeline.ErrNotInvoked))
	w.sees(id, "Action Check Check FAILED")
	if got := *w.stage("orders", "Check").ActionStates[0].LatestExecution.Summary; !strings.Contains(got, "no function gate") {
		t.Errorf("summary %q", got)
	}
	quiet := newWorld(t, func(o *codepipeline.Options) { o.Invoker = nil })
	quiet.create(line(api.Superseded, lambdaStage()))
	other := quiet.start("orders")
	quiet.pass(time.Second)
	quiet.sees(other, "Pipeline FAILED")
}

func TestAbandonedLambdaActionTakesNoReply(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	job := w.job(1)
	if err := w.stop(id, true); err != nil {
		t.Fatal(err)
	}
	refused(t, w.succeed(job.ID, sdk.PutJobSuccessResultInput{}), "InvalidJobStateException")
	refused(t, w.succeed("00000000-0000-4000-8000-000000000000", sdk.PutJobSuccessResultInput{}), "JobNotFoundException")
}

func TestTooManyOutputVariablesAreRefused(t *testing.T) {
	t.Parallel()
	w, _ := checking(t)
	err := w.succeed(w.job(1).ID, sdk.PutJobSuccessResultInput{
		OutputVariables: map[string]string{"BIG": strings.Repeat("x", 122_880)},
	})
	refused(t, err, "OutputVariablesSizeExceededException")
}

func TestVariableThatNobodyProducedFailsItsAction(t *testing.T) {
	t.Parallel()
	w, id := checking(t)
	if err := w.succeed(w.job(1).ID, sdk.PutJobSuccessResultInput{}); err != nil {
		t.Fatal(err)
	}
	w.pass(0)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	details := w.stage("orders", "Gate").ActionStates[0].LatestExecution.ErrorDetails
	if *details.Code != "ConfigurationError" || !strings.Contains(*details.Message, "#{Checked.DIGEST}") {
		t.Errorf("error details %s: %s", *details.Code, *details.Message)
	}
}

func TestDeletedPipelineLeavesNoJobAndNoTimer(t *testing.T) {
	t.Parallel()
	w, _ := checking(t)
	job := w.job(1)
	if _, err := w.DeletePipeline(t.Context(), &sdk.DeletePipelineInput{Name: aws.String("orders")}); err != nil {
		t.Fatal(err)
	}
	refused(t, w.succeed(job.ID, sdk.PutJobSuccessResultInput{}), "JobNotFoundException")
	if n := w.clock.Pending(); n > 0 {
		t.Errorf("%d timers are left", n)
	}
}
