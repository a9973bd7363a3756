package telegraph_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release/journey"
)

// nothing is an execution that the API has nothing to tell of.
var nothing = &journey.Journey{}

// quietNights has its quiet hours until noon, when the digest comes.
var quietNights = notice.Route{Channel: "C0RELEASES", Quiet: &notice.Quiet{Hours: calendar.Timetable{
	Zone: "UTC", Windows: []calendar.Window{{Days: []calendar.Day{"sun", "mon", "tue"}, From: "20:00", To: "12:00"}},
}}}

func TestDigest(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 3))
		w := newWorld(t, quietNights)
		w.now = journey.Monday
		for n := range 3 {
			id := executionID(n)
			w.happen(id, "", event.Started)
			w.happen(id, "Build", event.Started)
			w.happen(id, "Build", event.Failed)
			w.happen(id, "", event.Failed)
		}
		w.drain(rng)
		for _, m := range w.slack.messages {
			if m.broadcast || m.mentions > 0 {
				t.Fatalf("seed %d: %s is loud in quiet hours", seed, m.key)
			}
		}
		w.now = journey.Monday.Add(4*time.Hour + time.Minute)
		for range 3 {
			if err := w.deliverer.Sweep(context.Background(), event.SweepDue{}); err != nil {
				t.Fatal(err)
			}
			w.drain(rng)
			w.now = w.now.Add(time.Minute)
		}
		w.checkDigest(seed)
	}
}

// checkDigest wants one digest with three failures, once each.
func (w *world) checkDigest(seed uint64) {
	w.t.Helper()
	var digests []string
	for _, m := range w.slack.messages {
		if strings.HasPrefix(m.key, "digest ") {
			digests = append(digests, m.shows)
		}
	}
	if len(digests) != 1 {
		w.t.Fatalf("seed %d: %d digests: %q", seed, len(digests), digests)
	}
	for n := range 3 {
		if id := executionID(n); strings.Count(digests[0], id.Pipeline+":") != 1 {
			w.t.Errorf("seed %d: %s is not in the digest once:\n%s", seed, id.Pipeline, digests[0])
		}
	}
}
