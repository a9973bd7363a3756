package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// two makes the request need both of its approvers.
func two(w *world) { w.edit(func(r *approval.Request) { r.Rule.Quorums[0].Need = 2 }) }

// inSlack is Dana's approval by a click, where Lee's is waited for.
func inSlack(w *world) {
	two(w)
	w.edit(func(r *approval.Request) {
		r.Votes = append(r.Votes, approval.Vote{Verdict: approval.Approve, By: dana, Door: approval.DoorSlack, At: asked, Ballot: "slack:1"})
	})
}

// byLink is Dana's approval through her link, counted.
func byLink(w *world) {
	two(w)
	w.post(w.form(dana, code, "", "approve"))
	w.count()
}

func takenBack(w *world) {
	byLink(w)
	w.back(code)
	w.count()
}

func (w *world) back(typed string) (int, string) {
	res := w.post(url.Values{"t": {w.token(dana)}, "code": {typed}, "verdict": {"withdraw"}})
	return res.Status, res.Header["Location"] + res.Body
}

func (w *world) standing(p people.Person) bool {
	for _, progress := range w.requests[request().ID].Tally() {
		if _, ok := people.ByID(progress.Have, p.ID); ok {
			return true
		}
	}
	return false
}

// TestAnApprovalIsTakenBackOnThePage walks the whole way, and back again.
func TestAnApprovalIsTakenBackOnThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	byLink(w)
	door := "/approve?back=1&amp;t=" + w.token(dana)
	if body := w.get("t=" + w.token(dana) + "&voted=1").Body; !strings.Contains(body, door) || strings.Contains(body, "<form") {
		t.Errorf("the result does not lead there:\n%s", text(body))
	}
	before := len(w.queue)
	if res := w.get("back=1&t=" + w.token(dana)); res.Status != http.StatusOK || !strings.Contains(res.Body, `value="withdraw"`) || len(w.queue) != before || strings.Contains(res.Body, `http-equiv="refresh"`) {
		t.Errorf("status %d, queue %v:\n%s", res.Status, w.queue, text(res.Body))
	}
	status, location := w.back(code)
	taken := "taken=" + strconv.FormatInt(now.Unix(), 10)
	if status != http.StatusSeeOther || location != "/approve?t="+w.token(dana)+"&"+taken {
		t.Fatalf("status %d to %q", status, location)
	}
	want := approval.Ballot{RequestID: request().ID, Verdict: approval.Withdraw, Door: approval.DoorEmail, PersonID: "dana", At: now}
	got := w.queue[len(w.queue)-1]
	want.ID = got.ID
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ballot (-want +got):\n%s", diff)
	}
	if body := w.get(taken + "&t=" + w.token(dana)).Body; !strings.Contains(body, "is being taken back") || !strings.Contains(body, `http-equiv="refresh"`) {
		t.Errorf("on its way:\n%s", text(body))
	}
	w.count()
	if w.standing(dana) {
		t.Error("the approval still counts")
	}
	for _, query := range []string{taken + "&", "voted=1&", "back=1&", ""} {
		body := w.get(query + "t=" + w.token(dana)).Body
		if !strings.Contains(body, "Your approval no longer counts") && !strings.Contains(body, "It has been taken back") || strings.Contains(body, "<form") {
			t.Errorf("%q:\n%s", query, text(body))
		}
	}
}

// TestAUsedLinkVotesNoMore: neither before nor after its vote was taken back.
func TestAUsedLinkVotesNoMore(t *testing.T) {
	t.Parallel()
	for _, prepare := range []func(*world){byLink, takenBack} {
		for _, verdict := range []string{"approve", "reject"} {
			w := newWorld(t)
			prepare(w)
			before := len(w.queue)
			if status, _ := w.answer("", "because", verdict); status != http.StatusConflict || len(w.queue) != before {
				t.Errorf("%s: status %d, queue %v", verdict, status, w.queue)
			}
		}
	}
}

// TestTakingBackTwiceIsTakingBackOnce, and another approval is another matter.
func TestTakingBackTwiceIsTakingBackOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	byLink(w)
	w.back(code)
	w.back(code)
	if len(w.queue) != 2 { // with the approval
		t.Errorf("queue %v", w.queue)
	}
	w.count()
	if status, _ := w.back(code); status != http.StatusConflict || len(w.queue) != 2 {
		t.Errorf("status %d, queue %v", status, w.queue)
	}
	first := w.queue[1].ID
	inSlack(w) // she approves again, with a click
	if status, _ := w.back(code); status != http.StatusSeeOther || len(w.queue) != 3 || w.queue[2].ID == first {
		t.Errorf("status %d, queue %v", status, w.queue)
	}
}

func TestTakingBackTakesTheCode(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, says string }{{"", "Type the code"}, {"WRNG-WRNG", "This code is not right"}}
	for _, prepare := range []func(*world){byLink, inSlack} {
		for _, tt := range tests {
			w := newWorld(t)
			prepare(w)
			before := len(w.queue)
			status, body := w.back(tt.typed)
			if status != http.StatusUnprocessableEntity || !strings.Contains(body, tt.says) || !strings.Contains(body, `value="withdraw"`) || len(w.queue) != before {
				t.Errorf("%q: status %d, queue %v:\n%s", tt.typed, status, w.queue, text(body))
			}
		}
	}
	w := newWorld(t)
	inSlack(w)
	for range approval.MaxAttempts {
		w.back("WRNG-WRNG")
	}
	if status, _ := w.back(code); status != http.StatusLocked || len(w.queue) != 0 {
		t.Errorf("after five guesses on a link that could vote: %d, queue %v", status, w.queue)
	}
}

// TestAClickIsTakenBackThroughALinkThatHasNotVoted, which may vote after it.
func TestAClickIsTakenBackThroughALinkThatHasNotVoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inSlack(w)
	body := w.get("t=" + w.token(dana)).Body
	if !strings.Contains(body, "/approve?back=1") || strings.Contains(body, `value="approve"`) || !strings.Contains(body, `value="reject"`) {
		t.Errorf("the page offers the wrong answers:\n%s", text(body))
	}
	if status, _ := w.answer("", "", "approve"); status != http.StatusUnprocessableEntity {
		t.Errorf("a second approval: %d", status)
	}
	w.back(code)
	w.count()
	if w.standing(dana) {
		t.Fatal("the approval still counts")
	}
	if body := w.get("taken=1&t=" + w.token(dana)).Body; !strings.Contains(body, "has been taken back") || !strings.Contains(body, `value="approve"`) {
		t.Errorf("after it:\n%s", text(body))
	}
	if status, _ := w.answer("", "", "approve"); status != http.StatusSeeOther {
		t.Errorf("approving again: %d", status)
	}
	w.count()
	if !w.standing(dana) {
		t.Error("the new approval does not count")
	}
}

func TestNothingIsTakenBackThatDoesNotCount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(*world)
		status  int
	}{
		{"no answer", func(*world) {}, 409},
		{"somebody else's", func(w *world) {
			two(w)
			w.edit(func(r *approval.Request) {
				r.Votes = []approval.Vote{{Verdict: approval.Approve, By: lee, At: asked, Ballot: "slack:1"}}
			})
		}, 409},
		{"an answer on its way", use(approval.Approve), 409},
		{"what decided", both(use(approval.Approve), approveBy(byDana)), 409},
		{"what has ended", endAs(approval.EndedCanceled), 409},
		{"what is over", both(inSlack, func(w *world) {
			w.now = request().ExpiresAt.Add(-time.Nanosecond)
			w.edit(func(r *approval.Request) { r.Rule.Expire = time.Hour })
		}), 410},
	}
	for _, tt := range tests {
		w := newWorld(t)
		tt.prepare(w)
		status, body := w.back(code)
		if status != tt.status || len(w.queue) != 0 || w.links[key(dana)].Attempts != 0 || strings.Contains(body, `value="withdraw"`) {
			t.Errorf("%s: status %d, queue %v:\n%s", tt.name, status, w.queue, text(body))
		}
		if body := w.get("back=1&t=" + w.token(dana)).Body; strings.Contains(body, `value="withdraw"`) {
			t.Errorf("%s: the page offers it:\n%s", tt.name, text(body))
		}
	}
}

func TestAQueueThatIsDownTakesNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	byLink(w)
	w.broken["Cast"] = true
	status, body := w.back(code)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "your approval still counts") || !strings.Contains(body, `value="withdraw"`) {
		t.Errorf("status %d:\n%s", status, text(body))
	}
	w = newWorld(t)
	inSlack(w)
	w.broken["SpendAttempt"] = true
	if status, _ := w.back(code); status != http.StatusServiceUnavailable || len(w.queue) != 0 {
		t.Errorf("status %d, queue %v", status, w.queue)
	}
}

// TestALinkIsUsedOnceItsVoteCounts, even when a crash kept it from being
// marked.
func TestALinkIsUsedOnceItsVoteCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken["UseLink"] = true
	takenBack(w)
	if w.links[key(dana)].UsedAt != nil || w.standing(dana) {
		t.Fatal("the link was marked, or the approval counts")
	}
	if status, body := w.answer("", "", "approve"); status != http.StatusConflict || !strings.Contains(body, "has been taken back") {
		t.Errorf("status %d:\n%s", status, text(body))
	}
}
