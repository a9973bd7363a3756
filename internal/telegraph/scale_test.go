package telegraph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/release/journey"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// twentyChannels sends each pipeline to a channel of its own.
func twentyChannels() notice.Route {
	root := notice.Route{Channel: "C0OTHERS"}
	for n := range 20 {
		root.Routes = append(root.Routes, notice.Route{
			Match: notice.Match{Pipelines: []string{executionID(n).Pipeline}}, Channel: fmt.Sprintf("C0TEAM%02d", n),
		})
	}
	return root
}

// Thousands of events of hundreds of executions, delivered badly, end in one
// true card each.
func TestScale(t *testing.T) {
	t.Parallel()
	const executions, wanted = 200, 10_000
	rng := rand.New(rand.NewPCG(1, 9))
	w := newWorld(t, twentyChannels())
	var events []event.Event
	for n := range executions {
		id := executionID(n)
		j := journey.New(id, uint64(n))
		w.truths[id] = j
		events = append(events, j.Events...)
	}
	for len(events) < wanted { // duplicates
		events = append(events, events[rng.IntN(len(events))])
	}
	jumble(rng, events)
	began := time.Now()
	oldest := 0
	for i, e := range events {
		w.tell(rng, e)
		if i%5 == 0 {
			w.deliver(rng, 10)
		}
		oldest = max(oldest, w.queue.len())
	}
	w.sweep(rng, 2)
	w.drain(rng)
	cards := map[string]int{}
	for _, m := range w.slack.messages {
		cards[m.of+" "+m.key]++
	}
	for n := range executions {
		w.checkScale(executionID(n), cards)
	}
	t.Logf("%d events of %d executions over 20 channels: %d writes of records, %d posts, %d edits, %d lookups, at most %d queued, %s",
		len(events), executions, w.shelf.writes, w.slack.posts, w.slack.edits, w.slack.finds, oldest, time.Since(began).Round(time.Millisecond))
}

// jumble moves events by up to some hundred places.
func jumble(rng *rand.Rand, events []event.Event) {
	for i := range events {
		j := min(i+rng.IntN(400), len(events)-1)
		events[i], events[j] = events[j], events[i]
	}
}

func (w *world) checkScale(id release.ExecutionID, said map[string]int) {
	w.t.Helper()
	want := release.NewRecord(id)
	for _, e := range w.truths[id].Events {
		want, _ = want.Fold(e)
	}
	kept, err := w.shelf.Kept(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	if kept.Record.State() != want.State() {
		w.t.Errorf("%s is %s, want %s", id.ID, kept.Record.State(), want.State())
	}
	for _, m := range w.slack.messages {
		if n := said[m.of+" "+m.key]; m.of == id.ID && n != 1 {
			w.t.Errorf("%s of %s was posted %d times", m.key, id.ID, n)
		}
		if m.of == id.ID && m.key == notice.CardKey {
			w.checkCard(kept.Record, m.shows)
		}
	}
	if said[id.ID+" "+notice.CardKey] != 1 {
		w.t.Errorf("%s has no card", id.ID)
	}
}

// A release of ten actions takes one post, an edit a second at most, and what
// people must know.
func TestCallsPerRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, notice.Route{Channel: "C0RELEASES"})
	id := executionID(1)
	w.truths[id] = nothing
	w.happen(id, "", event.Started)
	for n := range 5 {
		stage := fmt.Sprintf("Stage%d", n)
		w.happen(id, stage, event.Started)
		for a := range 2 {
			w.act(id, stage, fmt.Sprintf("Action%d", a), event.Started)
			w.quietly()
			w.act(id, stage, fmt.Sprintf("Action%d", a), event.Succeeded)
		}
		w.happen(id, stage, event.Succeeded)
		w.quietly()
	}
	w.happen(id, "", event.Succeeded)
	w.quietly()
	replies := w.slack.posts - 1
	if count(w, notice.CardKey) != 1 || w.slack.edits > 32 || replies > 6 {
		t.Errorf("%d cards, %d edits, %d replies", count(w, notice.CardKey), w.slack.edits, replies)
	}
	for _, m := range w.slack.messages {
		if m.broadcast || m.mentions > 0 {
			t.Errorf("%s is loud although all went well", m.key)
		}
	}
	t.Logf("a release of ten actions, 32 events: 1 post, %d edits, %d replies, %d lookups", w.slack.edits, replies, w.slack.finds)
}

func (w *world) act(id release.ExecutionID, stage, name string, s event.State) {
	w.t.Helper()
	w.now = w.now.Add(10 * time.Second)
	e := event.ActionChanged{
		Meta:      event.Meta{ID: "1", Account: id.Account, Region: id.Region, Time: w.now},
		Execution: event.Execution{Pipeline: id.Pipeline, ExecutionID: id.ID, State: s, Attempt: 1, StartedAt: w.now},
		Stage:     stage, Action: name, ActionExecutionID: stage + name,
		Type: event.ActionType{Owner: "AWS", Category: "Deploy", Provider: "CodeDeploy"},
	}
	if err := w.notifier.Changed(context.Background(), e); err != nil {
		w.t.Fatal(err)
	}
}

// quietly does what is queued without any trouble.
func (w *world) quietly() {
	w.t.Helper()
	for w.queue.len() > 0 {
		for place, dues := range w.queue.groups {
			if len(dues) > 0 {
				w.does(dues[0])
				w.queue.groups[place] = dues[1:]
			}
		}
	}
}

// For an event, one read, one write and one send are enough.
func TestCallsPerEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, tree)
	id := executionID(3)
	w.happen(id, "", event.Started)
	writes, sends := w.shelf.writes, w.queue.sends
	w.happen(id, "Build", event.Started)
	if w.shelf.writes != writes+1 || w.queue.sends != sends+1 {
		t.Errorf("%d writes and %d sends for one event", w.shelf.writes-writes, w.queue.sends-sends)
	}
	w.act(id, "Build", "Unit", event.Started)
	writes, sends = w.shelf.writes, w.queue.sends
	w.now = w.now.Add(-10 * time.Second)
	w.act(id, "Build", "Unit", event.Started)
	if w.shelf.writes != writes || w.queue.sends != sends+1 {
		t.Errorf("%d writes and %d sends for a repetition", w.shelf.writes-writes, w.queue.sends-sends)
	}
}

// What CodeBuild tells is tied to the execution by the artifact it builds.
func TestBuildsFindTheirExecution(t *testing.T) {
	t.Parallel()
	w := newWorld(t, tree)
	id := executionID(3)
	b := event.BuildChanged{
		Meta: event.Meta{ID: "1", Account: id.Account, Region: id.Region, Time: w.now}, Status: "IN_PROGRESS",
		Build: event.Build{Project: "orders", BuildID: "orders:1", Pipeline: id.Pipeline, Source: event.Artifact{Bucket: "b", Key: "k"}},
	}
	tell := func(e event.Event) {
		if err := w.notifier.Changed(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
	tell(b) // too early: left out
	tell(event.ActionChanged{
		Meta:      b.Meta,
		Execution: event.Execution{Pipeline: id.Pipeline, ExecutionID: id.ID, State: event.Started, Attempt: 1, StartedAt: w.now},
		Stage:     "Build", Action: "Unit", ActionExecutionID: "a1", Inputs: []event.Artifact{{Name: "Source", Bucket: "b", Key: "k"}},
		Type: event.ActionType{Owner: "AWS", Category: "Build", Provider: "CodeBuild"},
	})
	tell(b)
	kept, err := w.shelf.Kept(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, there := kept.Record.Build("orders:1"); !there {
		t.Error("the build is not in the record")
	}
	b.Pipeline = "another"
	b.BuildID = "orders:2"
	tell(b)
	if kept, err = w.shelf.Kept(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	if _, there := kept.Record.Build("orders:2"); there {
		t.Error("a build of another pipeline is in the record")
	}
}

var _ telegraph.Source = (*world)(nil)
