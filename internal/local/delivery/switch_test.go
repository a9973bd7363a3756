package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/delivery"
)

func numbers(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

func TestEventsComeOnceAtOnceAndInOrderUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.publish(t, 100)
		if diff := cmp.Diff(numbers(100), w.bus.names()); diff != "" {
			t.Errorf("events differ (-want +got):\n%s", diff)
		}
		if w.clock.Pending() != 0 {
			t.Error("something is held back")
		}
		w.wantCounters(t, delivery.Counters{Events: 100, Delivered: 100})
	})
}

func TestLostEventsNeverCome(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Lose: 1, Double: 1, Late: 1, Reorder: 1})
		w.publish(t, 10)
		w.pass(time.Minute)
		if got := w.bus.names(); got != nil {
			t.Errorf("%q came", got)
		}
		w.wantCounters(t, delivery.Counters{Events: 10, Lost: 10})
	})
}

func TestLateEventsComeWithinHalfAMinute(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Late: 1})
		w.publish(t, 50)
		w.wantCounters(t, delivery.Counters{Events: 50, Late: 50, Waiting: 50})
		w.clock.Advance(time.Second - time.Nanosecond)
		synctest.Wait()
		if got := w.bus.names(); got != nil {
			t.Errorf("%q came within a second", got)
		}
		w.pass(30 * time.Second)
		got := w.bus.names()
		if slices.Equal(got, numbers(50)) {
			t.Error("all came in order")
		}
		w.wantCounters(t, delivery.Counters{Events: 50, Late: 50, Delivered: 50})
	})
}

func TestDoubledEventKeepsItsIDOrGetsAnother(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Double: 1})
		w.publish(t, 100)
		w.pass(10 * time.Second)
		w.wantCounters(t, delivery.Counters{Events: 100, Doubled: 100, Delivered: 200})
		count := map[string]int{}
		for _, name := range w.bus.names() {
			count[name]++
		}
		kept := map[string]int{}
		for _, id := range w.bus.ids() {
			kept[id]++
		}
		same := 0
		for i := range 100 {
			if count[fmt.Sprint(i)] != 2 {
				t.Errorf("event %d came %d times, want 2", i, count[fmt.Sprint(i)])
			}
			if kept[fmt.Sprint("id of ", i)] == 2 {
				same++
			}
		}
		if same < 25 || same > 75 || len(kept) != 200-same {
			t.Errorf("%d of 100 doubles kept their id, and there are %d ids; want about half, the rest unique", same, len(kept))
		}
	})
}

func TestReorderedEventsAreOvertaken(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Reorder: 0.3, Seed: 4})
		w.publish(t, 200)
		w.pass(5 * time.Second)
		got := w.bus.names()
		if slices.Equal(got, numbers(200)) {
			t.Fatal("all came in order")
		}
		for at, name := range got {
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil {
				t.Fatal(err)
			}
			if at-i > 3 || i-at > 6 {
				t.Errorf("event %d came as number %d: farther than the window is wide", i, at)
			}
		}
		slices.Sort(got)
		want := numbers(200)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events differ (-want +got):\n%s", diff)
		}
	})
}

func TestLastReorderedEventComesThoughNoneFollows(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Reorder: 1})
		w.publish(t, 1)
		if got := w.bus.names(); got != nil {
			t.Errorf("%q came at once", got)
		}
		w.pass(5 * time.Second)
		w.wantCounters(t, delivery.Counters{Events: 1, Reordered: 1, Delivered: 1})
	})
}

// deliveries is what comes, and in which order, of the same thousand events.
func deliveries(t *testing.T, r delivery.Rates) []string {
	t.Helper()
	var got []string
	in(t, func(t *testing.T, w *world) {
		w.publish(t, 10) // what came before must not matter
		w.set(t, r)
		for range 20 {
			w.publish(t, 50)
			w.pass(2 * time.Second)
		}
		w.pass(time.Minute)
		got = w.bus.names()
	})
	return got
}

func TestSameSeedAndSequenceBringTheSameDelivery(t *testing.T) {
	t.Parallel()
	r := delivery.Rates{Late: 0.2, Double: 0.2, Lose: 0.1, Reorder: 0.2, Seed: 42}
	first := deliveries(t, r)
	if diff := cmp.Diff(first, deliveries(t, r)); diff != "" {
		t.Errorf("the second delivery differs (-first +second):\n%s", diff)
	}
	r.Seed = 43
	if slices.Equal(first, deliveries(t, r)) {
		t.Error("another seed brings the same delivery")
	}
}

func TestSwitchingOffLetsHeldEventsCome(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		w.set(t, delivery.Rates{Late: 1})
		w.publish(t, 3)
		w.set(t, delivery.Rates{})
		w.publish(t, 2)
		w.wantCounters(t, delivery.Counters{Events: 2, Delivered: 2, Waiting: 3})
		w.pass(30 * time.Second)
		w.wantCounters(t, delivery.Counters{Events: 2, Delivered: 5})
	})
}

func TestEventWithoutIDGetsOne(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, w *world) {
		for range 2 {
			if err := w.Publish(t.Context(), delivery.Event{}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if ids := w.bus.ids(); len(ids) != 2 || len(ids[0]) != 36 || ids[0] == ids[1] {
			t.Errorf("ids %q; want two different UUIDs", ids)
		}
	})
}
