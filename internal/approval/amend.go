package approval

import (
	"context"
	"errors"
	"fmt"
)

// maxTries is how often a change is judged again after losing a race. Each
// loss means that somebody else made progress.
const maxTries = 8

// amend changes the stored request: it loads, lets change decide, and saves
// on condition that nothing changed in between, else it starts again. When
// change returns false there is nothing to save. It returns the request as it
// is stored afterwards.
func amend(ctx context.Context, store Requests, r Request, change func(Request) (Request, bool)) (Request, error) {
	for range maxTries {
		after, changed := change(r)
		if !changed {
			return r, nil
		}
		err := store.SaveRequest(ctx, after)
		if err == nil {
			after.Version++
			return after, nil
		}
		if !errors.Is(err, ErrConflict) {
			return Request{}, fmt.Errorf("save request %s: %w", r.ID, err)
		}
		if r, err = store.Request(ctx, r.ID); err != nil {
			return Request{}, fmt.Errorf("load request %s again: %w", after.ID, err)
		}
	}
	return Request{}, fmt.Errorf("save request %s: %w %d times", r.ID, ErrConflict, maxTries)
}
