package engine_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// guard gives the stages of d conditions, automatic retries and rollbacks, or
// none.
func guard(t *rapid.T, d *api.Declaration) {
	window := ruleOf("DeploymentWindow", "Cron", "* 0-29 * * * ?")
	never := ruleOf("DeploymentWindow", "Cron", "* * * 1 1 ? 2027")
	alarm := ruleOf("CloudWatchAlarm", "AlarmName", "errors", "WaitTime", "1")
	function := ruleOf("LambdaInvoke", "FunctionName", "check")
	shell := ruleOf("Commands")
	shell.Commands = []string{"ls"}
	back := api.Rollback
	if d.ExecutionMode == api.Parallel {
		back = api.Fail
	}
	for i := range d.Stages[1:] {
		s := &d.Stages[1+i]
		entries := []*api.Conditions{
			nil, conditions(api.Fail, window, alarm), conditions(api.Fail, never), conditions(api.Skip, function), conditions(api.Skip, equals("x"), equals2()),
		}
		exits := []*api.Conditions{nil, conditions(back, alarm, shell), conditions(api.Fail, function)}
		failures := []*api.FailureConditions{nil, {Result: api.Retry}}
		if back == api.Rollback {
			failures = append(failures, &api.FailureConditions{Result: back},
				&api.FailureConditions{Conditions: conditions(back, function).Conditions},
				&api.FailureConditions{Conditions: conditions(back, alarm, window).Conditions})
		}
		if rapid.Bool().Draw(t, "plain") {
			continue
		}
		s.BeforeEntry = rapid.SampledFrom(entries).Draw(t, "entry")
		s.OnSuccess = rapid.SampledFrom(exits).Draw(t, "exit")
		s.OnFailure = rapid.SampledFrom(failures).Draw(t, "failure")
	}
}

// equals2 never holds.
func equals2() api.Rule {
	r := equals("y")
	r.Name = "Second"
	return r
}

// goOn lets everything that waits for somebody succeed and takes a few seconds,
// or executions would seldom get far.
func (d *driver) goOn(who engine.Caller) {
	d.SetAlarm("errors", engine.AlarmOK)
	for range 4 {
		d.clock.Advance(2 * time.Second)
		for _, id := range d.record.jobs {
			_, _ = d.PutJobSuccessResult(who, api.PutJobSuccessResultInput{JobID: id})
			d.InvocationEnded(id, engine.HandlerReturned, "")
		}
		for _, id := range d.record.ids {
			_ = d.Answer(who, engine.Answer{Pipeline: "orders", Stage: "Gate", Action: "Approve", Execution: id, Verdict: api.Approved})
		}
	}
}

func (d *driver) invoked(t *rapid.T) {
	if len(d.record.jobs) > 0 {
		results := []engine.InvocationResult{engine.HandlerReturned, engine.HandlerFailed, engine.NotInvoked}
		d.InvocationEnded(rapid.SampledFrom(d.record.jobs).Draw(t, "job"), rapid.SampledFrom(results).Draw(t, "result"), "why")
	}
}

func (d *driver) override(t *rapid.T, who engine.Caller, id, stage string) {
	_, _ = d.OverrideStageCondition(who, api.OverrideStageConditionInput{
		PipelineName: "orders", StageName: stage, PipelineExecutionID: id,
		ConditionType: rapid.SampledFrom([]string{api.BeforeEntry, api.OnSuccess}).Draw(t, "condition"),
	})
}

// checkReasons holds after every step: whoever is in a stage has an action or a
// rule that runs there, and a condition that runs says what for.
func (d *driver) checkReasons(t *rapid.T, o engine.Overview) {
	for _, s := range o.Stages {
		for _, c := range s.Conditions {
			if c.Status == "InProgress" && (c.Reason == "" || s.Status != "InProgress") {
				t.Fatalf("%s of %s is in progress with the reason %q while the stage is %s", c.Type, s.Name, c.Reason, s.Status)
			}
			if c.Status != "" && c.Reason == "" {
				t.Fatalf("%s of %s is %s without a reason", c.Type, s.Name, c.Status)
			}
		}
	}
	busy := map[string]bool{}
	actions, err := d.ListActionExecutions(engine.Caller{}, api.ListActionExecutionsInput{PipelineName: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range actions.ActionExecutionDetails {
		busy[a.PipelineExecutionID] = busy[a.PipelineExecutionID] || a.Status == "InProgress"
	}
	rules, err := d.ListRuleExecutions(engine.Caller{}, api.ListRuleExecutionsInput{PipelineName: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.RuleExecutionDetails {
		busy[r.PipelineExecutionID] = busy[r.PipelineExecutionID] || r.Status == "InProgress"
	}
	for _, x := range o.Executions {
		active := x.Status == "InProgress" || x.Status == "Stopping"
		if runs := busy[x.ID]; runs != (active && !x.Waiting) && len(actions.ActionExecutionDetails) < 100 && len(rules.RuleExecutionDetails) < 100 {
			t.Fatalf("%s is %s, waiting %v, in stage %s; something of it runs: %v", x.ID, x.Status, x.Waiting, x.Stage, runs)
		}
	}
}

// TestClosedEngineLeavesNoTimersOfRules closes an engine while a rule waits.
func TestClosedEngineLeavesNoTimersOfRules(t *testing.T) {
	t.Parallel()
	e, c := newEngine(engine.Options{})
	d := valid()
	d.Stages[1].BeforeEntry = conditions(api.Fail, ruleOf("DeploymentWindow", "Cron", "* * 18 ? * *"))
	if _, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.StartPipelineExecution(engine.Caller{}, api.StartPipelineExecutionInput{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	if n := c.Pending(); n != 2 {
		t.Errorf("%d timers while the rule waits, want its timeout and the window", n)
	}
	e.Close()
	if n := c.Pending(); n != 0 {
		t.Errorf("%d timers are left", n)
	}
}
