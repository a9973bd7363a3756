package telegraph_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/release/journey"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// A world is everything that a Notifier and a Deliverer touch, in memory.
type world struct {
	t         testing.TB
	now       time.Time
	fuse      *fuse
	shelf     *shelf
	slack     *workspace
	queue     *line
	sinks     *ears
	pages     []string
	badges    map[string]telegraph.Badge
	truths    map[release.ExecutionID]*journey.Journey
	notifier  telegraph.Notifier
	deliverer telegraph.Deliverer
}

func newWorld(t testing.TB, routes notice.Route) *world {
	t.Helper()
	w := &world{
		t: t, now: journey.Monday, fuse: &fuse{left: -1}, badges: map[string]telegraph.Badge{},
		truths: map[release.ExecutionID]*journey.Journey{},
	}
	w.shelf = newShelf(w.fuse)
	w.slack = &workspace{fuse: w.fuse, now: w.clock}
	w.queue = &line{fuse: w.fuse, groups: map[string][]telegraph.Due{}}
	w.sinks = &ears{fuse: w.fuse, heard: map[string]int{}}
	index := people.Directory{Members: []people.Member{
		{Person: people.Person{ID: "dana", Name: "Dana", Email: "dana@example.com", Slack: "U0DANA"}},
	}}.Index()
	board := telegraph.Board{
		Routes: routes, Teller: notice.Teller{People: index},
		Environment: func(release.ExecutionID, string) string { return "production" },
	}
	w.notifier = telegraph.Notifier{Board: board, Records: w.shelf, Queue: w.queue, Now: w.clock}
	w.deliverer = telegraph.Deliverer{
		Board: board, Records: w.shelf, Queue: w.queue, Slack: w.slack, Sinks: w.sinks, Source: w, Builds: w, Badges: w, Pager: w,
		Offers: func(r release.Record, _ string) []telegraph.Command { return r.Offers() },
		People: index, CardURL: func(m telegraph.Message) string { return "https://slack.example/" + m.Channel + "/" + m.TS },
		Breakers: &telegraph.Breakers{}, Now: w.clock, Pause: w.pause,
	}
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) pause(_ context.Context, d time.Duration) error {
	w.now = w.now.Add(d)
	return nil
}

// Facts tells the plan of the pipeline.
func (w *world) Facts(_ context.Context, r release.Record, q telegraph.Question) (f release.Facts, err error) {
	err = w.fuse.call(func() error {
		if q.Structure {
			f.Plan, f.Mode = w.truths[r.ExecutionID].Plan, "QUEUED"
		}
		if q.Origin {
			f.Revisions = []release.Commit{{ID: "c0ffee", Summary: "Add refunds", Author: "Dana", Email: "dana@example.com"}}
			f.Authors = []release.Author{{Name: "Dana", Email: "dana@example.com"}}
		}
		return nil
	})
	return f, err
}

// Truth tells how an execution stands.
func (w *world) Truth(_ context.Context, id release.ExecutionID) (t release.Truth, err error) {
	err = w.fuse.call(func() error {
		j, there := w.truths[id]
		if !there {
			return telegraph.ErrNotFound
		}
		t = j.Truth()
		return nil
	})
	return t, err
}

// Failure explains a build.
func (w *world) Failure(_ context.Context, _ build.Place, id string) (f build.Failure, err error) {
	err = w.fuse.call(func() error {
		f = build.Failure{BuildID: id, Phase: "BUILD", Message: "make test", Tests: []build.Test{{Name: "TestRefund"}}}
		return nil
	})
	return f, err
}

func (w *world) SaveBadge(_ context.Context, b telegraph.Badge) error {
	return w.fuse.call(func() error {
		w.badges[b.Pipeline+"/"+b.Branch] = b
		return nil
	})
}

func (w *world) Page(_ context.Context, subject, text string) error {
	return w.fuse.call(func() error {
		w.pages = append(w.pages, subject+": "+text)
		return nil
	})
}

// line is the queue.
type line struct {
	*fuse
	groups map[string][]telegraph.Due
	sends  int
}

func (q *line) Send(_ context.Context, due ...telegraph.Due) error {
	return q.call(func() error {
		q.sends++
		for _, d := range due {
			q.groups[d.Place] = append(q.groups[d.Place], d)
		}
		return nil
	})
}

// ears are the sinks.
type ears struct {
	*fuse
	heard map[string]int
	err   error
}

func (e *ears) Wants(_ string, k notice.Kind) bool { return k.Outcome() }

func (e *ears) Send(_ context.Context, sink string, s telegraph.Saying) error {
	return e.call(func() error {
		if e.err != nil {
			return e.err
		}
		e.heard[sink+" "+s.Record.ID+" "+s.Key]++
		return nil
	})
}

// tell gives events to the notifier, as Lambda does: again after a failure.
func (w *world) tell(rng *rand.Rand, events ...event.Event) {
	w.t.Helper()
	for _, e := range events {
		for try := 0; ; try++ {
			w.blow(rng, 8)
			if err := w.notifier.Changed(context.Background(), e); err == nil {
				break
			} else if !errors.Is(err, errBlown) || try > 50 {
				w.t.Fatalf("Changed: %v", err)
			}
		}
		w.fuse.set(-1, false)
		w.now = w.now.Add(time.Duration(rng.IntN(2000)) * time.Millisecond)
	}
}

// blow sets the fuse in one of four cases.
func (w *world) blow(rng *rand.Rand, within int) {
	w.fuse.set(-1, false)
	if rng.IntN(4) == 0 {
		w.fuse.set(rng.IntN(within), rng.IntN(2) == 0)
	}
}

// deliver does up to n things of the queue.
func (w *world) deliver(rng *rand.Rand, n int) {
	w.t.Helper()
	for range n {
		groups := slices.Sorted(maps.Keys(w.queue.groups))
		groups = slices.DeleteFunc(groups, func(g string) bool { return len(w.queue.groups[g]) == 0 })
		if len(groups) == 0 {
			return
		}
		group := groups[rng.IntN(len(groups))]
		w.blow(rng, 12)
		err := w.deliverer.Deliver(context.Background(), w.queue.groups[group][0])
		w.fuse.set(-1, false)
		var wait *telegraph.LaterError
		switch {
		case err == nil:
			w.queue.groups[group] = w.queue.groups[group][1:]
		case errors.As(err, &wait):
			w.now = w.now.Add(wait.After)
		case !errors.Is(err, errBlown):
			w.t.Fatalf("Deliver: %v", err)
		}
	}
}

// drain does everything that is queued.
func (w *world) drain(rng *rand.Rand) {
	w.t.Helper()
	for round := 0; w.queue.len() > 0; round++ {
		if round > 2000 {
			w.t.Fatalf("the queue is never done: %d left", w.queue.len())
		}
		w.deliver(rng, 1+w.queue.len())
	}
}

func (q *line) len() int {
	n := 0
	for _, g := range q.groups {
		n += len(g)
	}
	return n
}

func executionID(n int) release.ExecutionID {
	return release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: fmt.Sprintf("orders-%d", n%20), ID: fmt.Sprintf("e%d", n)}
}
