package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// secondTries are the pauses before Slack is asked once more. Without them a
// moment's trouble there would keep a person waiting until the queue delivers
// the vote again, which is minutes.
var secondTries = []time.Duration{300 * time.Millisecond, 1200 * time.Millisecond}

// again calls try until it works, or says that something does not exist, or
// the pauses are used up.
func again(ctx context.Context, pause func(context.Context, time.Duration) error, try func() error) error {
	err := try()
	for _, d := range secondTries {
		if err == nil || errors.Is(err, ErrNotFound) || pause(ctx, d) != nil {
			return err
		}
		err = try()
	}
	return err
}

// show redraws every card of r, and again while r has changed under the pen:
// else an old drawing, with buttons, could come after the last one. What is over
// does not change any more.
func (k *Asker) show(ctx context.Context, r Request) error {
	for range maxTries {
		err := redraw(ctx, k.Cards, k.Pause, r)
		if err != nil || r.State == Closed || r.Applied != nil {
			return err
		}
		fresh, err := k.Store.Request(ctx, r.ID)
		if err != nil {
			return fmt.Errorf("load request %s again: %w", r.ID, err)
		}
		if !fresh.redrawn(r) {
			return nil
		}
		for _, c := range r.Cards {
			fresh.Cards = withCard(fresh.Cards, c)
		}
		r = fresh
	}
	return nil
}

// redrawn reports whether cards drawn from before are out of date.
func (r Request) redrawn(before Request) bool {
	withdrawn := func(v Vote) bool { return v.Withdrawn != nil }
	return r.State != before.State || (r.Applied == nil) != (before.Applied == nil) || !r.HeldUntil.Equal(before.HeldUntil) ||
		r.Escalated != before.Escalated || len(r.Votes) != len(before.Votes) || count(r.Votes, withdrawn) != count(before.Votes, withdrawn)
}

func count[T any](all []T, fits func(T) bool) int {
	n := 0
	for _, one := range all {
		if fits(one) {
			n++
		}
	}
	return n
}

// redraw draws every card of r from r. A card that somebody has deleted is no
// error.
func redraw(ctx context.Context, slack Cards, pause func(context.Context, time.Duration) error, r Request) error {
	var errs []error
	for _, c := range r.Cards {
		err := again(ctx, pause, func() error { return slack.Update(ctx, r, c) })
		if errors.Is(err, ErrNotFound) {
			slog.InfoContext(ctx, "card is gone", "request", r.ID, "channel", c.Channel)
			continue
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("update the card of request %s in %s: %w", r.ID, c.Channel, err))
		}
	}
	return errors.Join(errs...)
}
