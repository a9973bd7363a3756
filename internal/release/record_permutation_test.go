package release_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// TestEveryPermutationMakesTheSameRecord goes through all orders of short
// streams, with every record going through JSON in between.
func TestEveryPermutationMakesTheSameRecord(t *testing.T) {
	t.Parallel()
	orders := 0
	for _, events := range shortStreams() {
		want := fold(events)
		permute(events, func(order []event.Event) {
			orders++
			r := release.NewRecord(journeyOf)
			for _, e := range order {
				r, _ = r.Fold(e)
			}
			if !reflect.DeepEqual(want, r) {
				t.Fatalf("(-want +got):\n%s", cmp.Diff(want, r))
			}
		})
		raw, err := json.Marshal(want)
		var back release.Record
		if err != nil || json.Unmarshal(raw, &back) != nil || !reflect.DeepEqual(want, back) {
			t.Errorf("through JSON, %v (-want +got):\n%s", err, cmp.Diff(want, back))
		}
	}
	t.Logf("%d orders", orders)
}

// permute calls f with every order of events.
func permute(events []event.Event, f func([]event.Event)) {
	all := slices.Clone(events)
	var place func(int)
	place = func(at int) {
		if at == len(all) {
			f(all)
		}
		for i := at; i < len(all); i++ {
			all[at], all[i] = all[i], all[at]
			place(at + 1)
			all[at], all[i] = all[i], all[at]
		}
	}
	place(0)
}

// shortStreams are the ends of a failure and of its retry, with and without
// what tells the attempts apart, and states that contradict each other or that
// nobody knows.
func shortStreams() [][]event.Event {
	x := func(s event.State, attempt int) event.Execution {
		return event.Execution{Pipeline: "orders", ExecutionID: "e1", State: s, Attempt: attempt}
	}
	m := event.Meta{ID: "1", Account: journeyOf.Account, Region: journeyOf.Region, Time: monday}
	act := func(id string, s event.State, attempt int) event.Event {
		return event.ActionChanged{Meta: m, Execution: x(s, attempt), Stage: "Build", Action: "Unit", ActionExecutionID: id, Result: event.Result{Summary: id + string(s)}}
	}
	stage := func(s event.State, attempt int) event.Event {
		return event.StageChanged{Meta: m, Execution: x(s, attempt), Stage: "Build"}
	}
	whole := func(s event.State, attempt int) event.Event {
		return event.PipelineChanged{Meta: m, Execution: x(s, attempt)}
	}
	return [][]event.Event{
		{act("a", event.Started, 1), act("a", event.Failed, 1), stage(event.Failed, 1), whole(event.Failed, 1), stage(event.Resumed, 2), act("b", event.Started, 2), act("b", event.Succeeded, 2)},
		{act("", event.Started, 1), act("", event.Failed, 1), act("", event.Started, 1), act("", event.Succeeded, 1), whole(event.Resumed, 1), whole(event.Succeeded, 1), whole(event.Failed, 1)},
		{act("a", "PAUSED", 1), act("a", "NAPPING", 1), act("a", event.Abandoned, 1), act("a", event.Failed, 1), stage("PAUSED", 1), stage(event.Started, 1), whole("PAUSED", 1)},
		{whole(event.Stopped, 1), whole(event.Failed, 1), whole(event.Canceled, 1), whole(event.Superseded, 1), whole(event.Resumed, 3), whole(event.Failed, 2)},
	}
}
