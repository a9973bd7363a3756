package engine_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

func ruleOf(provider string, pairs ...string) api.Rule {
	r := api.Rule{Name: "Rule" + provider, Configuration: map[string]string{}, Type: api.RuleType{Category: "Rule", Provider: provider}}
	for i := 0; i < len(pairs); i += 2 {
		r.Configuration[pairs[i]] = pairs[i+1]
	}
	return r
}

func conditions(result string, rules ...api.Rule) *api.Conditions {
	return &api.Conditions{Conditions: []api.Condition{{Result: result, Rules: rules}}}
}

func equals(variable string) api.Rule {
	return ruleOf("VariableCheck", "Variable", variable, "Operator", "EQ", "Value", "x")
}

func TestConditionThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const structure, stage = "InvalidStructureException: ", "InvalidStageDeclarationException: "
	entry := func(result string, rules ...api.Rule) func(*api.Declaration) {
		return func(d *api.Declaration) { d.Stages[1].BeforeEntry = conditions(result, rules...) }
	}
	failure := func(f api.FailureConditions) func(*api.Declaration) {
		return func(d *api.Declaration) { d.Stages[1].OnFailure = &f }
	}
	in := func(r api.Rule, artifact string) api.Rule {
		r.InputArtifacts = []api.ArtifactName{{Name: artifact}}
		return r
	}
	shell := func(lines ...string) api.Rule {
		r := ruleOf("Commands")
		r.Commands = lines
		return r
	}
	ring := conditions(api.Rollback, ruleOf("CloudWatchAlarm", "AlarmName", "a")).Conditions
	tests := []struct {
		name   string
		change func(*api.Declaration)
		want   string // empty: accepted
	}{
		{"V1", func(d *api.Declaration) { d.PipelineType = api.V1; entry(api.Fail, equals("x"))(d) }, structure + "Stage 'Build' has"},
		{"V1 with automatic retry", func(d *api.Declaration) {
			d.PipelineType = api.V1
			failure(api.FailureConditions{Result: api.Retry})(d)
		}, structure},
		{"two conditions", func(d *api.Declaration) {
			d.Stages[1].OnSuccess = conditions(api.Fail, equals("x"))
			d.Stages[1].OnSuccess.Conditions = append(d.Stages[1].OnSuccess.Conditions, d.Stages[1].OnSuccess.Conditions[0])
		}, stage + "Stage 'Build' has 2 ON_SUCCESS conditions"},
		{"no rules", entry(api.Fail), stage + "The BEFORE_ENTRY condition of stage 'Build' has 0 rules"},
		{"six rules", entry(api.Fail, make([]api.Rule, 6)...), "6 rules"},
		{"same name twice", entry(api.Fail, equals("x"), equals("y")), "more than once"},
		{"entry cannot roll back", entry(api.Rollback, equals("x")), "result 'ROLLBACK'"},
		{"entry cannot retry", entry(api.Retry, equals("x")), "result 'RETRY'"},
		{"no result", entry("", equals("x")), "result ''"},
		{"success cannot skip", func(d *api.Declaration) { d.Stages[1].OnSuccess = conditions(api.Skip, equals("x")) }, "result 'SKIP'"},
		{"failure cannot fail", failure(api.FailureConditions{Conditions: conditions(api.Fail, equals("x")).Conditions}), "result 'FAIL'"},
		{"onFailure cannot skip", failure(api.FailureConditions{Result: api.Skip}), "result SKIP"},
		{"retry with conditions", failure(api.FailureConditions{Result: api.Retry, Conditions: ring}), "automatic retry cannot"},
		{"retry mode without retry", failure(api.FailureConditions{Result: api.Rollback, RetryConfiguration: &api.RetryConfiguration{}}), "retryConfiguration"},
		{"skip needs a rule that decides", entry(api.Skip, ruleOf("CloudWatchAlarm", "AlarmName", "a")), "SKIP supports only"},
		{"skip without a window", entry(api.Skip, ruleOf("DeploymentWindow", "Cron", "* * * * * ?")), "SKIP supports only"},
		{"source stage", func(d *api.Declaration) { d.Stages[0].OnFailure = &api.FailureConditions{Result: api.Rollback} }, "ROLLBACK"},
		{"PARALLEL", func(d *api.Declaration) {
			d.ExecutionMode = api.Parallel
			d.Stages[1].OnSuccess = conditions(api.Rollback, equals("x"))
		}, "ROLLBACK"},
		{"unknown rule", entry(api.Fail, ruleOf("Moon")), "not available"},
		{"unknown version", func(d *api.Declaration) {
			r := equals("x")
			r.Type.Version = "2"
			entry(api.Fail, r)(d)
		}, "not available"},
		{"missing configuration", entry(api.Fail, ruleOf("VariableCheck", "Variable", "x", "Operator", "EQ")), "missing the required configuration 'Value'"},
		{"unknown configuration", entry(api.Fail, ruleOf("CloudWatchAlarm", "AlarmName", "a", "Alarm", "b")), "unknown configuration 'Alarm'"},
		{"unknown operator", entry(api.Fail, ruleOf("VariableCheck", "Variable", "x", "Operator", "GT", "Value", "1")), "GT"},
		{"broken cron", entry(api.Fail, ruleOf("DeploymentWindow", "Cron", "0 9 * * *")), "5 fields"},
		{"broken zone", entry(api.Fail, ruleOf("DeploymentWindow", "Cron", "* * 9 * * ?", "TimeZone", "Mars")), "Mars"},
		{"broken states", entry(api.Fail, ruleOf("CloudWatchAlarm", "AlarmName", "a", "AlarmStates", "RED")), "RED"},
		{"broken wait", entry(api.Fail, ruleOf("CloudWatchAlarm", "AlarmName", "a", "WaitTime", "1m")), "1m"},
		{"no commands", entry(api.Fail, ruleOf("Commands")), "must have commands"},
		{"several lines", entry(api.Fail, shell("a\nb")), "more than one line"},
		{"commands elsewhere", func(d *api.Declaration) {
			r := equals("x")
			r.Commands = []string{"ls"}
			entry(api.Fail, r)(d)
		}, "must have commands"},
		{"unknown namespace", entry(api.Fail, equals("#{Nope.X}")), "'Nope.X'"},
		{"no namespace", entry(api.Fail, equals("#{X}")), "'X'"},
		{"artifact of the stage itself", entry(api.Fail, in(equals("x"), "Out")), "'Out'"},
		{"earlier artifact", entry(api.Fail, in(ruleOf("LambdaInvoke", "FunctionName", "f"), "Code")), ""},
		{"earlier variable", entry(api.Fail, equals("#{Src.VersionId}")), ""},
		{"artifact of the stage on success", func(d *api.Declaration) { d.Stages[1].OnSuccess = conditions(api.Fail, in(equals("x"), "Out")) }, ""},
		{"variable in a cron expression", entry(api.Fail, ruleOf("DeploymentWindow", "Cron", "#{Src.VersionId}")), ""},
		{"skip", entry(api.Skip, equals("x"), ruleOf("LambdaInvoke", "FunctionName", "f")), ""},
		{"commands", entry(api.Fail, shell("ls", "make smoke")), ""},
		{"automatic retry of the source", func(d *api.Declaration) { d.Stages[0].OnFailure = &api.FailureConditions{Result: api.Retry} }, ""},
		{"result inherited", failure(api.FailureConditions{Result: api.Rollback, Conditions: []api.Condition{{Rules: ring[0].Rules}}}), ""},
		{"all kinds", func(d *api.Declaration) {
			s := &d.Stages[1]
			s.BeforeEntry, s.OnSuccess = conditions(api.Fail, equals("x")), conditions(api.Rollback, equals("x"))
			s.OnFailure = &api.FailureConditions{Conditions: ring}
		}, ""},
	}
	for _, tt := range tests {
		e, _ := newEngine(engine.Options{})
		d := valid()
		tt.change(&d)
		_, err := e.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d})
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
