package telegraph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// A Deliverer brings places up to the record. Only one of them works on a place
// at a time, as the queue sees to it; should it fail to, claims do.
type Deliverer struct {
	Board
	Records Records
	Queue   Queue
	Slack   Slack
	Sinks   Sinks
	Source  Source
	Builds  Builds
	Badges  Badges
	Pager   Pager
	People  *people.Index
	// Offers are what the buttons on a card offer.
	Offers func(r release.Record, environment string) []Command
	// CardURL is the address of a message in Slack.
	CardURL  func(Message) string
	Breakers *Breakers
	Now      func() time.Time
	// Pause waits, or fails when ctx ends before.
	Pause func(ctx context.Context, d time.Duration) error
}

// Deliver does what d asks for. Its error may be a *LaterError. Delivering
// again what has been delivered does nothing.
func (d *Deliverer) Deliver(ctx context.Context, due Due) error {
	now := later(d.Now(), time.Unix(due.Nudge, 0))
	if due.Nudge == 0 {
		now = d.Now()
	}
	if due.Of.ID == "" {
		return d.digest(ctx, due.Place, now)
	}
	kept, err := d.Records.Kept(ctx, due.Of)
	if errors.Is(err, ErrNotFound) {
		slog.WarnContext(ctx, "nothing is known of an execution", "pipeline", due.Of.Pipeline, "execution", due.Of.ID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what is kept of %s: %w", due.Of.ID, err)
	}
	now = later(now, latest(kept.Record)) // of clocks that disagree the one ahead counts
	kept, err = d.complete(ctx, kept, due, now)
	if err != nil {
		return fmt.Errorf("complete the record of %s: %w", due.Of.ID, err)
	}
	if strings.HasPrefix(due.Place, badges) {
		return d.badge(ctx, kept.Record, now)
	}
	return d.bring(ctx, kept, due.Place, now)
}

// bring tells place what it has not been told yet.
func (d *Deliverer) bring(ctx context.Context, kept Kept, place string, now time.Time) error {
	c, there := kept.Cards[place]
	if !there {
		c = Card{Of: kept.Record.ExecutionID, Place: place}
	}
	rel := d.release(kept.Record)
	how, routed := d.delivery(rel, place, c)
	if !routed || c.Stopped != "" {
		return nil
	}
	way := d.way(how, c)
	if err := d.Breakers.allow(way.destination(), d.Now()); err != nil {
		return err
	}
	c, err := d.recovered(ctx, way, c, now)
	if err != nil {
		return d.failed(way, err)
	}
	v := View{
		Record: kept.Record, Release: rel, Delivery: how, Now: now, Commands: d.Offers(kept.Record, rel.Environment),
	}
	e := d.planned(way, v, c, d.cardURL(kept))
	if len(e.keys()) == 0 && len(e.held) == 0 && kept.Cards[place].Attempt == nil {
		return nil // it has been told everything
	}
	if early := editPace - d.Now().Sub(c.EditedAt); e.step == notice.EditCard && early > 0 {
		if err := d.Pause(ctx, early); err != nil {
			return err
		}
		return d.again(ctx, kept.Record.ExecutionID, place, now)
	}
	return e.run(ctx)
}

// again brings place up to what is kept by now.
func (d *Deliverer) again(ctx context.Context, id release.ExecutionID, place string, now time.Time) error {
	kept, err := d.Records.Kept(ctx, id)
	if err != nil {
		return fmt.Errorf("read what is kept of %s: %w", id.ID, err)
	}
	return d.bring(ctx, kept, place, later(now, d.Now()))
}

// cardURL is the address of the first card in a channel; empty if there is none.
func (d *Deliverer) cardURL(kept Kept) string {
	for _, place := range sorted(kept.Cards) {
		if c := kept.Cards[place]; c.TS != "" && strings.HasPrefix(place, channels) {
			return d.CardURL(c.Message)
		}
	}
	return ""
}

// failed tells the breaker of what has become of a call, and returns it.
func (d *Deliverer) failed(w way, err error) error {
	d.Breakers.tell(w.destination(), err, d.Now())
	return err
}
