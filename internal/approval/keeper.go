package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// maxTries is how often a change is judged again after losing a race. Each
// loss means that somebody else made progress.
const maxTries = 8

// A Keeper writes requests: each together with its audit trail, and with an
// alarm for what falls due next.
type Keeper struct {
	Store  Store
	Alarms Alarms
	Now    func() time.Time
}

// create stores a request that has just been opened. It fails with ErrExists.
func (k *Keeper) create(ctx context.Context, r Request) (Request, error) {
	r.Wake = r.Next()
	if err := k.Store.CreateRequest(ctx, r, Trail(Request{}, r, k.Now())...); err != nil {
		return r, err
	}
	k.wake(ctx, r, time.Time{})
	return r, nil
}

// save stores after, a change of before, or fails with ErrConflict.
func (k *Keeper) save(ctx context.Context, before, after Request) (Request, error) {
	after.Wake = after.Next()
	if err := k.Store.SaveRequest(ctx, after, Trail(before, after, k.Now())...); err != nil {
		return before, err
	}
	after.Version++
	k.wake(ctx, after, before.Wake)
	return after, nil
}

// wake sets the alarm of r and takes the one that was set for before back.
// Failing is no error: whatever no alarm has woken us for, the next
// reconciliation finds.
func (k *Keeper) wake(ctx context.Context, r Request, before time.Time) {
	if r.Wake.Equal(before) {
		return
	}
	if !r.Wake.IsZero() {
		if err := k.Alarms.Set(ctx, r.ID, r.Wake); err != nil {
			slog.ErrorContext(ctx, "alarm not set", "metric", "AlarmsNotSet", "request", r.ID, "pipeline", r.Pipeline, "at", r.Wake, "err", err)
		}
	}
	if before.After(k.Now()) { // else it has rung, and is gone
		if err := k.Alarms.Clear(ctx, r.ID, before); err != nil {
			slog.WarnContext(ctx, "alarm not cleared", "request", r.ID, "pipeline", r.Pipeline, "at", before, "err", err)
		}
	}
}

// amend changes the stored request: it lets change decide on r, and saves on
// condition that nothing changed in between, else it loads and starts again.
// When change returns false there is nothing to save. It returns the request as
// it is stored afterwards.
func (k *Keeper) amend(ctx context.Context, r Request, change func(Request) (Request, bool)) (Request, error) {
	for range maxTries {
		after, changed := change(r)
		if !changed {
			return r, nil
		}
		saved, err := k.save(ctx, r, after)
		if err == nil {
			return saved, nil
		}
		if !errors.Is(err, ErrConflict) {
			return Request{}, fmt.Errorf("save request %s: %w", r.ID, err)
		}
		if r, err = k.Store.Request(ctx, r.ID); err != nil {
			return Request{}, fmt.Errorf("load request %s again: %w", after.ID, err)
		}
	}
	return Request{}, fmt.Errorf("save request %s: %w %d times", r.ID, ErrConflict, maxTries)
}
