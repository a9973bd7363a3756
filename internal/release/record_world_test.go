package release_test

import (
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/release/journey"
)

var journeyOf = release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: "orders", ID: "e1"}

func newJourney(seed uint64) *journey.Journey { return journey.New(journeyOf, seed) }

// fold makes a record of events, one after the other.
func fold(events []event.Event) release.Record {
	r := release.NewRecord(journeyOf)
	for _, e := range events {
		r, _ = r.Fold(e)
	}
	return r
}
