package codepipeline_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func (w *world) rules(in sdk.ListRuleExecutionsInput) ([]types.RuleExecutionDetail, *string) {
	w.t.Helper()
	in.PipelineName = aws.String("orders")
	out, err := w.ListRuleExecutions(w.t.Context(), &in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out.RuleExecutionDetails, out.NextToken
}

func TestRuleExecutionsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := variable("EQ", "b")
	check.RoleARN, check.InputArtifacts = "arn:aws:iam::111111111111:role/checker", []api.ArtifactName{{Name: "Code"}}
	w.create(line(api.Parallel, guarded(func(s *api.Stage) {
		s.BeforeEntry = given("FAIL", check, commands("Smoke"))
		s.OnSuccess = given("FAIL", alarm())
	})))
	first := w.ran("Failed")
	w.setAlarm("OK")
	second := w.ran("Succeeded")
	all, _ := w.rules(sdk.ListRuleExecutionsInput{})
	got := [][3]string{}
	for _, r := range all {
		got = append(got, [3]string{*r.PipelineExecutionId, *r.RuleName, string(r.Status)})
	}
	want := [][3]string{
		{second, "Alarm", "Succeeded"}, {second, "Smoke", "Succeeded"}, {second, "Variable", "Succeeded"},
		{first, "Alarm", "Failed"}, {first, "Smoke", "Succeeded"}, {first, "Variable", "Succeeded"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules differ (-want +got):\n%s", diff)
	}
	if e := all[3].Output.ExecutionResult; *e.ErrorDetails.Code != "ConfigurationError" || *e.ExternalExecutionSummary != "There is no alarm 'errors'" {
		t.Errorf("the alarm's outcome is %+v", e)
	}
	r := all[5]
	if *r.StageName != "Build" || *r.PipelineVersion != 1 || r.Input.ResolvedConfiguration["Variable"] != "b" ||
		r.Input.Configuration["Variable"] != "#{Src.BucketName}" || *r.Input.RuleTypeId.Provider != "VariableCheck" ||
		*r.Input.Region != region || *r.Input.RoleArn != check.RoleARN || len(r.Input.InputArtifacts) != 1 {
		t.Errorf("the variable's input is %+v", r.Input)
	}
	page, next := w.rules(sdk.ListRuleExecutionsInput{MaxResults: aws.Int32(4)})
	rest, end := w.rules(sdk.ListRuleExecutionsInput{MaxResults: aws.Int32(4), NextToken: next})
	if len(page) != 4 || len(rest) != 2 || end != nil || *rest[1].RuleExecutionId != *all[5].RuleExecutionId {
		t.Errorf("pages of %d and %d, then %v", len(page), len(rest), end)
	}
	only, _ := w.rules(sdk.ListRuleExecutionsInput{Filter: &types.RuleExecutionFilter{PipelineExecutionId: &first}})
	if len(only) != 3 || *only[0].PipelineExecutionId != first {
		t.Errorf("%d rules of %s", len(only), first)
	}
}

func TestLatestRuleExecutionsLeaveEarlierOnesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, guarded(func(s *api.Stage) { s.OnSuccess = given("FAIL", alarm()) })))
	w.setAlarm("ALARM")
	id := w.ran("Failed")
	w.setAlarm("OK")
	_, err := w.RetryStageExecution(t.Context(), &sdk.RetryStageExecutionInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Build"), PipelineExecutionId: &id, RetryMode: types.StageRetryModeAllActions,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	for span, want := range map[types.StartTimeRange]int{types.StartTimeRangeAll: 2, types.StartTimeRangeLatest: 1} {
		got, _ := w.rules(sdk.ListRuleExecutionsInput{Filter: &types.RuleExecutionFilter{
			LatestInPipelineExecution: &types.LatestInPipelineExecutionFilter{PipelineExecutionId: &id, StartTimeRange: span},
		}})
		if len(got) != want || got[0].Status != types.RuleExecutionStatusSucceeded {
			t.Errorf("%s: %d rules, the first %s; want %d", span, len(got), got[0].Status, want)
		}
	}
}

func TestListRuleExecutionsRefusesWhatItCannotFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, buildStage()))
	unknown := aws.String("00000000-0000-4000-8000-000000000000")
	for kind, in := range map[string]sdk.ListRuleExecutionsInput{
		"PipelineNotFoundException":          {PipelineName: aws.String("nope")},
		"PipelineExecutionNotFoundException": {PipelineName: aws.String("orders"), Filter: &types.RuleExecutionFilter{PipelineExecutionId: unknown}},
		"InvalidNextTokenException":          {PipelineName: aws.String("orders"), NextToken: aws.String("x")},
		"ValidationException": {PipelineName: aws.String("orders"), Filter: &types.RuleExecutionFilter{
			PipelineExecutionId: unknown, LatestInPipelineExecution: &types.LatestInPipelineExecutionFilter{PipelineExecutionId: unknown, StartTimeRange: "All"},
		}},
	} {
		_, err := w.ListRuleExecutions(t.Context(), &in)
		refused(t, err, kind)
	}
}
