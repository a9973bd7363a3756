package release_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// streams is how many streams of events the property tests fold.
func streams() uint64 {
	if testing.Short() || raced {
		return 2_000
	}
	return 50_000
}

// TestEventsInAnyOrderMakeTheSameRecord shuffles and repeats the events of many
// executions, and loses some and reconciles.
func TestEventsInAnyOrderMakeTheSameRecord(t *testing.T) {
	t.Parallel()
	var done, events atomic.Uint64
	var workers sync.WaitGroup
	for worker := range uint64(2) {
		workers.Go(func() {
			for seed := worker; seed < streams() && !t.Failed(); seed += 2 {
				events.Add(uint64(oneStream(t, seed)))
				done.Add(1)
			}
		})
	}
	workers.Wait()
	t.Logf("%d streams of %d events, each folded in order, shuffled with duplicates, and with losses", done.Load(), events.Load())
	if done.Load() < streams() {
		t.Errorf("%d streams, want %d", done.Load(), streams())
	}
}

func oneStream(t *testing.T, seed uint64) int {
	j := newJourney(seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	want := fold(j.Events)
	same(t, seed, "shuffled", want, fold(shuffled(rng, j.Events)))
	facts := release.Facts{Plan: j.Plan}
	healed := seen(want.Reconciled(j.Truth()).Merge(facts))
	if diff := quickDiff(seen(want.Merge(facts)).coarse(), healed.coarse()); diff != "" {
		t.Errorf("stream %d: the truth differs from what all events say (-events +truth):\n%s", seed, diff)
	}
	lost := shuffled(rng, j.Events)
	lost = lost[:rng.IntN(len(lost)+1)]
	got := fold(lost).Reconciled(j.Truth())
	after := seen(got.Merge(facts))
	if len(want.Results) > 20 { // what successes said may have been left out
		healed, after = healed.coarse(), after.coarse()
	}
	if diff := quickDiff(healed, after); diff != "" {
		t.Errorf("stream %d: after losses (-all +lost):\n%s", seed, diff)
	}
	same(t, seed, "reconciled twice", got, got.Reconciled(j.Truth()))
	return len(j.Events)
}

// shuffled is all of events, some of them twice, in any order.
func shuffled(rng *rand.Rand, events []event.Event) []event.Event {
	all := slices.Clone(events)
	for range rng.IntN(len(events) + 1) {
		all = append(all, events[rng.IntN(len(events))])
	}
	rng.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
	return all
}

func same(t *testing.T, seed uint64, how string, want, got release.Record) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Errorf("stream %d, %s (-want +got):\n%s", seed, how, cmp.Diff(want, got))
	}
}

// A sight is what people see of a record that losses must not change. The
// number of attempts of a stage is not among it: the API does not tell.
type sight struct {
	Outcome release.Status
	Train   []release.StageView
	Waits   []release.Wait
	Failure release.Failure
}

func seen(r release.Record) sight {
	s := sight{Outcome: r.Outcome(), Train: r.Train(), Waits: r.WaitsFor()}
	s.Failure, _ = r.Failure()
	s.Failure.Action.Build, s.Failure.Action.Tries = nil, min(s.Failure.Action.Tries, 3)
	for i, stage := range s.Train {
		v := release.StageView{Name: stage.Name, Status: stage.Status, Groups: stage.Groups}
		for _, g := range v.Groups {
			for k := range g {
				g[k].Build = nil                // events alone tell of builds
				g[k].Tries = min(g[k].Tries, 3) // more may have been left out
			}
		}
		s.Train[i] = v
	}
	return s
}

// coarse is s without times, which events tell in whole seconds, and without
// what is said about actions that did not fail: the API alone tells of those
// that run.
func (s sight) coarse() sight {
	coarse := func(a release.ActionView) release.ActionView {
		a.Since, a.Until, a.Region = time.Time{}, time.Time{}, ""
		if a.Status != release.Failed {
			a.Ending = release.Ending{}
		}
		return a
	}
	c := sight{Outcome: s.Outcome, Failure: s.Failure}
	c.Failure.Action = coarse(c.Failure.Action)
	for _, w := range s.Waits {
		w.Since = time.Time{}
		c.Waits = append(c.Waits, w)
	}
	for _, v := range s.Train {
		groups := v.Groups
		v.Groups = nil
		for _, g := range groups {
			var all []release.ActionView
			for _, a := range g {
				all = append(all, coarse(a))
			}
			v.Groups = append(v.Groups, all)
		}
		c.Train = append(c.Train, v)
	}
	return c
}

func quickDiff(want, got sight) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}
