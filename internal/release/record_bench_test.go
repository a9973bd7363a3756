package release_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// ordinary are the events of a release of some forty.
func ordinary() []event.Event {
	var events []event.Event
	for seed := uint64(0); len(events) < 40; seed++ {
		events = newJourney(seed).Events
	}
	return events
}

// BenchmarkFold folds the events of ordinary releases; an operation is an event.
func BenchmarkFold(b *testing.B) {
	events := ordinary()
	var r release.Record
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if n%len(events) == 0 {
			r = release.NewRecord(journeyOf)
		}
		r, _ = r.Fold(events[n%len(events)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkFoldAgain folds events that tell nothing new.
func BenchmarkFoldAgain(b *testing.B) {
	events := ordinary()
	r := fold(events)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		r, _ = r.Fold(events[n%len(events)])
		n++
	}
}

// BenchmarkHash makes all views of a record, as for a card.
func BenchmarkHash(b *testing.B) {
	r := fold(ordinary())
	b.ReportAllocs()
	for b.Loop() {
		r.Hash()
	}
}
