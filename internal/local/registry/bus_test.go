package registry_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

// A bus keeps what is published, in order.
type bus struct {
	mu     sync.Mutex
	events []delivery.Event
	fail   int // so many calls fail first
}

func (b *bus) Publish(_ context.Context, e delivery.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail > 0 {
		b.fail--
		return errors.New("the bus is down")
	}
	b.events = append(b.events, e)
	return nil
}

func (b *bus) all() []delivery.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]delivery.Event(nil), b.events...)
}

// sees waits for n events of all kinds and returns them as internal/event reads
// them.
func (w *world) sees(n int) []event.Event {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(w.bus.all()) < n; {
		if time.Now().After(deadline) {
			w.t.Fatalf("%d events within ten seconds, want %d: %+v", len(w.bus.all()), n, w.bus.all())
		}
		time.Sleep(time.Millisecond)
	}
	var all []event.Event
	for _, e := range w.bus.all() {
		all = append(all, w.parse(e))
	}
	if len(all) != n {
		w.t.Fatalf("%d events, want %d: %+v", len(all), n, all)
	}
	return all
}

func envelope(e delivery.Event) map[string]any {
	return map[string]any{
		"version": "0", "id": "00000024-1111-4222-8333-000000000024", "detail-type": e.DetailType, "source": e.Source,
		"account": account, "region": region, "time": e.Time.UTC().Format(time.RFC3339), "resources": e.Resources, "detail": e.Detail,
	}
}

func (w *world) parse(e delivery.Event) event.Event {
	w.t.Helper()
	raw, err := json.Marshal(envelope(e))
	if err != nil {
		w.t.Fatal(err)
	}
	parsed, err := event.Parse(raw)
	if err != nil {
		w.t.Fatalf("parse %s: %v", raw, err)
	}
	return parsed
}
