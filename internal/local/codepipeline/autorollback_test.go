package codepipeline_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func TestFailedStageIsRolledBackBeforeWhoeverWaitsEnters(t *testing.T) {
	t.Parallel()
	ring := &api.FailureConditions{Conditions: given("ROLLBACK", alarm()).Conditions}
	for name, stage := range map[string]api.Stage{
		"on failure":        guarded(func(s *api.Stage) { s.OnFailure = &api.FailureConditions{Result: api.Rollback} }),
		"failure condition": guarded(func(s *api.Stage) { s.OnFailure = ring }),
		"result of onFailure": guarded(func(s *api.Stage) {
			s.OnFailure = &api.FailureConditions{Result: api.Rollback, Conditions: []api.Condition{{Rules: []api.Rule{alarm()}}}}
		}),
	} {
		w := newWorld(t)
		w.create(line(api.Queued, stage))
		w.setAlarm("ALARM")
		target := w.ran("Succeeded")
		w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Failed"}`)
		bad := w.start("orders")
		w.pass(1500 * time.Millisecond)
		waits := w.start("orders")
		w.pass(600 * time.Millisecond)
		w.wantStatus("orders", bad, types.PipelineExecutionStatusFailed)
		id := w.newest()
		got := w.get(id)
		if got.Trigger.TriggerType != types.TriggerTypeAutomatedRollback || *got.Trigger.TriggerDetail != bad ||
			*got.RollbackMetadata.RollbackTargetPipelineExecutionId != target {
			t.Fatalf("%s: after the failure the newest is %s by %+v", name, id, got.Trigger)
		}
		w.pass(600 * time.Millisecond)
		s := w.stage("orders", "Build")
		if *s.LatestExecution.PipelineExecutionId != id || len(s.InboundExecutions) != 1 {
			t.Errorf("%s: the stage holds %s and %v wait, want %s first", name, *s.LatestExecution.PipelineExecutionId, inbound(s), id)
		}
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
		w.wantStatus("orders", waits, types.PipelineExecutionStatusSucceeded)
	}
}

func TestFailureConditionThatIsNotMetLeavesTheStageFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) {
		s.OnFailure = &api.FailureConditions{Conditions: given("ROLLBACK", alarm()).Conditions}
	})))
	w.setAlarm("OK")
	w.ran("Succeeded")
	w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Failed"}`)
	bad := w.ran("Failed")
	wantCondition(t, w.stage("orders", "Build").OnFailureConditionState, "Failed", "in state OK")
	if got := w.newest(); got != bad {
		t.Errorf("%s was started all the same", got)
	}
}

func TestSuccessConditionRollsTheStageBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) { s.OnSuccess = given("ROLLBACK", alarm("WaitTime", "5", "AlarmStates", "OK")) })))
	w.setAlarm("OK")
	target := w.ran("Succeeded")
	w.setAlarm("ALARM")
	bad := w.ran("InProgress")
	w.pass(5 * time.Minute)
	w.wantStatus("orders", bad, types.PipelineExecutionStatusFailed)
	back := w.get(w.newest())
	if *back.RollbackMetadata.RollbackTargetPipelineExecutionId != target || back.Status != types.PipelineExecutionStatusSucceeded {
		t.Errorf("rolled back to %v, which is %s", back.RollbackMetadata, back.Status)
	}
	refused(t, w.override("Build", bad, types.ConditionTypeOnSuccess), "NotLatestPipelineExecutionException")
}

func TestStageWithoutAnythingToRollBackToSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) { s.OnFailure = &api.FailureConditions{Result: api.Rollback} })))
	w.post("/local/codepipeline/orders/Build/Build", `{"outcome":"Failed"}`)
	bad := w.ran("Failed")
	const want = "Stage 'Build' was not rolled back: no earlier execution of this version of the pipeline succeeded there"
	if got := aws.ToString(w.get(bad).StatusSummary); got != want {
		t.Errorf("status summary %q, want %q", got, want)
	}
}

func TestFailedStageIsRetriedAutomaticallyOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) {
		s.Actions = append(s.Actions, building("Second", 2))
		s.OnFailure = &api.FailureConditions{Result: api.Retry, RetryConfiguration: &api.RetryConfiguration{RetryMode: "ALL_ACTIONS"}}
	})))
	fail := func() { w.post("/local/codepipeline/orders/Build/Second", `{"outcome":"Failed"}`) }
	fail()
	id := w.start("orders")
	w.pass(3500 * time.Millisecond)
	s := w.stage("orders", "Build")
	m := s.RetryStageMetadata
	if s.LatestExecution.Status != types.StageExecutionStatusInProgress || aws.ToInt32(m.AutoStageRetryAttempt) != 1 ||
		m.ManualStageRetryAttempt != nil || m.LatestRetryTrigger != types.RetryTriggerAutomatedStageRetry {
		t.Errorf("stage %s with %+v, want InProgress after one automatic retry", s.LatestExecution.Status, m)
	}
	w.sees(id, "Stage Build FAILED")
	w.sees(id, "Stage Build RESUMED")
	if got := w.sees(id, "Pipeline RESUMED").fields["pipeline-execution-attempt"]; got != 2.0 {
		t.Errorf("attempt %v, want 2", got)
	}
	fail()
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	fail()
	_, err := w.RetryStageExecution(t.Context(), &sdk.RetryStageExecutionInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Build"), PipelineExecutionId: &id, RetryMode: types.StageRetryModeFailedActions,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	m = w.stage("orders", "Build").RetryStageMetadata
	if *m.AutoStageRetryAttempt != 1 || *m.ManualStageRetryAttempt != 1 || m.LatestRetryTrigger != types.RetryTriggerManualStageRetry {
		t.Errorf("after a manual retry: %+v", m)
	}
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(out.ActionExecutionDetails); n != 1+2+2+1 {
		t.Errorf("%d action executions, want the source, two of each of the first attempts, and one", n)
	}
}
