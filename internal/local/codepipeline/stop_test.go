package codepipeline_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func (w *world) stop(id string, abandon bool) error {
	_, err := w.StopPipelineExecution(w.t.Context(), &sdk.StopPipelineExecutionInput{
		PipelineName: aws.String("orders"), PipelineExecutionId: &id, Abandon: abandon, Reason: aws.String("Wrong release branch"),
	})
	return err
}

func (w *world) retry(stage, id string, mode types.StageRetryMode) error {
	_, err := w.RetryStageExecution(w.t.Context(), &sdk.RetryStageExecutionInput{
		PipelineName: aws.String("orders"), StageName: &stage, PipelineExecutionId: &id, RetryMode: mode,
	})
	return err
}

func TestStopAndWaitEndsStoppedHoweverTheActionEnds(t *testing.T) {
	t.Parallel()
	for _, outcome := range []string{"Succeeded", "Failed"} {
		w := newWorld(t)
		w.create(line(api.Superseded, buildStage(), gateStage(nil)))
		w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"`+outcome+`"}`)
		id := w.start("orders")
		w.pass(1500 * time.Millisecond)
		if err := w.stop(id, false); err != nil {
			t.Fatal(err)
		}
		refused(t, w.stop(id, false), "DuplicatedStopRequestException")
		w.wantStatus("orders", id, types.PipelineExecutionStatusStopping)
		w.pass(time.Second)
		w.wantStatus("orders", id, types.PipelineExecutionStatusStopped)
		refused(t, w.stop(id, false), "PipelineExecutionNotStoppableException")
		if e := w.sees(id, "Pipeline STOPPING"); e.fields["stop-execution-comments"] != "Wrong release branch" {
			t.Errorf("STOPPING event %v lacks the reason", e.fields)
		}
		if err := w.retry("Build", id, types.StageRetryModeFailedActions); err != nil {
			t.Fatalf("retry after a stop: %v", err)
		}
		w.pass(2 * time.Second)
		if got := w.stage("orders", "Gate").LatestExecution; got == nil || *got.PipelineExecutionId != id {
			t.Errorf("after the retry the gate has %v, want %s", got, id)
		}
	}
}

func TestAbandonedApprovalIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, gateStage(nil)))
	id := w.start("orders")
	w.pass(time.Second)
	token := w.token("orders", "Gate")
	if err := w.stop(id, false); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusStopping)
	if err := w.stop(id, true); err != nil {
		t.Fatalf("abandon after stop-and-wait: %v", err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusStopped)
	a := w.stage("orders", "Gate").ActionStates[0].LatestExecution
	if a.Status != types.ActionExecutionStatusAbandoned || a.Token != nil {
		t.Errorf("action is %s with token %v, want Abandoned without", a.Status, a.Token)
	}
	refused(t, w.answer("orders", "Gate", "Approve", token, types.ApprovalStatusApproved), "InvalidApprovalTokenException")
	w.sees(id, "Action Gate Approve ABANDONED")
	w.sees(id, "Stage Gate STOPPED")
	if err := w.retry("Gate", id, types.StageRetryModeAllActions); err != nil {
		t.Errorf("retry after abandoning: %v", err)
	}
}

func TestStoppedInboundExecutionIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	_, err := w.DisableStageTransition(t.Context(), &sdk.DisableStageTransitionInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Build"),
		TransitionType: types.StageTransitionTypeInbound, Reason: aws.String("hold"),
	})
	if err != nil {
		t.Fatal(err)
	}
	id := w.start("orders")
	w.pass(time.Second)
	if err := w.stop(id, false); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusStopped)
	refused(t, w.retry("Build", id, types.StageRetryModeFailedActions), "NotLatestPipelineExecutionException")
	_, err = w.EnableStageTransition(t.Context(), &sdk.EnableStageTransitionInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Build"), TransitionType: types.StageTransitionTypeInbound,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	if s := w.stage("orders", "Build"); s.LatestExecution != nil {
		t.Errorf("the stopped execution entered the stage: %+v", s.LatestExecution)
	}
}

func TestRetryKeepsTheExecutionAndIsRefusedWhileNothingFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, api.Stage{Name: "Build", Actions: []api.Action{
		building("Good", 1), building("Bad", 1), building("After", 2),
	}}))
	w.post("/local/codepipeline/orders/Build/Bad", `{"outcome":"Failed"}`)
	id := w.start("orders")
	w.pass(time.Second)
	refused(t, w.retry("Build", id, types.StageRetryModeFailedActions), "StageNotRetryableException")
	w.pass(time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	if err := w.retry("Build", id, types.StageRetryModeFailedActions); err != nil {
		t.Fatal(err)
	}
	refused(t, w.retry("Build", id, types.StageRetryModeFailedActions), "StageNotRetryableException")
	if e := w.sees(id, "Stage Build RESUMED"); e.fields["pipeline-execution-attempt"] != 2.0 || e.fields["start-time"] != nil ||
		e.fields["stage-last-retry-attempt-time"] == nil {
		t.Errorf("RESUMED event %s", e.Detail)
	}
	w.pass(2 * time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
	count := map[string]int{}
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range out.ActionExecutionDetails {
		count[*a.ActionName]++
	}
	if count["Good"] != 1 || count["Bad"] != 2 || count["After"] != 1 {
		t.Errorf("attempts %v, want Bad twice and the others once", count)
	}
	refused(t, w.retry("Build", id, types.StageRetryModeAllActions), "StageNotRetryableException")
}

func TestRetryIsPossibleWhileSiblingsOfTheFailureRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, api.Stage{Name: "Build", Actions: []api.Action{building("Bad", 1), building("Slow", 1)}}))
	w.post("/local/codepipeline/orders/Build/Bad", `{"outcome":"Failed"}`)
	w.post("/local/codepipeline/orders/Build/Slow", `{"outcome":"Succeeded","delay_ms":5000}`)
	id := w.start("orders")
	w.pass(2500 * time.Millisecond)
	if err := w.retry("Build", id, types.StageRetryModeFailedActions); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
}

func TestRetryIsRefusedOnceAnotherExecutionEntered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Failed"}`)
	first := w.start("orders")
	w.pass(1100 * time.Millisecond)
	w.start("orders")
	w.pass(time.Second)
	w.wantStatus("orders", first, types.PipelineExecutionStatusFailed)
	w.pass(time.Second)
	refused(t, w.retry("Build", first, types.StageRetryModeFailedActions), "NotLatestPipelineExecutionException")
}
