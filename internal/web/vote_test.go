package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
)

func TestAnAnswerIsPutOnTheQueueOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	form := w.form(dana, " bcdf ghjk ", "", "approve")
	res := w.post(form)
	if want := "/approve?t=" + w.token(dana) + "&voted=1"; res.Status != http.StatusSeeOther || res.Header["Location"] != want {
		t.Errorf("answer = %d to %q, want 303 to %q", res.Status, res.Header["Location"], want)
	}
	want := []approval.Ballot{{
		ID: "link:" + request().ID + ":" + approval.PersonKey("dana") + ":approve", RequestID: request().ID,
		Verdict: approval.Approve, Door: approval.DoorEmail, PersonID: "dana", At: now,
	}}
	if diff := cmp.Diff(want, w.queue); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Link", "Request", "Verify", "SpendAttempt", "Cast", "UseLink"}, w.calls); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	again := w.post(form)
	if again.Status != http.StatusConflict || !strings.Contains(again.Body, "You have answered already") || len(w.queue) != 1 {
		t.Errorf("second answer: status %d, queue %v", again.Status, w.queue)
	}
}

func TestARejectionCarriesItsReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(w.form(dana, code, "  Two tests failed:\r\n1. totals\r2. tax\x00\x1b[31m  ", "reject"))
	if len(w.queue) != 1 || w.queue[0].Verdict != approval.Reject || w.queue[0].Reason != "Two tests failed:\n1. totals\n2. tax  [31m" {
		t.Errorf("queue = %+v", w.queue)
	}
}

func TestAnswersThatNeedAnotherLookSpendNoAttempt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, code, reason, verdict string
		says                        string
	}{
		{"a form sent empty", "", "", "approve", "Type the code from the mail"},
		{"a code of dashes", " - ", "", "approve", "Type the code from the mail"},
		{"a rejection without a reason", code, " \n ", "reject", "Say why you reject"},
		{"a reason that nobody can see", code, "\u200b\u2060", "reject", "Say why you reject"},
		{"a reason that is too long", code, strings.Repeat("ä", 501), "approve", "Shorten the reason to 500 characters; it has 501."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			res := w.post(w.form(dana, tt.code, tt.reason, tt.verdict))
			if res.Status != http.StatusUnprocessableEntity || !strings.Contains(res.Body, tt.says) {
				t.Errorf("status %d, want 422 and %q:\n%s", res.Status, tt.says, text(res.Body))
			}
			if len(w.queue) > 0 || w.links[key(dana)].Attempts != 0 {
				t.Errorf("queue %v, %d attempts", w.queue, w.links[key(dana)].Attempts)
			}
			if !strings.Contains(res.Body, strings.TrimSpace(tt.reason)+"</textarea>") {
				t.Error("the typed reason is lost")
			}
		})
	}
}

func TestFiveWrongCodesLockTheLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, says := range []string{"4 more times", "3 more times", "2 more times", "once more"} {
		res := w.post(w.form(dana, "WRNG-WRNG", "I <looked> at it", "approve"))
		if res.Status != http.StatusUnprocessableEntity || !strings.Contains(res.Body, says) {
			t.Errorf("status %d, want 422 and %q:\n%s", res.Status, says, text(res.Body))
		}
		if !strings.Contains(res.Body, "\nI &lt;looked&gt; at it</textarea>") || strings.Contains(res.Body, "WRNG") {
			t.Error("the reason is lost, or the code shown")
		}
	}
	for range 2 {
		if res := w.post(w.form(dana, "WRNG-WRNG", "", "approve")); res.Status != http.StatusLocked {
			t.Errorf("status %d, want 423", res.Status)
		}
	}
	if res := w.post(w.form(dana, code, "", "approve")); res.Status != http.StatusLocked || len(w.queue) != 0 {
		t.Errorf("right code on a locked link: status %d, queue %v", res.Status, w.queue)
	}
	if res := w.post(w.form(lee, code, "", "approve")); res.Status != http.StatusSeeOther {
		t.Errorf("somebody else's link: status %d", res.Status)
	}
}

func TestTheLastAttemptMayBeRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.editLink(dana, func(l *approval.Link) { l.Attempts = approval.MaxAttempts - 1 })
	if res := w.post(w.form(dana, code, "", "approve")); res.Status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("status %d, queue %v", res.Status, w.queue)
	}
}

func TestAQueueThatIsDownRecordsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken["Cast"] = true
	res := w.post(w.form(dana, code, "Looks good", "approve"))
	if res.Status != http.StatusServiceUnavailable || res.Header["Retry-After"] == "" {
		t.Errorf("status %d, Retry-After %q", res.Status, res.Header["Retry-After"])
	}
	for _, want := range []string{"Nothing was recorded", "4 more tries", "\nLooks good</textarea>"} {
		if !strings.Contains(res.Body, want) {
			t.Errorf("the page does not say %q:\n%s", want, text(res.Body))
		}
	}
	if w.links[key(dana)].UsedAt != nil {
		t.Error("the link was used up")
	}
	w.broken["Cast"] = false
	if res := w.post(w.form(dana, code, "Looks good", "approve")); res.Status != http.StatusSeeOther || len(w.queue) != 1 {
		t.Errorf("second try: status %d, queue %v", res.Status, w.queue)
	}
}

func TestAQueueThatIsDownAtTheLastAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken["Cast"] = true
	w.editLink(dana, func(l *approval.Link) { l.Attempts = approval.MaxAttempts - 1 })
	res := w.post(w.form(dana, code, "", "approve"))
	if res.Status != http.StatusServiceUnavailable || !strings.Contains(res.Body, "it is locked now") || strings.Contains(res.Body, "<form") {
		t.Errorf("status %d:\n%s", res.Status, text(res.Body))
	}
}

func TestAQueueThatIsDownAtTheLastAttemptButOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken["Cast"] = true
	w.editLink(dana, func(l *approval.Link) { l.Attempts = approval.MaxAttempts - 2 })
	if res := w.post(w.form(dana, code, "", "approve")); !strings.Contains(res.Body, "one more try") {
		t.Errorf("the page does not warn:\n%s", text(res.Body))
	}
}

func TestATableThatThrottlesTheAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken["SpendAttempt"] = true
	if res := w.post(w.form(dana, code, "", "approve")); res.Status != http.StatusServiceUnavailable || len(w.queue) != 0 {
		t.Errorf("status %d, queue %v", res.Status, w.queue)
	}
}

// TestACrashBetweenCastAndUseIsHarmless leaves the link open after its vote
// and answers again, with the same verdict and with another.
func TestACrashBetweenCastAndUseIsHarmless(t *testing.T) {
	t.Parallel()
	for _, again := range []string{"approve", "reject"} {
		for _, counted := range []bool{false, true} {
			w := newWorld(t)
			w.broken["UseLink"] = true
			res := w.post(w.form(dana, code, "", "approve"))
			if res.Status != http.StatusAccepted || !strings.Contains(res.Body, "Your answer is recorded") {
				t.Fatalf("status %d:\n%s", res.Status, text(res.Body))
			}
			w.broken["UseLink"] = false
			if counted {
				w.count()
			}
			w.post(w.form(dana, code, "changed my mind", again))
			w.count()
			r := w.requests[request().ID]
			if r.State != approval.Approved || r.Vote.By.ID != "dana" {
				t.Errorf("%s, counted %v: the request is %s", again, counted, r.State)
			}
			final := w.get("t=" + w.token(dana) + "&voted=1")
			if final.Status != http.StatusOK || !strings.Contains(final.Body, "Approved: web-shop to production") {
				t.Errorf("%s, counted %v: status %d:\n%s", again, counted, final.Status, text(final.Body))
			}
		}
	}
}

// TestTwoPeopleAnswerInTheSameInstant: one wins, and the other is told.
func TestTwoPeopleAnswerInTheSameInstant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(w.form(dana, code, "", "approve"))
	w.post(w.form(lee, code, "Not today", "reject"))
	w.now = w.now.Add(time.Second)
	w.count()
	won, lost := w.get("t="+w.token(dana)+"&voted=1"), w.get("t="+w.token(lee)+"&voted=1")
	if !strings.Contains(won.Body, "This is your answer") {
		t.Errorf("Dana reads:\n%s", text(won.Body))
	}
	if !strings.Contains(lost.Body, "Dana Whitfield was first") || !strings.Contains(lost.Body, "was not counted") {
		t.Errorf("Lee reads:\n%s", text(lost.Body))
	}
}

// TestNothingSecretIsLogged does not run in parallel: it owns the log.
func TestNothingSecretIsLogged(t *testing.T) { //nolint:paralleltest // it replaces the default logger
	w := newWorld(t)
	log := withLog(t, func() {
		w.get("t=" + w.token(dana))
		w.get("t=" + w.token(dana)[:50])
		w.post(w.form(dana, "WRNG-WRNG", "a private reason", "approve"))
		w.broken["Cast"] = true
		w.post(w.form(dana, code, "a private reason", "approve"))
		w.broken["Cast"] = false
		w.post(w.form(dana, code, "a private reason", "approve"))
	})
	for _, secret := range []string{w.token(dana)[:20], w.token(dana)[50:], code, "WRNG", "a private reason"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q:\n%s", secret, log)
		}
	}
	for _, want := range []string{`"reference":"` + reference, `"by":"dana"`, `"page":"voted"`, `"level":"ERROR"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
}
