package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// digestPrefix begins the key of a digest; the moment it is for follows.
const digestPrefix = "digest "

// digest tells place what it has missed in quiet hours.
func (d *Deliverer) digest(ctx context.Context, place string, now time.Time) error {
	c, held, err := d.Records.Held(ctx, place, now)
	if err != nil {
		return fmt.Errorf("read the digest of %s: %w", place, err)
	}
	if len(held) == 0 && c.Attempt == nil {
		return nil
	}
	c.Place = place
	w, err := d.wayTo(place)
	if err != nil {
		slog.WarnContext(ctx, "digest dropped", "place", place, "err", err)
		return d.Records.Drop(ctx, held...)
	}
	if err := d.Breakers.allow(w.destination(), d.Now()); err != nil {
		return err
	}
	c, held, err = d.undigested(ctx, w, c, held, now)
	if err != nil {
		return d.failed(w, err)
	}
	if len(held) == 0 {
		return d.settled(ctx, c)
	}
	return d.tellDigest(ctx, w, c, held, now)
}

// undigested leaves out of held what an attempt has told.
func (d *Deliverer) undigested(ctx context.Context, w way, c Card, held []notice.Held, now time.Time) (Card, []notice.Held, error) {
	if c.Attempt == nil {
		return c, held, nil
	}
	tried := c.Attempt.Keys
	c, err := d.recovered(ctx, w, c, now)
	if err != nil {
		return c, held, err
	}
	arrived := len(tried) > 0 && c.Said[tried[0]]
	c.Said = nil // of digests nothing is planned again
	if !arrived {
		return c, held, nil
	}
	var told, left []notice.Held
	for _, h := range held {
		if contains(tried[1:], heldID(h)) {
			told = append(told, h)
		} else {
			left = append(left, h)
		}
	}
	return c, left, d.Records.Drop(ctx, told...)
}

func (d *Deliverer) tellDigest(ctx context.Context, w way, c Card, held []notice.Held, now time.Time) error {
	key := digestPrefix + now.UTC().Format(time.RFC3339)
	keys := []string{key}
	for _, h := range held {
		keys = append(keys, heldID(h))
	}
	c, err := d.claimed(ctx, c, keys)
	if err != nil {
		return err
	}
	for _, digest := range notice.Summaries(held) {
		_, err = w.slack.PostDigest(ctx, w.to, key, digest, zoneOf(d.Routes, w.to))
	}
	d.Breakers.tell(w.destination(), err, d.Now())
	var no *RefusedError
	switch {
	case errors.As(err, &no) && no.Everywhere:
		later := &LaterError{After: everywherePause, Err: err}
		return errors.Join(later, d.page(ctx, w.destination(), "", no, now), d.settled(ctx, c))
	case errors.As(err, &no):
		if err := d.page(ctx, c.Place, "", no, now); err != nil {
			return err
		}
	case err != nil:
		return errors.Join(outage(err), d.settled(ctx, c, keys...))
	}
	if err := d.Records.Drop(ctx, held...); err != nil {
		return fmt.Errorf("drop the digest of %s: %w", c.Place, err)
	}
	return d.settled(ctx, c)
}

// heldID tells what is held apart at one place.
func heldID(h notice.Held) string { return h.Execution + " " + h.Key }

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// zoneOf is the zone of the quiet hours of a channel: that of the first route
// that leads there.
func zoneOf(t notice.Route, channel string) *time.Location {
	if t.Quiet != nil && (t.Channel == channel || !strings.HasPrefix(channel, "C")) {
		return t.Quiet.Zone()
	}
	for _, below := range t.Routes {
		if below.Quiet == nil {
			below.Quiet = t.Quiet
		}
		if below.Channel == "" {
			below.Channel = t.Channel
		}
		if zone := zoneOf(below, channel); zone != nil {
			return zone
		}
	}
	return nil
}

// digestDue is due at a place that holds something.
func digestDue(place string, now time.Time) Due {
	return Due{Of: release.ExecutionID{}, Place: place, Nudge: now.Unix()}
}
