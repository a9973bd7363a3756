package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Ended closes what the end of action a leaves open: it is called when the
// action has ended in any way, our own votes included. The truth is read from
// CodePipeline, so an event of an earlier attempt, or one that comes twice,
// changes nothing.
func (d *Decider) Ended(ctx context.Context, a Action) error {
	requests, err := d.Store.RequestsOf(ctx, a)
	if err != nil {
		return fmt.Errorf("find requests of %s/%s/%s: %w", a.Pipeline, a.Stage, a.Name, err)
	}
	var errs []error
	for _, r := range requests {
		switch {
		case !r.State.Final():
			errs = append(errs, d.close(ctx, r))
		case !r.Settled: // closed, and perhaps not shown; or not applied
			errs = append(errs, d.settle(ctx, r))
		}
	}
	return errors.Join(errs...)
}

// follow does what a change of r calls for.
func (d *Decider) follow(ctx context.Context, r Request) error {
	if r.State.Final() {
		return d.settle(ctx, r)
	}
	// In this order: an announcement that is left over has the cards drawn again.
	if err := d.show(ctx, r); err != nil {
		return err
	}
	_, err := d.announce(ctx, r)
	return err
}

// settle carries the outcome of a final request as far as it goes: it tells
// CodePipeline unless that is done, and redraws the cards.
func (d *Decider) settle(ctx context.Context, r Request) error {
	if r.State == Closed || r.Applied != nil {
		return d.finish(ctx, r)
	}
	err := d.Pipeline.Resolve(ctx, r)
	if errors.Is(err, ErrNotWaiting) {
		return d.close(ctx, r)
	}
	if err != nil {
		// The vote is safe, and people should see that while we try again.
		return errors.Join(fmt.Errorf("answer CodePipeline for request %s: %w", r.ID, err), d.show(ctx, r))
	}
	return d.applied(ctx, r)
}

// close finds out how the action of r ended and records it. The answer that
// CodePipeline has had may be our own: a crash, or a reply that was lost.
func (d *Decider) close(ctx context.Context, r Request) error {
	ending, over, err := d.Pipeline.Ending(ctx, r)
	if err != nil {
		return fmt.Errorf("read how request %s ended: %w", r.ID, err)
	}
	if !over {
		if !r.State.Final() {
			return nil // an event of an earlier attempt
		}
		return fmt.Errorf("answer CodePipeline for request %s: it refuses the answer and waits on", r.ID)
	}
	return d.conclude(ctx, r, func(r Request) (Request, bool) { return r.end(ending, d.Now()) })
}

// applied records that CodePipeline has accepted the vote.
func (d *Decider) applied(ctx context.Context, r Request) error {
	now := d.Now()
	return d.conclude(ctx, r, func(r Request) (Request, bool) {
		if r.State == Closed || r.Applied != nil {
			return r, false
		}
		r.Applied = &now
		return r, true
	})
}

// conclude records the end of r and redraws its cards, among them those that
// only r as it was passed in knows of.
func (d *Decider) conclude(ctx context.Context, r Request, change func(Request) (Request, bool)) error {
	after, err := d.amend(ctx, r, change)
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "request concluded", "metric", "RequestsConcluded", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
		"state", after.State, "applied", after.Applied != nil)
	for _, c := range r.Cards {
		after.Cards = withCard(after.Cards, c)
	}
	return d.finish(ctx, after)
}

// finish shows how r ended, tells who is to be told, and then has nothing more
// to do with it.
func (d *Decider) finish(ctx context.Context, r Request) error {
	shown := d.show(ctx, r)
	r, err := d.announce(ctx, r)
	if err = errors.Join(shown, err); err != nil {
		return err
	}
	_, err = d.amend(ctx, r, func(r Request) (Request, bool) {
		done := !r.Settled && (r.State == Closed || r.Applied != nil) && len(r.Announcements) == 0
		r.Settled = true
		return r, done
	})
	return err
}
