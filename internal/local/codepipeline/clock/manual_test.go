package clock_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

var start = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

func TestAdvanceMakesCallsInOrderEachAtItsMoment(t *testing.T) {
	t.Parallel()
	m := clock.NewManual(start)
	var got []string
	note := func(name string) func() {
		return func() { got = append(got, name+" "+m.Now().Sub(start).String()) }
	}
	m.AfterFunc(2*time.Second, note("second"))
	m.AfterFunc(time.Second, func() {
		note("first")()
		m.AfterFunc(500*time.Millisecond, note("added"))
	})
	m.AfterFunc(2*time.Second, note("third"))
	m.AfterFunc(time.Hour, note("never"))
	m.Advance(time.Minute)
	want := []string{"first 1s", "added 1.5s", "second 2s", "third 2s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls differ (-want +got):\n%s", diff)
	}
	if now := m.Now(); !now.Equal(start.Add(time.Minute)) || m.Pending() != 1 {
		t.Errorf("now %s with %d pending; want a minute later with 1", now, m.Pending())
	}
}

func TestStoppedCallIsNotMade(t *testing.T) {
	t.Parallel()
	m := clock.NewManual(start)
	called := false
	timer := m.AfterFunc(time.Second, func() { called = true })
	if !timer.Stop() {
		t.Error("Stop before the moment = false")
	}
	m.Advance(time.Hour)
	if called || timer.Stop() {
		t.Errorf("called %v, second Stop true; want neither", called)
	}
}

func TestSystemClockCallsBack(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	clock.System{}.AfterFunc(time.Microsecond, func() { close(done) })
	select {
	case <-done:
	case <-t.Context().Done():
	case <-time.After(5 * time.Second):
		t.Fatal("no call within five seconds")
	}
	if (clock.System{}).Now().Location() != time.UTC {
		t.Error("Now is not in UTC")
	}
}
