package codepipeline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func inbound(s types.StageState) []string {
	ids := []string{}
	for _, x := range s.InboundExecutions {
		ids = append(ids, *x.PipelineExecutionId)
	}
	return ids
}

func TestStageHoldsOneExecutionAndRunOrdersAscend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, api.Stage{Name: "Build", Actions: []api.Action{
		building("Last", 7), building("Left", 2), building("Right", 2),
	}}))
	first := w.start("orders")
	second := w.start("orders")
	if got := inbound(w.stage("orders", "Source")); !slices.Equal(got, []string{second}) {
		t.Errorf("waiting in front of Source: %v, want %s while %s is inside", got, second, first)
	}
	running := func() []string {
		names := []string{}
		for _, a := range w.stage("orders", "Build").ActionStates {
			if a.LatestExecution != nil && a.LatestExecution.Status == types.ActionExecutionStatusInProgress {
				names = append(names, *a.ActionName)
			}
		}
		return names
	}
	w.pass(time.Second)
	if got := running(); !slices.Equal(got, []string{"Left", "Right"}) {
		t.Errorf("run order 2 runs %v, want Left and Right at once", got)
	}
	w.pass(time.Second)
	if got := running(); !slices.Equal(got, []string{"Last"}) {
		t.Errorf("then %v runs, want Last", got)
	}
	w.pass(time.Minute)
	w.wantStatus("orders", first, types.PipelineExecutionStatusSucceeded)
	w.wantStatus("orders", second, types.PipelineExecutionStatusSucceeded)
}

func TestFailedActionLetsSiblingsFinishAndFreesTheStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, api.Stage{Name: "Build", Actions: []api.Action{
		building("Bad", 1), building("Slow", 1), building("Never", 2),
	}}))
	w.post("/local/codepipeline/orders/Build/Bad", `{"outcome":"Failed","summary":"2 tests failed"}`)
	w.post("/local/codepipeline/orders/Build/Slow", `{"outcome":"Succeeded","delay_ms":10000}`)
	first := w.start("orders")
	w.pass(time.Second)
	second := w.start("orders")
	w.pass(5 * time.Second)
	s := w.stage("orders", "Build")
	if s.LatestExecution.Status != types.StageExecutionStatusInProgress || !slices.Equal(inbound(s), []string{second}) {
		t.Errorf("while a sibling runs the stage is %s with %v waiting; want InProgress, %s", s.LatestExecution.Status, inbound(s), second)
	}
	w.pass(6 * time.Second)
	w.wantStatus("orders", first, types.PipelineExecutionStatusFailed)
	if got := *w.stage("orders", "Build").LatestExecution.PipelineExecutionId; got != second {
		t.Errorf("after the failure %s is in the stage, want the one that waited, %s", got, second)
	}
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{
		PipelineName: aws.String("orders"), Filter: &types.ActionExecutionFilter{PipelineExecutionId: &first},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range out.ActionExecutionDetails {
		got[*a.ActionName] = string(a.Status) + " " + aws.ToString(a.Output.ExecutionResult.ExternalExecutionSummary)
	}
	want := map[string]string{"Source": "Succeeded " + got["Source"][len("Succeeded "):], "Bad": "Failed 2 tests failed", "Slow": "Succeeded "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions differ (-want +got):\n%s", diff)
	}
}

func TestNewcomerSupersedesWhoeverWaitsInFrontOfAStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, gateStage(nil)))
	inside := w.start("orders")
	w.pass(time.Second)
	older := w.start("orders")
	w.pass(time.Second)
	newer := w.start("orders")
	w.wantStatus("orders", older, types.PipelineExecutionStatusInProgress) // an execution in Source supersedes nobody yet
	w.pass(time.Second)
	w.wantStatus("orders", older, types.PipelineExecutionStatusSuperseded)
	w.wantStatus("orders", inside, types.PipelineExecutionStatusInProgress)
	if got := inbound(w.stage("orders", "Gate")); !slices.Equal(got, []string{newer}) {
		t.Errorf("waiting: %v, want %s", got, newer)
	}
	w.sees(older, "Pipeline SUPERSEDED")
}

func TestDisabledTransitionHoldsOnlyTheNewest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	closed := &sdk.DisableStageTransitionInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Build"),
		TransitionType: types.StageTransitionTypeInbound, Reason: aws.String("Freeze until Monday"),
	}
	if _, err := w.DisableStageTransition(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	older := w.start("orders")
	w.pass(time.Second)
	newer := w.start("orders")
	w.pass(time.Minute)
	w.wantStatus("orders", older, types.PipelineExecutionStatusSuperseded)
	s := w.stage("orders", "Build")
	if s.InboundTransitionState.Enabled || *s.InboundTransitionState.DisabledReason != "Freeze until Monday" || s.LatestExecution != nil {
		t.Errorf("stage state %+v, want a closed transition and nobody inside", s.InboundTransitionState)
	}
	_, err := w.EnableStageTransition(t.Context(), &sdk.EnableStageTransitionInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Source"), TransitionType: types.StageTransitionTypeOutbound,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Second)
	w.wantStatus("orders", newer, types.PipelineExecutionStatusSucceeded)
}

func TestQueuedExecutionsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Queued, gateStage(nil)))
	var ids []string
	for range 4 {
		ids = append(ids, w.start("orders"))
		w.pass(time.Millisecond)
	}
	if got := inbound(w.stage("orders", "Source")); !slices.Equal(got, ids[1:]) {
		t.Errorf("queue in front of Source %v, want %v", got, ids[1:])
	}
	w.pass(time.Minute)
	s := w.stage("orders", "Gate")
	if *s.LatestExecution.PipelineExecutionId != ids[0] || !slices.Equal(inbound(s), ids[1:]) || *s.InboundExecution.PipelineExecutionId != ids[1] {
		t.Errorf("gate holds %s and %v wait, want %v in order", *s.LatestExecution.PipelineExecutionId, inbound(s), ids)
	}
	if err := w.answer("orders", "Gate", "Approve", w.token("orders", "Gate"), types.ApprovalStatusApproved); err != nil {
		t.Fatal(err)
	}
	if got := *w.stage("orders", "Gate").LatestExecution.PipelineExecutionId; got != ids[1] {
		t.Errorf("next is %s, want %s", got, ids[1])
	}
}

func TestFiftyConcurrentExecutionsAreTheLimit(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{api.Queued, api.Parallel} {
		w := newWorld(t)
		w.create(line(mode, gateStage(nil)))
		for range 50 {
			w.start("orders")
		}
		_, err := w.StartPipelineExecution(t.Context(), &sdk.StartPipelineExecutionInput{Name: aws.String("orders")})
		refused(t, err, "ConcurrentPipelineExecutionsLimitExceededException")
	}
}

func TestParallelExecutionsHaveNoStateAndDoNotWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strict)
	w.create(line(api.Parallel, gateStage(nil)))
	first, second := w.start("orders"), w.start("orders")
	w.pass(time.Second)
	s := w.stage("orders", "Gate")
	if s.LatestExecution != nil || s.ActionStates[0].LatestExecution != nil || len(s.InboundExecutions) > 0 {
		t.Errorf("a PARALLEL pipeline shows state: %+v", s)
	}
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{
		PipelineName: aws.String("orders"), Filter: &types.ActionExecutionFilter{PipelineExecutionId: &second},
	})
	if err != nil {
		t.Fatal(err)
	}
	token := *out.ActionExecutionDetails[0].Output.ExecutionResult.ExternalExecutionId
	if err := w.answer("orders", "Gate", "Approve", token, types.ApprovalStatusApproved); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", second, types.PipelineExecutionStatusSucceeded)
	w.wantStatus("orders", first, types.PipelineExecutionStatusInProgress)
}

func TestParallelExecutionRunsFiveActionsAtOnce(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]int{api.Parallel: 5, api.Queued: 7} {
		w := newWorld(t)
		var actions []api.Action
		for _, name := range []string{"A", "B", "C", "D", "E", "F", "G"} {
			actions = append(actions, building(name, 1))
		}
		w.create(line(mode, api.Stage{Name: "Build", Actions: actions}))
		id := w.start("orders")
		w.pass(time.Second)
		out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(out.ActionExecutionDetails) - 1; got != want {
			t.Errorf("%s: %d actions run, want %d", mode, got, want)
		}
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
	}
}
