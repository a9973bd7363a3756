package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// lookers is how many executions are looked at at the same time.
const lookers = 4

// Sweep makes up for events that never came: it looks at the executions of
// which nothing has been heard, and queues the digests that are due. What fails
// is looked at again by the next sweep.
func (d *Deliverer) Sweep(ctx context.Context, e event.SweepDue) error {
	now := later(d.Now(), e.Time)
	ids, err := d.Records.Unwatched(ctx, now)
	if err != nil {
		return fmt.Errorf("list the executions to look at: %w", err)
	}
	errs := make([]error, len(ids))
	slots := make(chan struct{}, lookers)
	var all sync.WaitGroup
	for i, id := range ids {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = d.lookAt(ctx, id, now)
			}
		})
	}
	all.Wait()
	return errors.Join(append(errs, d.digests(ctx, now))...)
}

// lookAt corrects what is recorded of an execution by what the API tells.
func (d *Deliverer) lookAt(ctx context.Context, id release.ExecutionID, now time.Time) error {
	for range maxTries {
		kept, err := d.Records.Kept(ctx, id)
		if err != nil {
			return fmt.Errorf("read what is kept of %s: %w", id.ID, err)
		}
		r, look := d.corrected(ctx, kept.Record, now)
		err = d.Records.SaveRecord(ctx, r, look)
		if errors.Is(err, ErrConflict) {
			continue // somebody has heard of it
		}
		if err != nil {
			return fmt.Errorf("save the record of %s: %w", id.ID, err)
		}
		r.Version++
		kept.Record = r
		dues := append(d.dues(kept, now.Unix()), kept.due(badgePlace(id.Pipeline), now.Unix()))
		return d.Queue.Send(ctx, dues...)
	}
	return fmt.Errorf("save the record of %s: %w, %d times", id.ID, ErrConflict, maxTries)
}

// corrected is r as it really stands, as far as that can be read, and when to
// look again: never if nobody knows the execution any more.
func (d *Deliverer) corrected(ctx context.Context, r release.Record, now time.Time) (release.Record, time.Time) {
	truth, err := d.Source.Truth(ctx, r.ExecutionID)
	if errors.Is(err, ErrNotFound) {
		slog.WarnContext(ctx, "execution is gone", "pipeline", r.Pipeline, "execution", r.ID)
		return r, time.Time{}
	}
	if err != nil {
		slog.WarnContext(ctx, "how an execution stands could not be read", "pipeline", r.Pipeline, "execution", r.ID, "err", err)
	}
	r = r.Reconciled(truth)
	return r, d.look(r, now)
}

// digests queues what places have missed.
func (d *Deliverer) digests(ctx context.Context, now time.Time) error {
	places, err := d.Records.Waiting(ctx, now)
	if err != nil {
		return fmt.Errorf("list the digests that are due: %w", err)
	}
	if len(places) == 0 {
		return nil
	}
	dues := make([]Due, len(places))
	for i, place := range places {
		dues[i] = digestDue(place, now)
	}
	return d.Queue.Send(ctx, dues...)
}
