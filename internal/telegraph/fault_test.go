package telegraph_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

var errNoAnswer = errors.New("no answer")

// begun is a world in which an execution has begun, and what is due of it in
// the channel.
func begun(t *testing.T) (*world, telegraph.Due) {
	t.Helper()
	w := newWorld(t, notice.Route{Channel: "C0RELEASES"})
	id := executionID(1)
	w.happen(id, "", event.Started)
	w.happen(id, "Source", event.Started)
	return w, telegraph.Due{Of: id, Place: "channel:C0RELEASES"}
}

// happen tells of a state of the execution or, if stage is set, of a stage.
func (w *world) happen(id release.ExecutionID, stage string, s event.State) {
	w.t.Helper()
	w.now = w.now.Add(10 * time.Second)
	m := event.Meta{ID: "1", Account: id.Account, Region: id.Region, Time: w.now}
	level := event.Execution{Pipeline: id.Pipeline, ExecutionID: id.ID, State: s, Attempt: 1, StartedAt: w.now}
	var e event.Event = event.PipelineChanged{Meta: m, Execution: level}
	if stage != "" {
		e = event.StageChanged{Meta: m, Execution: level, Stage: stage}
	}
	if w.truths[id] == nil {
		w.truths[id] = nothing
	}
	if err := w.notifier.Changed(context.Background(), e); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fails(d telegraph.Due) *telegraph.LaterError {
	w.t.Helper()
	err := w.deliverer.Deliver(context.Background(), d)
	var wait *telegraph.LaterError
	if !errors.As(err, &wait) {
		w.t.Fatalf("Deliver = %v, want a LaterError", err)
	}
	return wait
}

func (w *world) does(d telegraph.Due) {
	w.t.Helper()
	if err := w.deliverer.Deliver(context.Background(), d); err != nil {
		w.t.Fatalf("Deliver: %v", err)
	}
}

func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for _, accepted := range []bool{true, false} {
		w, due := begun(t)
		w.slack.faults = []fault{{accepted: accepted, err: errNoAnswer}}
		w.now = w.now.Add(w.fails(due).After)
		w.does(due)
		if len(w.slack.messages) == 0 || w.slack.messages[0].key != notice.CardKey || count(w, notice.CardKey) != 1 {
			t.Errorf("accepted %t: %d cards", accepted, count(w, notice.CardKey))
		}
		if w.slack.finds != 1 {
			t.Errorf("accepted %t: looked %d times, want once", accepted, w.slack.finds)
		}
	}
}

func count(w *world, key string) int {
	n := 0
	for _, m := range w.slack.messages {
		if m.key == key {
			n++
		}
	}
	return n
}

// What was refused for good is told to the operators once, and what Slack takes
// from nobody waits.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w, due := begun(t)
	gone := &telegraph.RefusedError{Sentence: "The channel is archived.", Err: errors.New("is_archived")}
	w.slack.faults = []fault{{err: gone}}
	w.does(due)
	w.happen(due.Of, "Source", event.Succeeded)
	w.does(due)
	if len(w.slack.messages) != 0 || len(w.pages) != 1 || !strings.Contains(w.pages[0], "archived") {
		t.Errorf("%d messages, pages %q; want none and one", len(w.slack.messages), w.pages)
	}

	w, due = begun(t)
	revoked := &telegraph.RefusedError{Sentence: "The token was revoked.", Everywhere: true, Err: errors.New("token_revoked")}
	w.slack.faults = []fault{{err: revoked}, {}, {}, {}}
	wait := w.fails(due)
	if again := w.fails(due); again.After > wait.After || len(w.pages) != 1 {
		t.Errorf("pages %q", w.pages)
	}
	w.now = w.now.Add(wait.After)
	w.does(due)
	if count(w, notice.CardKey) != 1 {
		t.Error("the card has not come after the token was renewed")
	}
}

func TestDeletedCardStaysAway(t *testing.T) {
	t.Parallel()
	w, due := begun(t)
	w.does(due)
	w.happen(due.Of, "Source", event.Failed)
	w.slack.faults = []fault{{err: fmt.Errorf("message_not_found: %w", telegraph.ErrNotFound)}}
	w.does(due)
	before := len(w.slack.messages)
	w.happen(due.Of, "", event.Failed)
	w.does(due)
	if len(w.slack.messages) != before || len(w.pages) != 0 {
		t.Errorf("%d messages after %d, pages %q", len(w.slack.messages), before, w.pages)
	}
}

// While Slack is down, no call is made for nothing, and nothing is lost.
func TestOutage(t *testing.T) {
	t.Parallel()
	w, due := begun(t)
	w.does(due)
	var down []fault
	for range 50 {
		down = append(down, fault{err: errNoAnswer})
	}
	w.slack.faults = down
	w.happen(due.Of, "Source", event.Succeeded)
	w.happen(due.Of, "Build", event.Started)
	ends := w.now.Add(10 * time.Minute)
	for w.now.Before(ends) {
		w.now = w.now.Add(w.fails(due).After)
	}
	if calls := 50 - len(w.slack.faults); calls > 25 {
		t.Errorf("%d calls within ten minutes of an outage", calls)
	}
	w.slack.faults = nil
	w.drain(rand.New(rand.NewPCG(1, 1)))
	kept, err := w.shelf.Kept(context.Background(), due.Of)
	if err != nil {
		t.Fatal(err)
	}
	w.checkCard(kept.Record, w.slack.messages[0].shows)
	if got := count(w, "stage/Source/1"); got > 1 {
		t.Errorf("said %d times", got)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	w, due := begun(t)
	w.slack.faults = []fault{{accepted: true, err: &telegraph.LaterError{After: 40 * time.Second, Err: errors.New("429")}}}
	wait := w.fails(due)
	if wait.After != 40*time.Second {
		t.Errorf("wait %s", wait.After)
	}
	other := telegraph.Due{Of: due.Of, Place: "channel:C0RELEASES"}
	if w.fails(other).After > 40*time.Second {
		t.Error("the breaker knows nothing of it")
	}
	w.now = w.now.Add(wait.After)
	w.does(due)
	if n := count(w, notice.CardKey); n != 1 {
		t.Errorf("%d cards", n)
	}
}

// Of two that work on a place at the same time, one waits.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	w, due := begun(t)
	kept, err := w.shelf.Kept(context.Background(), due.Of)
	if err != nil {
		t.Fatal(err)
	}
	c := telegraph.Card{Of: due.Of, Place: due.Place, Attempt: &telegraph.Attempt{
		Keys: []string{notice.CardKey}, Since: w.now, Until: w.now.Add(time.Minute),
	}}
	if c, err = w.shelf.SaveCard(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	if wait := w.fails(due); wait.After != time.Minute || len(w.slack.messages) != 0 {
		t.Errorf("waits %s after %d messages", wait.After, len(w.slack.messages))
	}
	w.now = w.now.Add(2 * time.Minute)
	w.does(due)
	if count(w, notice.CardKey) != 1 || kept.Record.ID != due.Of.ID || c.Version != 1 {
		t.Error("the card has not come")
	}
}

// told tells the same truth to everybody.
type told struct {
	*world
	truth release.Truth
	asked int
}

func (s *told) Truth(context.Context, release.ExecutionID) (release.Truth, error) {
	s.asked++
	return s.truth, nil
}

// A stage whose failure is heard of before that of its action is told of once,
// with the action.
func TestFailureIsToldOnceWithItsAction(t *testing.T) {
	t.Parallel()
	w, due := begun(t)
	s := &told{world: w, truth: release.Truth{Actions: []release.ActionTruth{{
		Stage: "Source", Action: "Fetch", ID: "a1", State: event.Failed, Started: w.now, Updated: w.now,
		Type: event.ActionType{Owner: "AWS", Category: "Source", Provider: "S3"},
	}}}}
	w.deliverer.Source = s
	w.does(due)
	w.happen(due.Of, "Source", event.Failed)
	w.does(due)
	w.happen(due.Of, "", event.Failed)
	w.does(due)
	var failures []string
	for _, m := range w.slack.messages {
		if m.shows == string(notice.Failed) {
			failures = append(failures, m.key)
		}
	}
	if len(failures) != 1 || !strings.Contains(failures[0], "Fetch") || s.asked != 1 {
		t.Errorf("told of %q after asking %d times, want one that names the action", failures, s.asked)
	}
}
