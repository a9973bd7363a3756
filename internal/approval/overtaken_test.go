package approval_test

import (
	"context"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/people"
)

// Each of these was found by a history.

func TestAHeldReleaseCanBeStoppedAfterTheTimeForAnswers(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Hours, rule.Expire = night, time.Hour })
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(2 * time.Hour)
	if err := w.decider().Vote(t.Context(), click(r, lee, approval.Reject, "found a bug")); err != nil {
		t.Fatal(err)
	}
	if got := w.only(t).State; got != approval.Rejected {
		t.Errorf("the held release is %s, told %q", got, w.told)
	}
}

func TestAnEscalationThatCompletesTheQuorumsDecides(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) {
		rule.Quorums = []approval.Quorum{circle("QA", 1, dana, lee), circle("Ops", 1, marco)}
		rule.Escalate = []approval.Escalation{{After: time.Hour, To: []people.Person{dana}, For: "Ops"}}
	})
	for _, p := range []people.Person{dana, lee} {
		if err := w.decider().Vote(t.Context(), click(r, p, approval.Approve, "")); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.only(t).State; got != approval.Pending {
		t.Fatalf("two of QA and nobody of Ops: %s", got)
	}
	w.now = w.now.Add(time.Hour)
	w.ring(t)
	if got := w.only(t); got.State != approval.Approved || !got.Settled || w.answered != 1 {
		t.Errorf("with Dana counting for Ops: %s, settled %v, answered %d", got.State, got.Settled, w.answered)
	}
	if len(w.said) != 0 {
		t.Errorf("announced %v of what is decided", w.said)
	}
}

// pen lets something happen in the middle of a drawing.
type pen struct {
	*world
	then func()
}

func (p *pen) Update(ctx context.Context, r approval.Request, c approval.Card) error {
	if then := p.then; then != nil {
		p.then = nil
		then()
	}
	return p.world.Update(ctx, r, c)
}

func TestAnOldDrawingDoesNotComeLast(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Quorums[0].Need = 2 })
	d := w.decider()
	d.Cards = &pen{world: w, then: func() {
		if err := w.decider().Vote(t.Context(), click(r, lee, approval.Reject, "broken")); err != nil {
			t.Errorf("the vote in between: %v", err)
		}
	}}
	if err := d.Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if shown := w.shown(r.Cards[0]); shown.State != approval.Rejected || shown.Applied == nil {
		t.Errorf("the card shows %s, applied %v; want the outcome", shown.State, shown.Applied)
	}
}

func TestACardThatComesAfterTheEndIsFoundByTheReconciler(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	r.Cards = nil
	w.requests[r.ID] = copied(r)
	w.now = w.now.Add(time.Minute)
	slow := &slowPost{world: w, meanwhile: func() {
		b := approval.Ballot{ID: "m", RequestID: r.ID, Verdict: approval.Approve, Door: approval.DoorEmail, PersonID: "lee", At: w.now}
		if err := w.decider().Vote(t.Context(), b); err != nil {
			t.Errorf("Vote: %v", err)
		}
		w.broken["update"] = errFault // the function ends before it has redrawn the card
	}}
	k := w.asker()
	k.Cards = slow
	_, _ = k.Started(t.Context(), action)
	delete(w.broken, "update")
	w.reconcile(t)
	if got := w.only(t); len(got.Cards) != 1 || w.shown(got.Cards[0]).State != approval.Approved || !got.Settled {
		t.Errorf("cards %v, settled %v; want one that shows the outcome", got.Cards, got.Settled)
	}
}

func TestAReminderThatComesTooLateIsNotMade(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Remind = []time.Duration{time.Hour} })
	w.now = w.now.Add(time.Hour)
	w.broken["announce"] = errFault
	_ = w.gate().AlarmRang(t.Context(), event.AlarmRang{Meta: event.Meta{Time: w.now}, Request: r.ID})
	delete(w.broken, "announce")
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if got := w.only(t); len(w.said) != 0 || !got.Settled {
		t.Errorf("announced %v, settled %v; want nothing more", w.said, got.Settled)
	}
}

func TestALiftedFreezeLeavesOneEntryAboutHolding(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(*approval.Rule) {})
	w.book.Freezes = []approval.Freeze{{Name: "year end", From: opened.Add(-time.Hour), Until: opened.Add(48 * time.Hour)}}
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Hour)
	w.book.Freezes = nil
	w.reconcile(t)
	held, ids := 0, map[string]bool{}
	for _, e := range w.trail {
		if e.Kind == audit.Held {
			held++
		}
		if ids[e.ID] {
			t.Errorf("two entries are called %s, so that the store keeps one", e.ID)
		}
		ids[e.ID] = true
	}
	if held != 1 || w.only(t).State != approval.Approved || w.answered != 1 {
		t.Errorf("%d entries about holding, request %s, answered %d", held, w.only(t).State, w.answered)
	}
}

func TestAnAlarmThatRingsAgainRedrawsTheCards(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Hours = night })
	if err := w.decider().Vote(t.Context(), click(r, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	w.now = time.Date(2026, 3, 10, 20, 0, 0, 0, time.UTC)
	until := w.now.Add(2 * time.Hour)
	w.book.Freezes = []approval.Freeze{{Name: "incident", From: w.now.Add(-time.Hour), Until: until}}
	rings := event.AlarmRang{Meta: event.Meta{Time: w.now}, Request: r.ID}
	w.broken["update"] = errFault
	if err := w.gate().AlarmRang(t.Context(), rings); err == nil {
		t.Fatal("the fault did not show")
	}
	delete(w.broken, "update")
	if err := w.gate().AlarmRang(t.Context(), rings); err != nil {
		t.Fatal(err)
	}
	if shown := w.shown(r.Cards[0]); !shown.HeldUntil.Equal(until) {
		t.Errorf("the card says that it starts %s, want %s", shown.HeldUntil, until)
	}
}
