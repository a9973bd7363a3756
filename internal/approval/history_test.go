package approval_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// TestHistories plays random histories: events and votes that come in any
// order and any number of times, from anybody, with a crash or a lost reply at
// any effect, and somebody in the console. Whatever happens, CodePipeline is
// answered at most once, only with an approver's vote, and after one more
// delivery of everything the record, the cards and CodePipeline agree.
func TestHistories(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.users[marco.Slack] = approval.SlackUser{}
		voters := []people.Person{dana, lee, marco}
		var votes []approval.Ballot
		steps := map[string]func(*rapid.T){
			"started": func(*rapid.T) { _ = w.asker().Started(t.Context(), action) },
			"ended":   func(*rapid.T) { _ = w.decider().Ended(t.Context(), action) },
			"later":   func(*rapid.T) { w.now = w.now.Add(time.Minute) },
			"break": func(t *rapid.T) {
				w.failAt = w.effects + rapid.IntRange(1, 6).Draw(t, "in effects")
				w.after = rapid.Bool().Draw(t, "after it")
			},
			"vote": func(t *rapid.T) {
				p := rapid.SampledFrom(voters).Draw(t, "voter")
				verdict := rapid.SampledFrom([]approval.Verdict{approval.Approve, approval.Reject}).Draw(t, "verdict")
				b := approval.Ballot{
					ID: p.ID + string(verdict), RequestID: approval.RequestID(*w.waiting), Verdict: verdict, Reason: "because",
					Door: approval.DoorSlack, SlackUser: p.Slack, At: w.now,
				}
				votes = append(votes, b)
				_ = w.decider().Vote(t.Context(), b)
			},
			"console": func(t *rapid.T) {
				if w.ending == nil && rapid.IntRange(0, 3).Draw(t, "chance") == 0 {
					w.ending = &approval.Ending{How: approval.EndedApproved, Summary: "by hand", At: w.now}
				}
			},
		}
		t.Repeat(steps)
		settleDown(t, w, votes)
		check(t, w)
	})
}

// settleDown delivers everything once more, without faults: SQS and Lambda do
// that until it works.
func settleDown(t *rapid.T, w *world, votes []approval.Ballot) {
	w.failAt = 0
	w.now = w.now.Add(time.Minute)
	if err := w.asker().Started(t.Context(), action); err != nil {
		t.Fatalf("Started: %v", err)
	}
	for _, b := range votes {
		if err := w.decider().Vote(t.Context(), b); err != nil {
			t.Fatalf("Vote: %v", err)
		}
	}
	if err := w.decider().Ended(t.Context(), action); err != nil {
		t.Fatalf("Ended: %v", err)
	}
}

func check(t *rapid.T, w *world) {
	if w.answered > 1 {
		t.Fatalf("CodePipeline was answered %d times", w.answered)
	}
	if len(w.requests) == 0 {
		if w.answered > 0 {
			t.Fatalf("CodePipeline was answered without a request")
		}
		return
	}
	r := w.only(t)
	switch {
	case w.answered == 1 && (r.Vote == nil || r.Applied == nil || w.ending.Summary != approval.Summary(r)):
		t.Fatalf("CodePipeline has %+v, the record %+v", w.ending, r)
	case w.ending != nil && w.answered == 0 && r.State != approval.Closed:
		t.Fatalf("ended elsewhere, and the request is %s", r.State)
	case r.Vote != nil && r.Vote.By.ID == marco.ID:
		t.Fatalf("the vote of somebody who is no approver counted")
	case r.Vote != nil && len(w.audit) != 1:
		t.Fatalf("there are %d audit entries for one vote", len(w.audit))
	}
	for _, c := range r.Cards {
		if shown := w.drawn[c]; shown.State != r.State || (shown.Applied == nil) != (r.Applied == nil) {
			t.Fatalf("card %v shows %s, the record is %s", c, shown.State, r.State)
		}
	}
}
