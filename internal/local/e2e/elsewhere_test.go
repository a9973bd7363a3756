package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// deadNow checks that neither the card nor the link can answer any more.
func deadNow(r *release, m said, i invitation, words ...string) {
	r.t.Helper()
	i.want(i.look(), http.StatusOK, words...)
	i.want(i.answer(i.code, "approve", ""), http.StatusConflict, words...)
	tell[map[string]string](r.t, r.system, "/local/slack/actions", map[string]string{
		"user": ada.Slack, "channel": m.Channel, "ts": m.TS, "action_id": approve,
	}, http.StatusConflict) // Slack shows no such button any more
	r.unaudited(m)
}

func TestDecisionInTheConsoleClosesTheCard(t *testing.T) {
	t.Parallel()
	for status, c := range map[string]struct{ card, page string }{
		"Approved": {"Approved outside Signalbox", "Approved elsewhere"},
		"Rejected": {"Rejected outside Signalbox", "Rejected elsewhere"},
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			r := begin(t, ruled)
			m, i := r.asked(), r.invited(ada)
			tell[struct{}](t, r.system, "/local/codepipeline/"+r.pipeline+"/Approval/Approval/approval",
				map[string]string{"status": status, "summary": "I was in the console anyway"}, http.StatusOK)
			r.closed(c.card, "I was in the console anyway")
			if status == "Approved" {
				r.goesOn()
			} else {
				r.stopsHere()
			}
			deadNow(r, m, i, c.page)
		})
	}
}

func TestStoppedExecutionClosesTheCard(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m, i := r.asked(), r.invited(ada)
	tell[map[string]string](t, r.system, "/local/codepipeline/"+r.pipeline+"/stop",
		map[string]any{"execution_id": r.execution, "abandon": true, "reason": "Wrong branch"}, http.StatusOK)
	r.closed("Stopped", r.execution[:8])
	deadNow(r, m, i, "Stopped")
}

// A newer release does not take the place of one that holds the stage: it
// waits in front, and is asked about in its turn.
func TestNewerReleaseWaitsItsTurn(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	m := r.asked()
	next := *r
	next.execution = tell[struct {
		ID string `json:"execution_id"`
	}](t, r.system, "/local/codepipeline/"+r.pipeline+"/start", map[string]string{"message": "Newer"}, http.StatusOK).ID
	eventually(t, "the newer release waits in front of the approval", func() (string, bool) {
		state, err := r.pipelines.GetPipelineState(t.Context(), &codepipeline.GetPipelineStateInput{Name: aws.String(r.pipeline)})
		if err != nil {
			t.Fatal(err)
		}
		inbound := state.StageStates[1].InboundExecution
		if inbound == nil {
			return "", false
		}
		return aws.ToString(inbound.PipelineExecutionId), aws.ToString(inbound.PipelineExecutionId) == next.execution
	})
	if got := next.cards(); len(got) > 0 {
		t.Errorf("the newer release is asked about before its turn: %+v", got)
	}
	r.rejects(ada, m, "Take the newer one")
	later := next.asked()
	if !strings.Contains(later.words(), "Newer") {
		t.Errorf("the second card is not about the newer commit:\n%s", later.words())
	}
	r.closed("Rejected by *" + ada.Name + "*")
	next.click(bo, later, approve)
	next.goesOn()
	next.closed("Approved by *" + bo.Name + "*")
}

func TestRetriedApprovalAsksAgain(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	old, oldLink := r.asked(), r.invited(ada)
	r.rejects(bo, old, "Not before noon")
	r.stopsHere()
	r.closed("Rejected by *" + bo.Name + "*")
	_, err := r.pipelines.RetryStageExecution(t.Context(), &codepipeline.RetryStageExecutionInput{
		PipelineName: aws.String(r.pipeline), PipelineExecutionId: aws.String(r.execution),
		StageName: aws.String("Approval"), RetryMode: types.StageRetryModeFailedActions,
	})
	if err != nil {
		t.Fatal(err)
	}
	fresh := r.asked()
	freshLink := r.invitedAgain(ada, 2)
	if fresh.TS == old.TS || freshLink.token == oldLink.token || freshLink.code == oldLink.code {
		t.Fatal("the retried approval has the card, the link or the code of the first attempt")
	}

	// What belongs to the first attempt answers nothing about the second.
	oldLink.want(oldLink.look(), http.StatusOK, "Rejected", bo.Name)
	oldLink.want(oldLink.answer(oldLink.code, "approve", ""), http.StatusConflict, bo.Name)
	oldLink.want(freshLink.with(oldLink.token).answer(freshLink.code, "approve", ""), http.StatusConflict, bo.Name)
	if got := r.send(t, r.pressed(ada, old, r.request(old), approve)); got != http.StatusOK {
		t.Fatalf("a click on the old button is answered %d", got)
	}
	r.told(ada, bo.Name+" rejected this", "Not before noon")
	r.stillWaits()
	r.unaudited(fresh)

	r.click(ada, fresh, approve)
	r.goesOn()
	r.audited(fresh, ada.Name)
	r.audited(old, bo.Name)
	if all := r.approvals(); len(all) != 2 {
		t.Errorf("CodePipeline knows %d attempts, want 2", len(all))
	}
}
