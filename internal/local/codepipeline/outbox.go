package codepipeline

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// An Event is a change of state on its way to EventBridge.
type Event = engine.Event

// A Publisher takes events, usually to EventBridge. It must return when ctx
// ends. An event whose Publish fails is tried again.
type Publisher interface {
	Publish(ctx context.Context, e Event) error
}

const (
	// maxPending is how many events wait for a bus that is down; beyond, new
	// ones are lost, as EventBridge delivers CodePipeline's events on a best
	// effort basis only (chosen).
	maxPending = 10_000
	// publishTimeout bounds one try (chosen).
	publishTimeout = 5 * time.Second
)

// publishPauses are the waits before a failed event is tried again. They pass
// in real time: the bus is real, whatever the emulated clock says (chosen).
var publishPauses = []time.Duration{100 * time.Millisecond, 400 * time.Millisecond, 1600 * time.Millisecond}

// An outbox delivers events one by one, in order, behind the engine's back.
type outbox struct {
	publisher Publisher
	log       *slog.Logger
	wake      chan struct{} // holds one token when there is something new

	mu      sync.Mutex
	pending []Event
}

func newOutbox(p Publisher, log *slog.Logger) *outbox {
	return &outbox{publisher: p, log: log, wake: make(chan struct{}, 1)}
}

// put adds an event. It never blocks.
func (o *outbox) put(e Event) {
	if o.publisher == nil {
		return
	}
	o.mu.Lock()
	full := len(o.pending) >= maxPending
	if !full {
		o.pending = append(o.pending, e)
	}
	o.mu.Unlock()
	if full {
		o.log.Warn("event lost: too many wait for the bus", "detail-type", e.DetailType, "pipeline", e.Resource)
		return
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run delivers until ctx ends.
func (o *outbox) run(ctx context.Context) {
	for {
		for _, e := range o.take() {
			o.deliver(ctx, e)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		}
	}
}

func (o *outbox) take() []Event {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.pending
	o.pending = nil
	return batch
}

// deliver tries an event a few times and then gives it up.
func (o *outbox) deliver(ctx context.Context, e Event) {
	for try := 0; ctx.Err() == nil; try++ {
		err := o.publish(ctx, e)
		if err == nil {
			return
		}
		if try == len(publishPauses) {
			o.log.WarnContext(ctx, "event lost: the bus does not take it", "detail-type", e.DetailType, "pipeline", e.Resource, "err", err)
			return
		}
		if !sleep(ctx, publishPauses[try]) {
			return
		}
	}
}

func (o *outbox) publish(ctx context.Context, e Event) error {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	return o.publisher.Publish(ctx, e)
}

// sleep waits for d and reports whether ctx lasted that long.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
