package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/people"
)

// priya of the demo is in a Slack user group.
var priya = people.Person{ID: "priya", Name: "Priya Raman", Slack: "U0PRIYA0003"}

// What the buttons of a card are called, besides approve and reject.
const (
	takeBack   = "approval_withdraw"
	breakGlass = "approval_override"
)

// says waits for a card of r with all of the words.
func (r *release) says(words ...string) said {
	r.t.Helper()
	return r.card("that says "+strings.Join(words, ", "), func(m said) bool {
		for _, w := range words {
			if !strings.Contains(m.words(), w) {
				return false
			}
		}
		return true
	})
}

func TestTwoCirclesHaveToAgreeAndNobodyApprovesTheirOwn(t *testing.T) {
	t.Parallel()
	r := beginBy(t, circled, message, ada.Name) // Ada wrote the change
	m := r.asked()
	r.click(ada, m, approve)
	r.told(ada, "You wrote a change in this release", "Nobody approves their own release")
	r.click(priya, m, approve) // of the Slack user group
	m = r.says("1 of 1", "0 of 1")
	r.stillWaits()
	r.click(cleo, m, approve)
	r.told(cleo, "You are not an approver")
	r.click(priya, m, takeBack)
	r.says("Ops* 0 of 1")
	r.click(priya, r.asked(), approve)
	r.says("1 of 1")
	r.click(bo, r.asked(), approve)
	r.goesOn()
	r.closed("Bo Larsen", "Priya Raman")
	r.wantSummary("Approved by Bo Larsen", "Priya Raman")
	r.recorded("VOTE_REFUSED", "VOTE_WITHDRAWN", "DECIDED", "APPLIED")
}

// recorded checks that the audit trail of r, which verifies, has entries of
// these kinds.
func (r *release) recorded(kinds ...string) {
	r.t.Helper()
	have := map[string]bool{}
	for _, e := range r.trail() {
		have[string(e.Kind)] = true
	}
	for _, k := range kinds {
		if !have[k] {
			r.t.Errorf("the audit trail of %s has no %s", r.pipeline, k)
		}
	}
}

func TestAUserGroupThatIsGoneAdmitsNobody(t *testing.T) {
	t.Parallel()
	r := begin(t, grouped)
	m := r.asked()
	tell[map[string]any](t, r.system, "/local/slack/usergroups/"+emptyGroup, map[string]any{"deleted": true}, http.StatusOK)
	// What is known of a group is at most half a minute old.
	eventually(t, "Priya is told that the group is gone", func() ([]string, bool) {
		r.click(priya, m, approve)
		all := r.whispers(priya)
		return all, len(all) > 0 && strings.Contains(all[len(all)-1], "does not exist any more")
	})
	r.stillWaits()
}

func TestHighRiskTakesTheLinkAndBreakingTheGlassPages(t *testing.T) {
	t.Parallel()
	r := begin(t, risky)
	m, i := r.asked(), r.invited(ada)
	r.click(ada, m, approve)
	eventually(t, "Ada is given her link in Slack", func() ([]said, bool) {
		var mine []said
		for _, w := range list[[]said](t, r.system, "/local/slack/messages?channel="+r.channel) {
			if w.EphemeralTo == ada.Slack && strings.Contains(w.words(), "/approve?t=") && strings.Contains(w.words(), r.pipeline) {
				mine = append(mine, w)
			}
		}
		return mine, len(mine) > 0
	})
	r.stillWaits()
	form := url.Values{"t": {i.token}, "code": {i.code}, "verdict": {"approve"}}
	i.want(post(t, i.env["SIGNALBOX_API_URL"]+"/approve", form), http.StatusUnprocessableEntity, "Type the name of the pipeline")
	form.Set("pipeline", r.pipeline)
	if done := post(t, i.env["SIGNALBOX_API_URL"]+"/approve", form); done.status != http.StatusSeeOther {
		t.Fatalf("with the name typed the page answers %d:\n%s", done.status, done.body)
	}
	r.goesOn()
	r.closed("Approved by *" + ada.Name + "*")

	glass := begin(t, risky)
	m = glass.asked()
	glass.answers(bo, m, breakGlass, "production is down")
	glass.goesOn()
	glass.wantSummary("Approved by breaking the glass, by Bo Larsen", "production is down")
	glass.recorded("OVERRIDE")
}

// answers presses a button that asks for a reason, and gives it.
func (r *release) answers(who people.Person, m said, button, why string) {
	r.t.Helper()
	r.click(who, m, button)
	v := eventually(r.t, "a modal for "+who.Name, func() (modal, bool) {
		all := r.modals(who, m)
		if len(all) == 0 {
			return modal{}, false
		}
		return all[len(all)-1], true
	})
	tell[answered](r.t, r.system, "/local/slack/views/"+v.ID, reason(who, why), http.StatusOK).check(r.t, who.Name+" sending the reason")
}
