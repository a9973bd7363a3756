package telegraph

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// The kinds of places, as notice.Delivery.Place begins them, and our own for
// badges.
const (
	channels = "channel:"
	persons  = "person:"
	sinks    = "sink:"
	badges   = "badge:"
)

func badgePlace(pipeline string) string { return badges + pipeline }

// A way leads to one place, in Slack or to a sink.
type way struct {
	slack Slack
	sinks Sinks
	// to is the channel or the member in Slack, or else sink the name of one.
	to, sink string
}

// way is how how and c say to reach the place.
func (d *Deliverer) way(how notice.Delivery, c Card) way {
	w := way{slack: d.Slack, sinks: d.Sinks, sink: how.Sink}
	switch {
	case how.Sink != "":
	case c.Channel != "":
		w.to = c.Channel
	case how.Person.ID != "":
		w.to = how.Person.Slack
	default:
		w.to = how.Channel
	}
	return w
}

// wayTo leads to a place of which only the name is known.
func (d *Deliverer) wayTo(place string) (way, error) {
	w := way{slack: d.Slack, sinks: d.Sinks}
	if name, ok := strings.CutPrefix(place, channels); ok {
		w.to = name
		return w, nil
	}
	name, _ := strings.CutPrefix(place, persons)
	p, known := d.People.ByID(name)
	if !known || p.Slack == "" {
		return w, fmt.Errorf("%s is nobody who is in Slack", place)
	}
	w.to = p.Slack
	return w, nil
}

// destination is what fails as one: Slack, or a sink.
func (w way) destination() string {
	if w.sink != "" {
		return sinks + w.sink
	}
	return "Slack"
}

// wants reports whether k is said there at all.
func (w way) wants(k notice.Kind) bool { return w.sink == "" || w.sinks.Wants(w.sink, k) }

func (w way) say(ctx context.Context, m Message, s Saying) error {
	if w.sink != "" {
		return w.sinks.Send(ctx, w.sink, s)
	}
	if m.Channel == "" {
		m.Channel = w.to
	}
	_, err := w.slack.Say(ctx, m, s)
	return err
}

// find lists what has arrived. What a sink has is not known: it is told again,
// under the same key.
func (w way) find(ctx context.Context, m Message, of release.ExecutionID, since time.Time) (map[string]Message, error) {
	if w.sink != "" {
		return nil, nil
	}
	if m.Channel == "" {
		m.Channel = w.to
	}
	return w.slack.Find(ctx, m, of, since)
}
