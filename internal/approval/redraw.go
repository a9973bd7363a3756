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
