package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/event"
)

const (
	// grace is how long something may be outstanding before it counts as
	// missed: events, retries and alarms need their time.
	grace = 2 * time.Minute
	// spare is left of a run's time when it stops and leaves the rest to the
	// next one.
	spare = 8 * time.Second
	// waitsCursor is where a run left off looking through the pipelines.
	waitsCursor = "reconcile/waits"
)

// What a reconciliation has put right.
const (
	missedStart   = "missed start"
	missedEnd     = "missed end"
	missedOutcome = "unapplied outcome"
	missedCard    = "card never posted"
	missedAlarm   = "alarm that never rang"
	missedMessage = "message never sent"
)

// ReconcileDue compares what is open here with CodePipeline, and puts right
// what events, crashes and alarms have missed. It does as much as there is time
// for; the next run goes on.
func (g Gate) ReconcileDue(ctx context.Context, e event.ReconcileDue) error {
	now := latest(g.Now(), e.Time)
	healed, err := g.reconcileOpen(ctx, now)
	started, waitsErr := g.reconcileWaits(ctx)
	slog.InfoContext(ctx, "reconciled", "metric", "Reconciled", "healed", healed+started)
	return errors.Join(err, waitsErr)
}

// reconcileOpen looks after every request that is not settled.
func (g Gate) reconcileOpen(ctx context.Context, now time.Time) (healed int, err error) {
	var errs []error
	open, err := g.Store.Open(ctx)
	if err != nil {
		errs = append(errs, fmt.Errorf("list the open requests: %w", err))
	}
	for _, r := range open {
		if g.short(ctx) {
			break
		}
		what, err := g.mend(ctx, r, now)
		if err != nil {
			errs = append(errs, fmt.Errorf("reconcile request %s: %w", r.ID, err))
			continue
		}
		if what != "" {
			healed++
			errs = append(errs, g.healed(ctx, r, what, now))
		}
	}
	return healed, errors.Join(errs...)
}

// mend puts right what is wrong with r, and says what that was.
func (g Gate) mend(ctx context.Context, r Request, now time.Time) (string, error) {
	if r.State.Final() {
		return g.mendFinal(ctx, r, now)
	}
	ending, over, err := g.Pipeline.Ending(ctx, r)
	if err != nil {
		return "", err
	}
	if over {
		return missedEnd, g.conclude(ctx, r, func(r Request) (Request, bool) { return r.end(ending, g.Now()) })
	}
	if next := r.Next(); !next.IsZero() && now.Sub(next) > grace {
		_, err := g.awake(ctx, r, now)
		return missedAlarm, err
	}
	if r.State == Held {
		if err := g.rehold(ctx, r, now); err != nil {
			return "", err
		}
	}
	if !r.asked() {
		r, mine, err := g.lease(ctx, r)
		if err != nil || !mine {
			return "", err
		}
		return missedCard, g.ask(ctx, r)
	}
	if r.overdue(now) {
		return missedMessage, g.follow(ctx, r)
	}
	return "", nil
}

// rehold judges again what holds r: a freeze may have been lifted, or declared.
func (g Gate) rehold(ctx context.Context, r Request, now time.Time) error {
	looked := false
	r, err := g.amend(ctx, r, func(r Request) (Request, bool) {
		r, looked = r.relook(g.Book, now)
		return r, looked
	})
	if err != nil {
		return err
	}
	if looked {
		return g.follow(ctx, r)
	}
	_, err = g.awake(ctx, r, now)
	return err
}

// mendFinal carries a final request to its end.
func (g Gate) mendFinal(ctx context.Context, r Request, now time.Time) (string, error) {
	unapplied := r.State != Closed && r.Applied == nil
	if unapplied && now.Sub(r.Vote.At).Abs() < grace { // whatever clock the vote went by
		return "", nil // it is being applied
	}
	if err := g.settle(ctx, r); err != nil || !unapplied {
		return "", err
	}
	return missedOutcome, nil
}

// relook judges again what holds r. Its alarm follows by itself.
func (r Request) relook(book Rulebook, now time.Time) (Request, bool) {
	if r.State != Held {
		return r, false
	}
	way := r.Clearance(book, now)
	if !way.Open && way.Opens.Equal(r.HeldUntil) && way.Because == r.HeldBecause {
		return r, false
	}
	if way.Open {
		return r.start(book, now)
	}
	r.HeldUntil, r.HeldBecause, r.Looked = way.Opens, way.Because, now
	return r, true
}

// overdue reports whether an announcement of r should have been made by now.
func (r Request) overdue(now time.Time) bool {
	for _, a := range r.Announcements {
		if now.Sub(a.At) > grace && !now.Before(a.Until) {
			return true
		}
	}
	return false
}

// reconcileWaits opens a request for every approval that waits in CodePipeline
// and has none.
func (g Gate) reconcileWaits(ctx context.Context) (started int, err error) {
	from, err := g.Store.Cursor(ctx, waitsCursor)
	if err != nil {
		return 0, fmt.Errorf("find where the last reconciliation left off: %w", err)
	}
	var errs []error
	next := from
	for first := true; (first || next != "") && !g.short(ctx); first = false {
		actions, rest, err := g.Pipeline.Waits(ctx, next)
		if err != nil {
			errs = append(errs, fmt.Errorf("list the approvals that wait: %w", err))
			if rest == next {
				break // it got nowhere
			}
		}
		next = rest
		for _, a := range actions {
			opened, err := g.missing(ctx, a, g.Now())
			if opened {
				started++
			}
			errs = append(errs, err)
		}
	}
	if next != from {
		errs = append(errs, g.Store.SetCursor(ctx, waitsCursor, next))
	}
	return started, errors.Join(errs...)
}

// missing opens the request for a unless there is one.
func (g Gate) missing(ctx context.Context, a Action, now time.Time) (bool, error) {
	requests, err := g.Store.RequestsOf(ctx, a)
	if err != nil {
		return false, fmt.Errorf("find requests of %s/%s/%s: %w", a.Pipeline, a.Stage, a.Name, err)
	}
	for _, r := range requests {
		if !r.State.Final() {
			return false, nil // it is among the open ones
		}
	}
	opened, err := g.Started(ctx, a)
	if err != nil || !opened {
		return false, err
	}
	requests, err = g.Store.RequestsOf(ctx, a)
	if err != nil || len(requests) == 0 {
		return true, err
	}
	return true, g.healed(ctx, requests[len(requests)-1], missedStart, now)
}

// healed records that something was put right.
func (g Gate) healed(ctx context.Context, r Request, what string, now time.Time) error {
	slog.WarnContext(ctx, "request healed", "metric", "RequestsHealed", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID, "what", what)
	e := entry(r, audit.Healed, "healed/"+strconv.FormatInt(now.UnixNano(), 10), "The reconciler put right: "+what+".", now)
	if err := g.Store.Append(ctx, e); err != nil {
		return fmt.Errorf("record what was healed of request %s: %w", r.ID, err)
	}
	return nil
}

// short reports whether too little is left of the time for this run.
func (g Gate) short(ctx context.Context) bool {
	end, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && end.Sub(g.Now()) < spare
}
