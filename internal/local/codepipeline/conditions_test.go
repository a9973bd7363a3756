package codepipeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func rule(name, provider string, pairs ...string) api.Rule {
	r := api.Rule{Name: name, Configuration: map[string]string{}, Type: api.RuleType{Category: "Rule", Owner: "AWS", Provider: provider, Version: "1"}}
	for i := 0; i < len(pairs); i += 2 {
		r.Configuration[pairs[i]] = pairs[i+1]
	}
	return r
}

func commands(name string) api.Rule {
	r := rule(name, "Commands")
	r.Commands = []string{"make smoke"}
	return r
}

func variable(operator, value string) api.Rule {
	return rule("Variable", "VariableCheck", "Variable", "#{Src.BucketName}", "Operator", operator, "Value", value)
}

func window(expression string) api.Rule {
	return rule("Hours", "DeploymentWindow", "Cron", expression)
}

func alarm(pairs ...string) api.Rule {
	return rule("Alarm", "CloudWatchAlarm", append([]string{"AlarmName", "errors"}, pairs...)...)
}

// given are conditions of one kind with the rules.
func given(result string, rules ...api.Rule) *api.Conditions {
	return &api.Conditions{Conditions: []api.Condition{{Result: result, Rules: rules}}}
}

func guarded(change func(*api.Stage)) api.Stage {
	s := buildStage()
	change(&s)
	return s
}

func entry(result string, rules ...api.Rule) api.Stage {
	return guarded(func(s *api.Stage) { s.BeforeEntry = given(result, rules...) })
}

// setAlarm puts the alarm of alarm() into a state.
func (w *world) setAlarm(state string) {
	w.t.Helper()
	if status, answer := w.post("/local/cloudwatch/alarms", `{"name":"errors","state":"`+state+`"}`); status != 200 {
		w.t.Fatalf("set alarm: %d %s", status, answer)
	}
}

// told is the status of a condition and its reason.
func told(s *types.StageConditionState) string {
	if s == nil || s.LatestExecution == nil {
		return ""
	}
	return string(s.LatestExecution.Status) + ": " + aws.ToString(s.LatestExecution.Summary)
}

func wantCondition(t *testing.T, s *types.StageConditionState, status, reason string) {
	t.Helper()
	if got := told(s); !strings.HasPrefix(got, status+": ") || !strings.Contains(got, reason) {
		t.Errorf("condition is %q, want %s because of %q", got, status, reason)
	}
}

func TestEntryConditionWaitsForTheDeploymentWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hours := window("* * 18-20 ? * MON-FRI *")
	hours.Configuration["TimeZone"] = "Europe/Berlin"
	w.create(line(api.Superseded, entry("FAIL", hours)))
	id := w.start("orders")
	w.pass(2 * time.Second)
	s := w.stage("orders", "Build")
	wantCondition(t, s.BeforeEntryConditionState, "InProgress", "Rule Hours: Waiting for the deployment window, which opens Tue 2026-03-10 18:00 CET")
	if s.LatestExecution.Status != types.StageExecutionStatusInProgress || s.ActionStates[0].LatestExecution != nil {
		t.Errorf("while the window is closed the stage is %s with an action %v", s.LatestExecution.Status, s.ActionStates[0].LatestExecution)
	}
	second := w.start("orders")
	w.pass(time.Minute)
	if got := inbound(w.stage("orders", "Build")); len(got) != 1 || got[0] != second {
		t.Errorf("waiting: %v, want %s in front of the held stage", got, second)
	}
	w.pass(time.Date(2026, 3, 10, 17, 0, 0, 0, time.UTC).Sub(w.clock.Now()))
	s = w.stage("orders", "Build")
	wantCondition(t, s.BeforeEntryConditionState, "Succeeded", "All rules succeeded")
	rule := s.BeforeEntryConditionState.ConditionStates[0].RuleStates[0]
	if *rule.RuleName != "Hours" || rule.LatestExecution.Status != types.RuleExecutionStatusSucceeded || s.ActionStates[0].LatestExecution == nil {
		t.Errorf("in the window rule %s is %s and the action %v", *rule.RuleName, rule.LatestExecution.Status, s.ActionStates[0].LatestExecution)
	}
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
	w.wantStatus("orders", second, types.PipelineExecutionStatusSucceeded)
}

func TestFirstFailedRuleDecidesAndAbandonsTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, entry("FAIL", window("* * 18 ? * *"), variable("EQ", "other"))))
	id := w.start("orders")
	w.pass(time.Second)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	s := w.stage("orders", "Build").BeforeEntryConditionState
	wantCondition(t, s, "Failed", "Rule Variable: 'b' EQ 'other' does not hold")
	rules := s.ConditionStates[0].RuleStates
	if rules[0].LatestExecution.Status != types.RuleExecutionStatusAbandoned || rules[1].LatestExecution.Status != types.RuleExecutionStatusFailed {
		t.Errorf("rules are %s and %s", rules[0].LatestExecution.Status, rules[1].LatestExecution.Status)
	}
	if code := aws.ToString(rules[1].LatestExecution.ErrorDetails.Code); code != "JobFailed" {
		t.Errorf("error code %s", code)
	}
}

func TestSkippedStageRunsNothingAndCannotBeOverriddenOrRetried(t *testing.T) {
	t.Parallel()
	for _, isStrict := range []bool{false, true} {
		w := newWorld(t, func(o *codepipeline.Options) { o.Strict = isStrict })
		w.create(line(api.Superseded, entry("SKIP", variable("EQ", "other")), gateStage(nil)))
		id := w.start("orders")
		w.pass(time.Minute)
		s := w.stage("orders", "Build")
		if s.LatestExecution.Status != types.StageExecutionStatusSkipped || s.ActionStates[0].LatestExecution != nil {
			t.Errorf("the stage is %s with an action %v", s.LatestExecution.Status, s.ActionStates[0].LatestExecution)
		}
		if w.token("orders", "Gate") == "" {
			t.Error("the next stage does not run")
		}
		refused(t, w.override("Build", id, types.ConditionTypeBeforeEntry), "ConditionNotOverridableException")
		_, err := w.RetryStageExecution(t.Context(), &sdk.RetryStageExecutionInput{
			PipelineName: aws.String("orders"), StageName: aws.String("Build"), PipelineExecutionId: &id, RetryMode: types.StageRetryModeAllActions,
		})
		refused(t, err, "StageNotRetryableException")
		w.sees(id, "Stage Gate STARTED")
		told := false
		for _, e := range w.bus.all() {
			told = told || e.String() == "Stage Build SKIPPED"
		}
		if told != isStrict {
			t.Errorf("strict %v: SKIPPED told %v", isStrict, told)
		}
	}
}

func TestSkipConditionThatCannotBeCheckedFailsTheStageInAStrictWorld(t *testing.T) {
	t.Parallel()
	for isStrict, want := range map[bool]types.PipelineExecutionStatus{false: "Succeeded", true: "Failed"} {
		w := newWorld(t, func(o *codepipeline.Options) { o.Strict = isStrict })
		w.create(line(api.Superseded, entry("SKIP", variable("EQ", "#{Src.Nothing}"))))
		id := w.start("orders")
		w.pass(time.Minute)
		w.wantStatus("orders", id, want)
	}
}

func TestSuccessConditionFailsAStageWhoseActionsSucceeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) { s.OnSuccess = given("FAIL", alarm()) }), gateStage(nil)))
	w.setAlarm("ALARM")
	id := w.start("orders")
	w.pass(time.Minute)
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	s := w.stage("orders", "Build")
	wantCondition(t, s.OnSuccessConditionState, "Failed", "in state ALARM")
	if s.LatestExecution.Status != types.StageExecutionStatusFailed || s.ActionStates[0].LatestExecution.Status != types.ActionExecutionStatusSucceeded {
		t.Errorf("stage %s with action %s, want Failed with Succeeded", s.LatestExecution.Status, s.ActionStates[0].LatestExecution.Status)
	}
	if w.stage("orders", "Gate").LatestExecution != nil {
		t.Error("the next stage was entered")
	}
}

func TestStopEndsConditionsAtOnce(t *testing.T) {
	t.Parallel()
	for abandon, want := range map[bool]string{false: "Cancelled", true: "Abandoned"} {
		w := newWorld(t)
		w.create(line(api.Superseded, entry("FAIL", window("* * 18 ? * *"))))
		id := w.start("orders")
		w.pass(time.Minute)
		_, err := w.StopPipelineExecution(t.Context(), &sdk.StopPipelineExecutionInput{PipelineName: aws.String("orders"), PipelineExecutionId: &id, Abandon: abandon})
		if err != nil {
			t.Fatal(err)
		}
		w.wantStatus("orders", id, types.PipelineExecutionStatusStopped)
		wantCondition(t, w.stage("orders", "Build").BeforeEntryConditionState, want, "The execution was stopped")
		refused(t, w.override("Build", id, types.ConditionTypeBeforeEntry), "ConditionNotOverridableException")
		if n := w.clock.Pending(); n > 0 {
			t.Errorf("%d timers are left", n)
		}
	}
}

func TestChangedPipelineCancelsConditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := line(api.Superseded, entry("FAIL", window("* * 18 ? * *")))
	w.create(d)
	id := w.start("orders")
	w.pass(time.Minute)
	out, err := w.GetPipeline(t.Context(), &sdk.GetPipelineInput{Name: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdatePipeline(t.Context(), &sdk.UpdatePipelineInput{Pipeline: out.Pipeline}); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusCancelled)
	wantCondition(t, w.stage("orders", "Build").BeforeEntryConditionState, "Cancelled", "The pipeline was changed")
	if got := out.Pipeline.Stages[1].BeforeEntry.Conditions[0].Rules[0].Configuration["Cron"]; got != "* * 18 ? * *" {
		t.Errorf("the declaration came back with Cron %q", got)
	}
}

func TestDeclaredConditionsAreShownBeforeTheyRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) {
		s.BeforeEntry, s.OnSuccess = given("FAIL", alarm()), given("ROLLBACK", alarm())
		s.OnFailure = &api.FailureConditions{Conditions: given("ROLLBACK", alarm()).Conditions}
	})))
	s := w.stage("orders", "Build")
	for _, c := range []*types.StageConditionState{s.BeforeEntryConditionState, s.OnSuccessConditionState, s.OnFailureConditionState} {
		if c.LatestExecution != nil || *c.ConditionStates[0].RuleStates[0].RuleName != "Alarm" || c.ConditionStates[0].RuleStates[0].LatestExecution != nil {
			t.Errorf("before it runs a condition is %+v", c)
		}
	}
	if s := w.stage("orders", "Source"); s.BeforeEntryConditionState != nil {
		t.Errorf("a stage without conditions shows %+v", s.BeforeEntryConditionState)
	}
}
