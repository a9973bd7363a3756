package codepipeline

import (
	"context"
	"log/slog"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

// An Event is a change of state on its way to EventBridge.
type Event = engine.Event

// A Publisher takes events, usually to EventBridge. It must return when ctx
// ends. An event whose Publish fails is tried again.
type Publisher interface {
	Publish(ctx context.Context, e Event) error
}

// An outbox publishes events one by one, in order, behind the engine's back.
type outbox struct {
	*delivery.Outbox[Event]
	log *slog.Logger
}

// newOutbox publishes to p; nil drops all events.
func newOutbox(p Publisher, log *slog.Logger) *outbox {
	if p == nil {
		p = nobody{}
	}
	return &outbox{log: log, Outbox: delivery.NewOutbox(p.Publish, func(e Event, why error) {
		log.Warn("event lost: the bus does not take it", "detail-type", e.DetailType, "pipeline", e.Resource, "err", why)
	})}
}

// put adds an event. It never blocks.
func (o *outbox) put(e Event) {
	if o.Put(e) != nil { // ErrFull
		o.log.Warn("event lost: too many wait for the bus", "detail-type", e.DetailType, "pipeline", e.Resource)
	}
}

// nobody drops events.
type nobody struct{}

// Publish drops the event.
func (nobody) Publish(context.Context, Event) error { return nil }
