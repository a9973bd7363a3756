package delivery_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

func TestEventIsTriedAgainWhenTheBusRefuses(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.bus.refuse = 3
		w.publish(t, 2)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff(numbers(2), w.bus.names()); diff != "" {
			t.Errorf("events differ (-want +got):\n%s", diff)
		}
	})
}

func TestEventThatTheBusNeverTakesIsGivenUpWithAWord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		w := &world{bus: &bus{refuse: 4}, clock: clock.NewManual(time.Now())}
		w.Switch = delivery.New(t.Context(), w.bus, w.clock, slog.New(slog.NewTextHandler(&log, nil)))
		defer w.Close()
		w.publish(t, 2)
		time.Sleep(time.Minute)
		w.wantCounters(t, delivery.Counters{Events: 2, Delivered: 1, Failed: 1})
		if got := log.String(); !strings.Contains(got, "event lost") || !strings.Contains(got, errDown.Error()) {
			t.Errorf("logged %q", got)
		}
	})
}

func TestHangingBusHoldsUpNeitherPublishNorClose(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.bus.hang = true
		began := time.Now()
		w.publish(t, delivery.MaxPending+51) // one is on its way
		w.wantCounters(t, delivery.Counters{Events: delivery.MaxPending + 51, Waiting: delivery.MaxPending, Failed: 50})
		w.Close()
		w.Close()
		if took := time.Since(began); took > time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestHeldEventsAreBounded(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Late: 1})
		w.publish(t, 10_100)
		if got := w.clock.Pending(); got != 10_000 {
			t.Errorf("%d events are held back, want 10000", got)
		}
		if got := len(w.bus.names()); got != 100 {
			t.Errorf("%d events came at once, want the 100 beyond", got)
		}
	})
}

func TestCloseDropsWhatIsHeldBack(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Late: 0.5, Reorder: 1})
		w.publish(t, 20)
		came := len(w.bus.names())
		w.Close()
		if w.clock.Pending() != 0 {
			t.Error("a timer is left")
		}
		w.publish(t, 1)
		w.pass(time.Minute)
		if got := len(w.bus.names()); got != came {
			t.Errorf("%d events came after Close", got-came)
		}
	})
}
