package codepipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func TestRuleThatTimesOutFailsItsCondition(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		minutes int
		strict  bool
		limit   time.Duration
	}{
		{"declared", 30, false, 30 * time.Minute},
		{"a week by default", 0, false, 7 * 24 * time.Hour},
		{"an hour in a strict world", 0, true, time.Hour},
	} {
		w := newWorld(t, func(o *codepipeline.Options) { o.Strict = tt.strict })
		hours := window("* * * 1 1 ? 2030")
		hours.TimeoutInMinutes = tt.minutes
		w.create(line(api.Superseded, entry("FAIL", hours)))
		id := w.start("orders")
		w.pass(time.Second + tt.limit - time.Second)
		w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress)
		w.pass(time.Second)
		w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
		wantCondition(t, w.stage("orders", "Build").BeforeEntryConditionState, "Failed", "The rule timed out after")
		w.sees(id, "Stage Build FAILED")
		w.sees(id, "Pipeline FAILED")
	}
}

func TestVariableCheckComparesTheWholeVariable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ operator, value, status string }{ // the variable is "b"
		{"EQ", "b", "Succeeded"},
		{"EQ", "B", "Failed"},
		{"EQ", "#{Src.BucketName}", "Succeeded"},
		{"NE", "b", "Failed"},
		{"NE", "c", "Succeeded"},
		{"CONTAINS", "b", "Succeeded"},
		{"CONTAINS", "bb", "Failed"},
		{"MATCHES", "[a-c]", "Succeeded"},
		{"MATCHES", "a|b", "Succeeded"},
		{"MATCHES", "", "Errored"},
		{"MATCHES", "(?=b)b", "Errored"},
		{"MATCHES", "[", "Errored"},
		{"EQ", "#{Src.Nothing}", "Errored"},
	} {
		if tt.value == "" { // a Value cannot be empty; its variable can be missing
			tt.value = "#{Src.Nothing}"
		}
		w := newWorld(t)
		w.create(line(api.Superseded, entry("FAIL", variable(tt.operator, tt.value))))
		id := w.start("orders")
		w.pass(time.Minute)
		want := types.PipelineExecutionStatusFailed
		if tt.status == "Succeeded" {
			want = types.PipelineExecutionStatusSucceeded
		}
		w.wantStatus("orders", id, want)
		if got := told(w.stage("orders", "Build").BeforeEntryConditionState); !strings.HasPrefix(got, tt.status+": ") {
			t.Errorf("%s %q: %s, want %s", tt.operator, tt.value, got, tt.status)
		}
	}
}

func TestAlarmRuleLooksAtTheStateOrWaitsForIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, state string
		configure   []string
		later       string // set after five minutes
		status      string
		reason      string
	}{
		{"unknown alarm", "", nil, "", "Errored", "There is no alarm 'errors'"},
		{"quiet", "OK", nil, "", "Succeeded", ""},
		{"no data", "INSUFFICIENT_DATA", nil, "", "Succeeded", ""},
		{"rings", "ALARM", nil, "", "Failed", "in state ALARM"},
		{"wanted state", "ALARM", []string{"AlarmStates", "OK, ALARM"}, "", "Succeeded", ""},
		{"unwanted state", "INSUFFICIENT_DATA", []string{"AlarmStates", "OK"}, "", "Failed", "INSUFFICIENT_DATA"},
		{"gets quiet in time", "ALARM", []string{"WaitTime", "20"}, "OK", "Succeeded", ""},
		{"waits", "ALARM", []string{"WaitTime", "20"}, "", "InProgress", "Waiting until 2026-03-10T09:35:03.417Z for OK or INSUFFICIENT_DATA"},
		{"changes for nothing", "ALARM", []string{"WaitTime", "20", "AlarmStates", "OK"}, "INSUFFICIENT_DATA", "InProgress", "Waiting until"},
		{"gets quiet too late", "ALARM", []string{"WaitTime", "4"}, "OK", "Failed", "in state ALARM"},
		{"timeout beats the wait", "INSUFFICIENT_DATA", []string{"WaitTime", "90", "AlarmStates", "OK"}, "", "InProgress", ""},
	} {
		w := newWorld(t)
		w.create(line(api.Superseded, entry("FAIL", alarm(tt.configure...))))
		if tt.state != "" {
			w.setAlarm(tt.state)
		}
		w.start("orders")
		w.pass(5 * time.Minute)
		if tt.later != "" {
			w.setAlarm(tt.later)
		}
		s := w.stage("orders", "Build").BeforeEntryConditionState
		if got := told(s); !strings.HasPrefix(got, tt.status+": ") || !strings.Contains(got, tt.reason) {
			t.Errorf("%s: %s, want %s with %q", tt.name, got, tt.status, tt.reason)
		}
		w.pass(2 * time.Hour)
		if s := w.stage("orders", "Build").BeforeEntryConditionState; s.LatestExecution.Status == types.ConditionExecutionStatusInProgress {
			t.Errorf("%s: still waits", tt.name)
		}
	}
}

func TestFunctionOfARuleDecidesByReturning(t *testing.T) {
	t.Parallel()
	broken := fmt.Errorf("it broke")
	missing := fmt.Errorf("%w: no such function", codepipeline.ErrNotInvoked)
	for _, tt := range []struct {
		name                string
		answer              error
		status, onFailure   types.ConditionExecutionStatus
		entryEnds, triggers types.PipelineExecutionStatus
	}{
		{"returns", nil, "Succeeded", "Failed", "Succeeded", "Failed"},
		{"errors", broken, "Failed", "Succeeded", "Failed", "Failed"},
		{"is missing", missing, "Errored", "Errored", "Failed", "Failed"},
	} {
		w := newWorld(t)
		check := rule("Check", "LambdaInvoke", "FunctionName", "gate", "UserParameters", "#{codepipeline.PipelineExecutionId}")
		check.InputArtifacts = []api.ArtifactName{{Name: "Code"}}
		w.lambda.answers = []error{tt.answer, tt.answer}
		w.create(line(api.Superseded, entry("FAIL", check)))
		id := w.start("orders")
		w.pass(time.Second)
		job := w.job(1)
		if job.Data.ActionConfiguration.Configuration["UserParameters"] != id || len(job.Data.InputArtifacts) != 1 {
			t.Errorf("%s: the function got %+v", tt.name, job)
		}
		state := func() *types.StageConditionState { return w.stage("orders", "Build").BeforeEntryConditionState }
		w.eventually("decision", func() bool { return state().LatestExecution.Status != types.ConditionExecutionStatusInProgress })
		if got := state().LatestExecution.Status; got != tt.status {
			t.Errorf("%s: entry condition is %s, want %s", tt.name, got, tt.status)
		}
		w.pass(time.Minute)
		w.wantStatus("orders", id, tt.entryEnds)

		// The same as a failure condition, in a pipeline of its own.
		d := line(api.Superseded, guarded(func(s *api.Stage) {
			s.OnFailure = &api.FailureConditions{Conditions: given("ROLLBACK", check).Conditions}
		}))
		d.Name = "other"
		w.create(d)
		w.post("/local/codepipeline/other/Build/Build", `{"outcome":"Failed"}`)
		id = w.start("other")
		w.pass(2 * time.Second)
		w.eventually("failure", func() bool { return w.status("other", id) == tt.triggers })
		if got := w.stage("other", "Build").OnFailureConditionState.LatestExecution.Status; got != tt.onFailure {
			t.Errorf("%s: failure condition is %s, want %s", tt.name, got, tt.onFailure)
		}
	}
}

func TestCommandsRuleEndsAsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		strict         bool
		script, status string
		reason         string
	}{
		{false, "", "Succeeded", ""},
		{true, "", "Errored", "runs no commands"},
		{true, `{"outcome":"Succeeded"}`, "Succeeded", ""},
		{false, `{"outcome":"Failed","summary":"2 checks failed"}`, "Failed", "2 checks failed"},
		{false, `{"outcome":"Succeeded","delay_ms":4000000}`, "Failed", "timed out after 55m0s"},
	} {
		w := newWorld(t, func(o *codepipeline.Options) { o.Strict = tt.strict })
		w.create(line(api.Superseded, entry("FAIL", commands("Smoke"))))
		if tt.script != "" {
			if status, answer := w.post("/local/codepipeline/orders/Build/Smoke", tt.script); status != 200 {
				t.Fatalf("script: %d %s", status, answer)
			}
		}
		w.start("orders")
		w.pass(time.Hour)
		wantCondition(t, w.stage("orders", "Build").BeforeEntryConditionState, tt.status, tt.reason)
	}
}

func TestLongReasonsFitTheModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // every answer is checked against the model
	w.create(line(api.Superseded, entry("FAIL", variable("EQ", strings.Repeat("ü", 10_000)))))
	id := w.start("orders")
	w.pass(time.Minute)
	got := *w.stage("orders", "Build").BeforeEntryConditionState.LatestExecution.Summary
	if n := len([]rune(got)); n != 2048 || !strings.HasSuffix(got, "…") {
		t.Errorf("a reason of %d characters", n)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
}

func TestRuleThatReadsTheArtifactOfASkippedStageCannotBeChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := entry("SKIP", variable("EQ", "other"))
	made.Actions[0].OutputArtifacts = []api.ArtifactName{{Name: "Out"}}
	check := rule("Check", "LambdaInvoke", "FunctionName", "gate")
	check.InputArtifacts = []api.ArtifactName{{Name: "Out"}}
	gate := gateStage(nil)
	gate.BeforeEntry = given("FAIL", check)
	w.create(line(api.Superseded, made, gate))
	w.ran("Failed")
	wantCondition(t, w.stage("orders", "Gate").BeforeEntryConditionState, "Errored", "The input artifact Out does not exist")
}
