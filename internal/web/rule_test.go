package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

var priya = people.Person{ID: "priya", Name: "Priya Raman"}

// severe puts the request under a rule of two circles, of which the second has
// approved, and tells what it would release.
func severe(w *world) {
	w.edit(func(r *approval.Request) {
		r.Rule.Quorums = []approval.Quorum{
			{Name: "QA", Need: 1, People: []people.Person{dana, lee}}, {Name: "Ops", Need: 1, People: []people.Person{priya}},
		}
		r.Rule.HighRisk, r.Rule.ReasonToApprove = true, true
		r.Votes = []approval.Vote{{Verdict: approval.Approve, By: priya, Door: approval.DoorSlack, At: asked}}
		r.Notes = []string{"The Slack user group S0OPS000002 has no members, so it admits nobody."}
		r.Changes = release.Changes{
			Since: &release.Release{ExecutionID: "1f0e3b5c", At: asked.AddDate(0, 0, -2)},
			More:  12, Missing: []string{"The authors of 2 executions could not be read: no answer in time."},
			Images:     []release.Image{{Repository: "web-shop", Digest: "sha256:" + strings.Repeat("ab", 32), Verdict: release.Findings, Counts: map[string]int{"HIGH": 2}}},
			Tests:      []release.Test{{Name: "unit", Passed: 412, Failed: 1}},
			Superseded: []release.Superseded{{ExecutionID: "x"}},
		}
		for _, summary := range []string{"Round totals", "Show tax apart", "<b>Bold</b> & brave", "Fix WEB-12", "Cents", "More cents", "Less cents"} {
			r.Changes.Commits = append(r.Changes.Commits, release.Commit{
				ID: strings.Repeat("4c1f0a9b", 5), Summary: summary, Author: "Jonas Weber", URL: "https://github.com/example/web-shop/commit/4c1f", Keys: release.Keys(summary),
			})
		}
	})
}

// own makes Dana the author of the release.
func own(w *world) {
	w.edit(func(r *approval.Request) { r.Ties.People = []approval.Tie{{Person: dana.ID, As: approval.Authored}} })
}

// held is approved, and waits for the evening.
func held(w *world) {
	w.edit(func(r *approval.Request) {
		r.Rule.Hours = calendar.Timetable{Zone: "Europe/Berlin", Windows: []calendar.Window{{Days: []calendar.Day{calendar.Mon}, From: "20:00", To: "22:00"}}}
		r.Votes = []approval.Vote{{Verdict: approval.Approve, By: lee, Door: approval.DoorSlack, At: asked}}
		r.State, r.HeldUntil, r.HeldBecause = approval.Held, time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC), "Releases to production start only Mon 20:00–22:00 Europe/Berlin."
		r.ExpiresAt = asked.AddDate(0, 0, 7)
	})
}

// counted is Dana's approval, which waits for others.
func counted(w *world) {
	severe(w)
	w.edit(func(r *approval.Request) {
		r.Rule.Quorums[1].Need = 2
		r.Votes = append(r.Votes, approval.Vote{Verdict: approval.Approve, By: dana, Door: approval.DoorEmail, At: now})
	})
	use(approval.Approve)(w)
}

func (w *world) answer(pipeline, reason, verdict string) (int, string) {
	form := url.Values{"t": {w.token(dana)}, "code": {code}, "reason": {reason}, "verdict": {verdict}}
	if pipeline != "" {
		form.Set("pipeline", pipeline)
	}
	res := w.post(form)
	return res.Status, res.Body
}

func TestHighRiskTakesASecondAct(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "web", "WEB-SHOP", "web-shop\u200b", "payments"} {
		w := newWorld(t)
		severe(w)
		if status, body := w.answer(typed, "ready", "approve"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Type the name of the pipeline, web-shop") {
			t.Errorf("with %q typed: %d", typed, status)
		}
		if l := w.links[key(dana)]; l.Attempts != 0 || len(w.queue) != 0 {
			t.Errorf("with %q typed: %d attempts spent, queue %v", typed, l.Attempts, w.queue)
		}
	}
	w := newWorld(t)
	severe(w)
	if status, _ := w.answer("  web-shop ", "ready", "approve"); status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("with the name typed: %d, queue %v", status, w.queue)
	}
	w = newWorld(t)
	severe(w)
	if status, _ := w.answer("", "broken", "reject"); status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("a rejection needs no second act: %d, queue %v", status, w.queue)
	}
}

func TestAnApprovalMayNeedAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	severe(w)
	if status, body := w.answer("web-shop", " ", "approve"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Say why you approve") {
		t.Errorf("an approval without a reason: %d", status)
	}
	w.edit(func(r *approval.Request) { r.Rule.RejectSilently = true })
	if status, _ := w.answer("", "", "reject"); status != http.StatusSeeOther {
		t.Errorf("a silent rejection where the rule takes it: %d", status)
	}
}

func TestNobodyIsOfferedToApproveTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own(w)
	body := w.get("t=" + w.token(dana)).Body
	if !strings.Contains(body, "You wrote a change in this release") || strings.Contains(body, `value="approve"`) || !strings.Contains(body, `value="reject"`) {
		t.Errorf("the page does not say why, or offers the wrong answers:\n%s", body)
	}
	if strings.Index(body, "You wrote") > strings.Index(body, "What waits") {
		t.Error("the page says so only below everything else")
	}
	if status, body := w.answer("", "", "approve"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Nothing was recorded") {
		t.Errorf("an approval all the same: %d", status)
	}
	if l := w.links[key(dana)]; l.Attempts != 0 || l.UsedAt != nil || len(w.queue) != 0 {
		t.Errorf("an approval all the same spent %d attempts, queue %v", l.Attempts, w.queue)
	}
	if status, _ := w.answer("", "broken", "reject"); status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("a rejection of one's own: %d, queue %v", status, w.queue)
	}
	if body := w.get("t=" + w.token(lee)).Body; strings.Contains(body, "You wrote") || !strings.Contains(body, `value="approve"`) {
		t.Error("somebody else is kept from approving")
	}
}

func TestTheFormTakesNoOtherVerdicts(t *testing.T) {
	t.Parallel()
	for _, verdict := range []string{"override", "Withdraw", "Approve", ""} {
		w := newWorld(t)
		if status, _ := w.answer("", "because", verdict); status != http.StatusBadRequest || len(w.queue) != 0 {
			t.Errorf("verdict %q: %d, queue %v", verdict, status, w.queue)
		}
	}
}

// TestWhatOnlyTheCountingKnowsIsLeftToIt: whose changes they are may be found
// out when the vote is counted, and only then.
func TestWhatOnlyTheCountingKnowsIsLeftToIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.edit(func(r *approval.Request) { r.Ties.Unread = true })
	if status, _ := w.answer("", "", "approve"); status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("while the authors are not read: %d, queue %v", status, w.queue)
	}
	w = newWorld(t)
	w.edit(func(r *approval.Request) {
		r.Approvers, r.Rule.Quorums = []people.Person{lee}, []approval.Quorum{{Name: "QA", Need: 2, Groups: []string{"S0QA000001"}}}
	})
	if body := w.get("t=" + w.token(dana)).Body; !strings.Contains(body, "Could approve: anybody in the Slack user group S0QA000001") {
		t.Errorf("the page does not say who could:\n%s", text(body))
	}
	if status, _ := w.answer("", "", "approve"); status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("by somebody who may be in a group: %d, queue %v", status, w.queue)
	}
}

func TestOutsideOfTheHoursNoApprovalIsSpent(t *testing.T) {
	t.Parallel()
	for expires, says := range map[time.Time]string{
		asked.AddDate(0, 0, 7): "Approvals count again from Mon 23 Nov 20:00 (Europe/Berlin) on.",
		asked.AddDate(0, 0, 1): "CodePipeline gives up on this approval",
	} {
		w := newWorld(t)
		held(w)
		w.edit(func(r *approval.Request) {
			r.Rule.RefuseOutside = strings.HasPrefix(says, "Approvals")
			r.State, r.Votes, r.ExpiresAt = approval.Pending, nil, expires
		})
		body := w.get("t=" + w.token(dana)).Body
		if !strings.Contains(body, says) || !strings.Contains(body, "start only Mon 20:00") || strings.Contains(body, "freeze") {
			t.Errorf("the page does not say %q:\n%s", says, text(body))
		}
		if status, _ := w.answer("", "", "approve"); status != http.StatusUnprocessableEntity || w.links[key(dana)].Attempts != 0 {
			t.Errorf("an approval: %d", status)
		}
	}
}

func TestWhatIsHeldCanBeRejectedUntilItStarts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held(w)
	w.edit(func(r *approval.Request) { r.Rule.Expire = time.Hour }) // over, and of no account: it was approved in time
	body := w.get("t=" + w.token(dana)).Body
	for _, want := range []string{"Approved, and held: ", "It starts Mon 23 Nov 20:00 (Europe/Berlin).", `value="reject"`, "29 Nov 2026, 09:12 UTC"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q:\n%s", want, text(body))
		}
	}
	if status, _ := w.answer("", "", "approve"); status != http.StatusUnprocessableEntity || w.links[key(dana)].Attempts != 0 {
		t.Errorf("an approval of what has all it needs: %d", status)
	}
	if status, _ := w.answer("", "not tonight", "reject"); status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("a rejection: %d, queue %v", status, w.queue)
	}
}

func TestAnApprovalThatWaitsForOthersSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counted(w)
	body := w.get("t=" + w.token(dana) + "&voted=1").Body
	for _, want := range []string{"Your approval counts", "Waits for 1 more of Ops.", "1 of 2"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestHighRiskIsNotApprovedAgainAndSaysSoBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counted(w)
	if body := w.get("back=1&t=" + w.token(dana)).Body; !strings.Contains(body, "You cannot approve it again") {
		t.Errorf("the page does not warn:\n%s", text(body))
	}
}
