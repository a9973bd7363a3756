package codepipeline_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func (w *world) override(stage, id string, kind types.ConditionType) error {
	_, err := w.OverrideStageCondition(w.t.Context(), &sdk.OverrideStageConditionInput{
		PipelineName: aws.String("orders"), StageName: &stage, PipelineExecutionId: &id, ConditionType: kind,
	})
	return err
}

func TestOverrideLetsAnExecutionPassAConditionThatRuns(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{api.Superseded, api.Queued, api.Parallel} {
		w := newWorld(t)
		w.create(line(mode, entry("FAIL", window("* * 18 ? * *"))))
		id := w.start("orders")
		w.pass(time.Minute)
		if err := w.override("Build", id, types.ConditionTypeBeforeEntry); err != nil {
			t.Fatal(err)
		}
		if mode != api.Parallel {
			s := w.stage("orders", "Build").BeforeEntryConditionState
			wantCondition(t, s, "Overridden", "Overridden by arn:aws:iam::000000000000:user/automation")
			if got := s.ConditionStates[0].RuleStates[0].LatestExecution; got.Status != types.RuleExecutionStatusAbandoned || got.LastUpdatedBy == nil {
				t.Errorf("the rule is %s by %v", got.Status, got.LastUpdatedBy)
			}
		}
		refused(t, w.override("Build", id, types.ConditionTypeBeforeEntry), "ConditionNotOverridableException")
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
	}
}

func TestOverrideResumesAnExecutionThatAConditionFailed(t *testing.T) {
	t.Parallel()
	for kind, stage := range map[types.ConditionType]api.Stage{
		types.ConditionTypeBeforeEntry: entry("FAIL", alarm()),
		types.ConditionTypeOnSuccess:   guarded(func(s *api.Stage) { s.OnSuccess = given("FAIL", alarm()) }),
	} {
		w := newWorld(t)
		w.create(line(api.Superseded, stage, gateStage(nil)))
		w.setAlarm("ALARM")
		id := w.start("orders")
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
		if err := w.override("Build", id, kind); err != nil {
			t.Fatal(err)
		}
		resumed := w.sees(id, "Stage Build RESUMED")
		if got := resumed.fields["pipeline-execution-attempt"]; got != 2.0 {
			t.Errorf("resumed as attempt %v, want 2", got)
		}
		w.pass(time.Minute)
		if w.token("orders", "Gate") == "" {
			t.Errorf("%s: the stage did not proceed", kind)
		}
		if m := w.stage("orders", "Build").RetryStageMetadata; m != nil {
			t.Errorf("an override counts as retry %+v", m)
		}
	}
}

func TestOverrideIsRefusedOnceAnotherExecutionEntered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, entry("FAIL", alarm())))
	w.setAlarm("ALARM")
	first := w.start("orders")
	w.pass(time.Minute)
	second := w.start("orders")
	w.pass(time.Minute)
	refused(t, w.override("Build", first, types.ConditionTypeBeforeEntry), "NotLatestPipelineExecutionException")
	refused(t, w.override("Build", second, types.ConditionTypeOnSuccess), "ConditionNotOverridableException")
	refused(t, w.override("Nope", second, types.ConditionTypeBeforeEntry), "StageNotFoundException")
	refused(t, w.override("Build", "00000000-0000-4000-8000-000000000000", types.ConditionTypeBeforeEntry), "NotLatestPipelineExecutionException")
	if err := w.override("Build", second, types.ConditionTypeBeforeEntry); err != nil {
		t.Error(err)
	}
}

func TestOverrideRespectsTheLimitOfConcurrentExecutions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Parallel, entry("FAIL", alarm()), gateStage(nil)))
	w.setAlarm("ALARM")
	failed := w.start("orders")
	w.pass(time.Minute)
	w.setAlarm("OK")
	for range 50 {
		w.start("orders")
	}
	refused(t, w.override("Build", failed, types.ConditionTypeBeforeEntry), "ConcurrentPipelineExecutionsLimitExceededException")
}

func TestStageFailedByAConditionAloneIsRetriedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, isStrict := range []bool{false, true} {
		w := newWorld(t)
		if isStrict {
			w = newWorld(t, strict)
		}
		w.create(line(api.Superseded, entry("FAIL", alarm())))
		w.setAlarm("ALARM")
		id := w.start("orders")
		w.pass(time.Minute)
		retry := func(mode types.StageRetryMode) error {
			_, err := w.RetryStageExecution(t.Context(), &sdk.RetryStageExecutionInput{
				PipelineName: aws.String("orders"), StageName: aws.String("Build"), PipelineExecutionId: &id, RetryMode: mode,
			})
			return err
		}
		refused(t, retry(types.StageRetryModeFailedActions), "StageNotRetryableException")
		if isStrict {
			refused(t, retry(types.StageRetryModeAllActions), "StageNotRetryableException")
			continue
		}
		w.setAlarm("OK")
		if err := retry(types.StageRetryModeAllActions); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
	}
}

func TestControlsOverrideAndRollBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, entry("FAIL", window("* * 18 ? * *"))))
	id := w.start("orders")
	w.pass(time.Minute)
	for _, tt := range []struct {
		path, body string
		status     int
	}{
		{"override", `{"stage":"Build","execution_id":"` + id + `","type":"ON_FAILURE"}`, 400},
		{"override", `{"stage":"Build","execution_id":"` + id + `","type":"ON_SUCCESS"}`, 409},
		{"rollback", `{"stage":"Build","execution_id":"` + id + `"}`, 409},
		{"override", `{"stage":"Build","execution_id":"` + id + `","type":"BEFORE_ENTRY"}`, 200},
		{"rollback", `{"stage":"Nope","execution_id":"` + id + `"}`, 404},
		{"rollback", `{"stage":"Build","execution_id":"x"}`, 404},
		{"rollback", `{"stage":"Build","execution_id":"` + id + `"}`, 200},
	} {
		if status, answer := w.post("/local/codepipeline/orders/"+tt.path, tt.body); status != tt.status {
			t.Errorf("%s %s: %d %s, want %d", tt.path, tt.body, status, answer, tt.status)
		}
		w.pass(time.Minute)
	}
	for _, body := range []string{`{"state":"OK"}`, `{"name":"a","state":"ok"}`} {
		if status, _ := w.post("/local/cloudwatch/alarms", body); status != 400 {
			t.Errorf("alarm %s: %d", body, status)
		}
	}
}
