package pipeline_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

func decided(state approval.State, v approval.Verdict) approval.Request {
	return approval.Request{
		ID: "abcdefghijklmnopqrstuvwxyz", State: state,
		Waiting: approval.Waiting{Action: action(), ActionExecutionID: token, Token: token, StartedAt: started, ExpiresAt: deadline},
		Vote: &approval.Vote{
			Verdict: v, By: people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com"},
			Door: approval.DoorSlack, Reason: strings.Repeat("日", 500), At: started,
		},
	}
}

func TestResolveTellsTheVerdictAndWhoGaveIt(t *testing.T) {
	t.Parallel()
	for r, status := range map[*approval.Request]string{
		new(decided(approval.Approved, approval.Approve)): "Approved",
		new(decided(approval.Rejected, approval.Reject)):  "Rejected",
	} {
		s, c := serve(t)
		if err := c.Resolve(t.Context(), *r); err != nil {
			t.Fatal(err)
		}
		in := s.inputs["PutApprovalResult"][0]
		result := in["result"].(object)
		if in["pipelineName"] != "orders-release" || in["stageName"] != "Approval" || in["actionName"] != "ApproveRelease" ||
			in["token"] != token || result["status"] != status || result["summary"] != approval.Summary(*r) {
			t.Errorf("PutApprovalResult was called with %v", in)
		}
		if n := len([]rune(result["summary"].(string))); n > 512 {
			t.Errorf("the summary has %d characters, and CodePipeline takes 512", n)
		}
	}
}

func TestRequestThatNobodyDecidedIsNotAnswered(t *testing.T) {
	t.Parallel()
	for _, state := range []approval.State{approval.Pending, approval.Closed, ""} {
		s, c := serve(t)
		if err := c.Resolve(t.Context(), decided(state, approval.Approve)); err == nil || len(s.calls()) != 0 {
			t.Errorf("Resolve of a %q request = %v after %v; want an error and no call", state, err, s.calls())
		}
	}
}

func TestAnswerThatIsNotWantedIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		"ApprovalAlreadyCompletedException", "com.amazonaws.codepipeline#InvalidApprovalTokenException",
		"PipelineNotFoundException", "StageNotFoundException", "ActionNotFoundException",
	} {
		s, c := serve(t)
		s.answers["PutApprovalResult"] = []any{fault{kind, "no"}}
		if err := c.Resolve(t.Context(), decided(approval.Approved, approval.Approve)); !errors.Is(err, approval.ErrNotWaiting) {
			t.Errorf("Resolve with %s = %v, want ErrNotWaiting", kind, err)
		}
		if n := len(s.calls()); n != 1 {
			t.Errorf("%s: %d calls, want 1", kind, n)
		}
	}
}

func TestFailedAnswerDoesNotShowTheToken(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.answers["PutApprovalResult"] = []any{fault{"ValidationException", "1 validation error detected: Value '" + token + "' at 'token' failed"}}
	err := c.Resolve(t.Context(), decided(approval.Approved, approval.Approve))
	var invalid *types.ValidationException
	if !errors.As(err, &invalid) {
		t.Fatalf("Resolve = %v, want the ValidationException", err)
	}
	if strings.Contains(err.Error(), token) || !strings.Contains(err.Error(), "[token]") {
		t.Errorf("error %q shows the token", err)
	}
}

func TestThrottledAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	s, c := serve(t)
	s.answers["PutApprovalResult"] = []any{fault{"ThrottlingException", "Rate exceeded"}, object{"approvedAt": 1773134999.5}}
	if err := c.Resolve(t.Context(), decided(approval.Approved, approval.Approve)); err != nil {
		t.Fatal(err)
	}
	if got := s.calls(); !slices.Equal(got, []string{"PutApprovalResult", "PutApprovalResult"}) {
		t.Errorf("calls: %v", got)
	}
}
