package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
)

const (
	// claimLife is how long a claim holds: longer than a function may run.
	claimLife = 90 * time.Second
	// skew is by how much our clock and Slack's may differ.
	skew = time.Minute
	// editKey stands for a change of the card among the keys of an attempt.
	editKey = "edit"
)

// claimed stores that somebody has set out to send keys.
func (d *Deliverer) claimed(ctx context.Context, c Card, keys []string) (Card, error) {
	now := d.Now()
	c.Attempt = &Attempt{Keys: keys, Since: now, Until: now.Add(claimLife)}
	c, err := d.Records.SaveCard(ctx, c)
	if errors.Is(err, ErrConflict) {
		return c, &LaterError{After: time.Second, Err: fmt.Errorf("somebody else is sending to %s", c.Place)}
	}
	if err != nil {
		return c, fmt.Errorf("claim %s: %w", c.Place, err)
	}
	return c, nil
}

// recovered is c with what an attempt, of which nobody knows the outcome, has
// sent. It fails with a *LaterError as long as somebody may be at it.
func (d *Deliverer) recovered(ctx context.Context, w way, c Card, now time.Time) (Card, error) {
	a := c.Attempt
	if a == nil {
		return c, nil
	}
	if left := a.Until.Sub(d.Now()); left > 0 {
		return c, &LaterError{After: left, Err: fmt.Errorf("somebody else may be sending to %s", c.Place)}
	}
	c.Attempt, c.Hash = nil, "" // what the card shows is not known
	if c.Said == nil {
		c.Said = notice.Said{}
	}
	posted := without(a.Keys, editKey)
	if len(posted) == 0 {
		return c, nil
	}
	found, err := w.find(ctx, c.Message, c.Of, a.Since.Add(-skew))
	var no *RefusedError
	if errors.As(err, &no) {
		// Telling somebody twice is better than not at all.
		slog.ErrorContext(ctx, "what was sent cannot be looked up, sending it again", "place", c.Place, "err", err)
		return c, d.page(ctx, c.Place, c.Of.ID, no, now)
	}
	if err != nil {
		return c, outage(fmt.Errorf("look what has arrived at %s: %w", c.Place, err))
	}
	for _, key := range posted {
		m, arrived := found[key]
		if !arrived {
			continue
		}
		c.Said[key] = true
		if key == notice.CardKey {
			c.Message = m
		}
	}
	return c, nil
}

// settled stores c after what it has been told; left are the keys of which it
// is not known whether they have arrived.
func (d *Deliverer) settled(ctx context.Context, c Card, left ...string) error {
	since := d.Now()
	if c.Attempt != nil {
		since = c.Attempt.Since
	}
	c.Attempt = nil
	if len(left) > 0 {
		c.Attempt = &Attempt{Keys: left, Since: since, Until: d.Now()}
	}
	// What has been sent must not be forgotten because time is up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if _, err := d.Records.SaveCard(ctx, c); err != nil {
		return fmt.Errorf("save what %s has been told: %w", c.Place, err)
	}
	return nil
}

const settleTimeout = 5 * time.Second

func without(keys []string, key string) []string {
	var others []string
	for _, k := range keys {
		if k != key {
			others = append(others, k)
		}
	}
	return others
}
