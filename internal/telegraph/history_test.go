package telegraph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/release/journey"
)

var tree = notice.Route{Channel: "C0RELEASES", Direct: notice.DirectFailure, Sinks: []string{"mail"}}

// Whatever events do and wherever processes end, every place has one card that
// is true, and each thing is said once.
func TestHistories(t *testing.T) {
	t.Parallel()
	n := 300
	if s, err := strconv.Atoi(os.Getenv("SIGNALBOX_HISTORIES")); err == nil {
		n = s
	}
	for seed := range n {
		history(t, uint64(seed))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d histories with crashes before, at and after every call", n)
}

func history(t *testing.T, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	w := newWorld(t, tree)
	id := executionID(int(seed))
	j := journey.New(id, seed)
	w.truths[id] = j
	events := slices.Clone(j.Events)
	if rng.IntN(2) == 0 {
		rng.Shuffle(len(events), func(a, b int) { events[a], events[b] = events[b], events[a] })
	}
	lost := rng.IntN(3) == 0
	for _, e := range events {
		if lost && rng.IntN(4) == 0 && w.shelf.records[id] != "" {
			continue
		}
		w.tell(rng, e)
		if rng.IntN(5) == 0 {
			w.tell(rng, e)
		}
		w.deliver(rng, rng.IntN(4))
	}
	w.sweep(rng, 3)
	w.drain(rng)
	w.check(id, j, lost)
}

// sweep lets some time go by without events.
func (w *world) sweep(rng *rand.Rand, n int) {
	w.t.Helper()
	for range n {
		w.drain(rng)
		w.now = w.now.Add(2 * time.Hour)
		w.fuse.set(-1, false)
		if err := w.deliverer.Sweep(context.Background(), event.SweepDue{}); err != nil {
			w.t.Fatalf("Sweep: %v", err)
		}
	}
}

// check compares what Slack shows with what happened.
func (w *world) check(id release.ExecutionID, j *journey.Journey, lost bool) {
	w.t.Helper()
	want := release.NewRecord(id)
	for _, e := range j.Events {
		want, _ = want.Fold(e)
	}
	kept, err := w.shelf.Kept(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	if got := kept.Record; got.State() != want.State() && !lost {
		w.t.Errorf("record is %s, want %s", got.State(), want.State())
	}
	counts := map[string]int{}
	for _, m := range w.slack.messages {
		counts[m.Channel+" "+m.key]++
		if m.key != notice.CardKey && m.Channel == "C0RELEASES" && m.thread == "" {
			w.t.Errorf("%s was said outside of the thread", m.key)
		}
	}
	for key, n := range counts {
		if n != 1 {
			w.t.Errorf("%q was posted %d times", key, n)
		}
	}
	if counts["C0RELEASES card"] != 1 {
		w.t.Fatalf("%d cards", counts["C0RELEASES card"])
	}
	for _, m := range w.slack.messages {
		if m.key == notice.CardKey {
			w.checkCard(kept.Record, m.shows)
		}
	}
	w.checkSaid(kept.Record, counts)
}

func (w *world) checkCard(r release.Record, shows string) {
	w.t.Helper()
	if want := fmt.Sprintf("%s/production/card", r.Hash()); shows != want {
		w.t.Errorf("the card is out of date:\n got %s\nwant %s", shows, want)
	}
}

// checkSaid looks whether all that is to be said has been said.
func (w *world) checkSaid(r release.Record, counts map[string]int) {
	w.t.Helper()
	rel := notice.Of(r, "production")
	teller := w.deliverer.Teller
	for _, d := range tree.Deliveries(teller.Subject(rel)) {
		for _, reply := range teller.Plan(rel, d, notice.Said{}, w.now).Replies {
			switch {
			case d.Sink != "":
				if key := d.Sink + " " + r.ID + " " + reply.Key; reply.Kind.Outcome() && w.sinks.heard[key] == 0 {
					w.t.Errorf("%s was not told: %s", d.Sink, reply.Key)
				}
			case d.Channel != "":
				if counts[d.Channel+" "+reply.Key] == 0 {
					w.t.Errorf("%s was not told: %s", d.Channel, reply.Key)
				}
			default:
				if counts[d.Person.Slack+" "+reply.Key] == 0 {
					w.t.Errorf("%s was not told: %s", d.Person.ID, reply.Key)
				}
			}
		}
	}
}
