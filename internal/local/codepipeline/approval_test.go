package codepipeline_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

func strict(o *codepipeline.Options) { o.Strict = true }

func TestNewApprovalAttemptHasANewToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, gateStage(nil)))
	id := w.start("orders")
	w.pass(time.Second)
	first := w.token("orders", "Gate")
	if err := w.answer("orders", "Gate", "Approve", first, types.ApprovalStatusRejected); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
	e := w.sees(id, "Action Gate Approve FAILED")
	result, _ := e.fields["execution-result"].(map[string]any)
	if result["external-execution-summary"] != "as agreed" || result["error-code"] != "JobFailed" || result["external-execution-url"] != nil {
		t.Errorf("rejected: execution-result %v", result)
	}
	refused(t, w.answer("orders", "Gate", "Approve", first, types.ApprovalStatusApproved), "ApprovalAlreadyCompletedException")
	if err := w.retry("Gate", id, types.StageRetryModeFailedActions); err != nil {
		t.Fatal(err)
	}
	second := w.token("orders", "Gate")
	if second == first || second == "" {
		t.Errorf("second token %q equals the first %q", second, first)
	}
	refused(t, w.answer("orders", "Gate", "Approve", first, types.ApprovalStatusApproved), "ApprovalAlreadyCompletedException")
	if err := w.answer("orders", "Gate", "Approve", second, types.ApprovalStatusApproved); err != nil {
		t.Fatal(err)
	}
	w.wantStatus("orders", id, types.PipelineExecutionStatusSucceeded)
}

func TestTokenIsTheActionExecutionIDExceptInAStrictWorld(t *testing.T) {
	t.Parallel()
	for _, isStrict := range []bool{false, true} {
		w := newWorld(t, func(o *codepipeline.Options) { o.Strict = isStrict })
		w.create(line(api.Superseded, gateStage(nil)))
		w.start("orders")
		w.pass(time.Second)
		a := w.stage("orders", "Gate").ActionStates[0].LatestExecution
		if same := *a.Token == *a.ActionExecutionId; same == isStrict {
			t.Errorf("strict %v: token equals action execution id: %v", isStrict, same)
		}
		out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
		if err != nil {
			t.Fatal(err)
		}
		if got := *out.ActionExecutionDetails[0].Output.ExecutionResult.ExternalExecutionId; got != *a.Token {
			t.Errorf("strict %v: externalExecutionId is not the token", isStrict)
		}
	}
}

func TestApprovalUnansweredAtItsDeadlineFails(t *testing.T) {
	t.Parallel()
	for _, minutes := range []int{0, 5} {
		w := newWorld(t)
		gate := gateStage(nil)
		gate.Actions[0].TimeoutInMinutes = minutes
		limit := 7 * 24 * time.Hour
		if minutes > 0 {
			limit = time.Duration(minutes) * time.Minute
		}
		w.create(line(api.Superseded, gate))
		id := w.start("orders")
		w.pass(time.Second)
		token := w.token("orders", "Gate")
		w.pass(limit - time.Second)
		w.wantStatus("orders", id, types.PipelineExecutionStatusInProgress)
		w.pass(time.Second)
		w.wantStatus("orders", id, types.PipelineExecutionStatusFailed)
		refused(t, w.answer("orders", "Gate", "Approve", token, types.ApprovalStatusApproved), "InvalidApprovalTokenException")
	}
}

func TestApprovalShowsItsTextsWithVariablesFilledIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, gateStage(map[string]string{
		"CustomData":         "Version #{Src.VersionId}, please",
		"ExternalEntityLink": "https://example.com/#{codepipeline.PipelineExecutionId}",
	})))
	id := w.start("orders")
	w.pass(time.Second)
	out, err := w.ListActionExecutions(t.Context(), &sdk.ListActionExecutionsInput{PipelineName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	gate, source := out.ActionExecutionDetails[0], out.ActionExecutionDetails[1]
	if got := gate.Input.ResolvedConfiguration; got["ExternalEntityLink"] != "https://example.com/"+id ||
		got["CustomData"] != "Version "+source.Output.OutputVariables["VersionId"]+", please" {
		t.Errorf("resolved configuration %v", got)
	}
	if gate.Input.Configuration["CustomData"] != "Version #{Src.VersionId}, please" {
		t.Errorf("configuration %v is not as declared", gate.Input.Configuration)
	}
}

func TestApprovalWithoutSummaryNamesTheCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, gateStage(nil)))
	id := w.start("orders")
	w.pass(time.Second)
	_, err := w.PutApprovalResult(t.Context(), &sdk.PutApprovalResultInput{
		PipelineName: aws.String("orders"), StageName: aws.String("Gate"), ActionName: aws.String("Approve"),
		Token: aws.String(w.token("orders", "Gate")), Result: &types.ApprovalResult{Status: types.ApprovalStatusApproved, Summary: aws.String("")},
	})
	if err != nil {
		t.Fatal(err)
	}
	result, _ := w.sees(id, "Action Gate Approve SUCCEEDED").fields["execution-result"].(map[string]any)
	if got := result["external-execution-summary"]; got != "Approved by arn:aws:iam::000000000000:user/automation" {
		t.Errorf("summary %q", got)
	}
}

func TestTokenOfAnotherActionIsInvalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(line(api.Superseded, gateStage(nil), api.Stage{
		Name: "Other", Actions: []api.Action{act("Second", "Approval", "Manual", nil)},
	}))
	w.start("orders")
	w.pass(time.Second)
	token := w.token("orders", "Gate")
	refused(t, w.answer("orders", "Other", "Second", token, types.ApprovalStatusApproved), "InvalidApprovalTokenException")
	refused(t, w.answer("orders", "Other", "Nobody", token, types.ApprovalStatusApproved), "ActionNotFoundException")
	refused(t, w.answer("orders", "Nowhere", "Second", token, types.ApprovalStatusApproved), "StageNotFoundException")
	refused(t, w.answer("nothing", "Other", "Second", token, types.ApprovalStatusApproved), "PipelineNotFoundException")
	refused(t, w.answer("orders", "Gate", "Approve", "not-a-token", types.ApprovalStatusApproved), "ValidationException")
}
