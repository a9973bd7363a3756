package approval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// A Gate passes events to those who act on them.
type Gate struct{ *Decider }

// ActionChanged takes the event of a manual approval action: one that starts is
// asked about, any other change ends it. Events of other kinds of action are
// dropped. An error means that the event should be delivered again.
func (g Gate) ActionChanged(ctx context.Context, e event.ActionChanged) error {
	if e.Type != event.ManualApproval {
		return nil
	}
	a := Action{
		Account: e.Account, Region: e.Region,
		Pipeline: e.Pipeline, ExecutionID: e.ExecutionID, Stage: e.Stage, Name: e.Action,
	}
	if e.State == event.Started {
		_, err := g.Started(ctx, a)
		return err
	}
	return g.Ended(ctx, a)
}

// AlarmRang does what has fallen due for a request. The alarm is believed about
// the time: the scheduler's clock and ours need not agree, and what is due by
// one of them is due.
func (g Gate) AlarmRang(ctx context.Context, e event.AlarmRang) error {
	r, err := g.Store.Request(ctx, e.Request)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load request %s: %w", e.Request, err)
	}
	acted, err := g.awake(ctx, r, latest(g.Now(), e.Time))
	if err != nil || acted {
		return err
	}
	return g.refollow(ctx, r.ID) // it may have rung before, and the cards were not drawn
}

// awake does what is due for r at now, and reports whether anything was.
func (d *Decider) awake(ctx context.Context, r Request, now time.Time) (bool, error) {
	acted := false
	r, err := d.amend(ctx, r, func(r Request) (Request, bool) {
		r, acted = r.Awake(d.Book, now)
		return r, acted
	})
	if err != nil {
		return false, err
	}
	if !r.State.Final() && !r.asked() { // an escalation has brought people in
		r, mine, err := d.lease(ctx, r)
		if err != nil {
			return acted, err
		}
		if mine {
			if err := d.ask(ctx, r); err != nil {
				return acted, err
			}
		}
	}
	if !acted && !r.State.Final() && len(r.Announcements) == 0 {
		return false, nil
	}
	return acted, d.refollow(ctx, r.ID)
}

// refollow is follow for a request that was written meanwhile.
func (d *Decider) refollow(ctx context.Context, id string) error {
	r, err := d.Store.Request(ctx, id)
	if err != nil {
		return fmt.Errorf("load request %s again: %w", id, err)
	}
	return d.follow(ctx, r)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
