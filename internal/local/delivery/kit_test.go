package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

// A world is a Switch before a bus, on a clock that the test moves.
type world struct {
	*delivery.Switch
	clock *clock.Manual
	bus   *bus
}

// in runs f in a bubble, so that what the worker does can be waited for.
func in(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{clock: clock.NewManual(time.Now()), bus: &bus{}}
		w.Switch = delivery.New(t.Context(), w.bus, w.clock, slog.New(slog.DiscardHandler))
		t.Cleanup(w.Close)
		f(t, w)
	})
}

func (w *world) set(t *testing.T, r delivery.Rates) {
	t.Helper()
	if err := w.Set(r); err != nil {
		t.Fatal(err)
	}
}

// publish sends n events, called 0, 1, 2 and so on.
func (w *world) publish(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		e := delivery.Event{ID: fmt.Sprint("id of ", i), DetailType: fmt.Sprint(i)}
		if err := w.Publish(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Wait()
}

// pass lets d go by, in steps that tell which second an event came in.
func (w *world) pass(d time.Duration) {
	for range d / time.Second {
		w.clock.Advance(time.Second)
		synctest.Wait()
	}
}

func (w *world) wantCounters(t *testing.T, want delivery.Counters) {
	t.Helper()
	synctest.Wait()
	_, got := w.State()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counters differ (-want +got):\n%s", diff)
	}
}

// A bus keeps what it takes.
type bus struct {
	mu     sync.Mutex
	refuse int // that many times
	hang   bool
	events []delivery.Event
}

var errDown = errors.New("the bus is down")

func (b *bus) Publish(ctx context.Context, e delivery.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if b.refuse > 0 {
		b.refuse--
		return errDown
	}
	b.events = append(b.events, e)
	return nil
}

// names are the detail types of what has come, in order.
func (b *bus) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, e := range b.events {
		all = append(all, e.DetailType)
	}
	return all
}

// ids are those of what has come, in order.
func (b *bus) ids() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, e := range b.events {
		all = append(all, e.ID)
	}
	return all
}
