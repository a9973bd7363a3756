package approval_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/event"
)

// reconcile runs the reconciler and returns what it says that it has healed.
func (w *world) reconcile(t *testing.T) []string {
	t.Helper()
	before := len(w.trail)
	if err := w.gate().ReconcileDue(t.Context(), event.ReconcileDue{}); err != nil {
		t.Fatalf("ReconcileDue: %v", err)
	}
	var healed []string
	for _, e := range w.trail[before:] {
		if e.Kind == audit.Healed {
			healed = append(healed, strings.TrimSuffix(strings.TrimPrefix(e.Text, "The reconciler put right: "), "."))
		}
	}
	return healed
}

func (w *world) expectHealed(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(w.reconcile(t), ", "); got != want {
		t.Errorf("healed %q, want %q", got, want)
	}
	if got := w.reconcile(t); len(got) > 0 {
		t.Errorf("healed %q once more", got)
	}
}

func TestALostStartIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.expectHealed(t, "missed start")
	if len(w.posted) != 1 || len(w.mails) != 2 {
		t.Errorf("posted %d cards and %d mails, want everybody asked", len(w.posted), len(w.mails))
	}
}

func TestALostEndIsFound(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.ending = &approval.Ending{How: approval.EndedAbandoned, At: w.now}
	w.expectHealed(t, "missed end")
	if got := w.only(t); got.State != approval.Closed || !got.Settled || w.shown(r.Cards[0]).State != approval.Closed {
		t.Errorf("request %s settled %v", got.State, got.Settled)
	}
}

func TestAnOutcomeThatWasNotAppliedIsFound(t *testing.T) {
	t.Parallel()
	w, r := asked(t)
	w.broken["resolve"] = errFault
	_ = w.decider().Vote(t.Context(), click(r, dana, approval.Approve, ""))
	delete(w.broken, "resolve")
	if got := w.reconcile(t); len(got) > 0 {
		t.Errorf("healed %q at once: it is still being applied", got)
	}
	w.now = w.now.Add(5 * time.Minute)
	w.expectHealed(t, "unapplied outcome")
	if got := w.only(t); got.Applied == nil || w.answered != 1 {
		t.Errorf("applied %v, answered %d", got.Applied, w.answered)
	}
}

func TestACardThatWasNeverPostedIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.broken["post"] = errFault
	_, _ = w.asker().Started(t.Context(), action)
	delete(w.broken, "post")
	w.now = w.now.Add(5 * time.Minute)
	w.expectHealed(t, "card never posted")
	if len(w.posted) != 1 {
		t.Errorf("posted %d cards", len(w.posted))
	}
}

func TestAnAlarmThatNeverRangIsFound(t *testing.T) {
	t.Parallel()
	w, _ := under(t, func(rule *approval.Rule) { rule.Expire = time.Hour })
	clear(w.alarms)
	w.now = w.now.Add(time.Hour + time.Minute)
	if got := w.reconcile(t); len(got) > 0 {
		t.Errorf("healed %q while the alarm may still ring", got)
	}
	w.now = w.now.Add(5 * time.Minute)
	w.expectHealed(t, "alarm that never rang")
	if got := w.only(t); got.State != approval.Rejected || !got.Settled {
		t.Errorf("request %s settled %v", got.State, got.Settled)
	}
}

func TestAMessageThatWasNeverSentIsFound(t *testing.T) {
	t.Parallel()
	w, r := under(t, func(rule *approval.Rule) { rule.Hours = night })
	w.broken["announce"] = errFault
	_ = w.decider().Vote(t.Context(), click(r, dana, approval.Approve, ""))
	delete(w.broken, "announce")
	w.now = w.now.Add(5 * time.Minute)
	w.expectHealed(t, "message never sent")
	if len(w.said) != 1 || w.said[0].Kind != approval.Holding {
		t.Errorf("announced %v", w.said)
	}
}

func TestARetriedApprovalIsANewRequestAndTheOldOneIsClosed(t *testing.T) {
	t.Parallel()
	w, old := asked(t)
	w.waiting.Token, w.waiting.ActionExecutionID = "t-2", "a-2"
	w.expectHealed(t, "missed end, missed start")
	if err := w.decider().Vote(t.Context(), click(old, dana, approval.Approve, "")); err != nil {
		t.Fatal(err)
	}
	if w.answered != 0 || len(w.told) != 1 || !strings.Contains(w.told[0], "no longer open") {
		t.Errorf("an old button answered %d, told %q", w.answered, w.told)
	}
	if len(w.requests) != 2 {
		t.Errorf("there are %d requests, want two", len(w.requests))
	}
}

func TestAReconciliationStopsInTime(t *testing.T) {
	t.Parallel()
	w, _ := asked(t)
	w.ending = &approval.Ending{How: approval.EndedAbandoned, At: w.now}
	ctx, cancel := context.WithDeadline(t.Context(), w.now.Add(time.Second))
	defer cancel()
	_ = w.gate().ReconcileDue(ctx, event.ReconcileDue{})
	if got := w.only(t).State; got != approval.Pending {
		t.Errorf("with a second left it went to work all the same: %s", got)
	}
}
