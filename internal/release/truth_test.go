package release_test

import (
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

func TestStatesOfTheAPIAreThoseOfEvents(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]event.State{
		"InProgress": event.Started, "Cancelled": event.Canceled, "Succeeded": event.Succeeded, "Failed": event.Failed, "Stopped": event.Stopped,
		"Stopping": event.Stopping, "Superseded": event.Superseded, "Skipped": release.Skipped, "Abandoned": event.Abandoned, "Dreaming": "DREAMING", "": "",
	} {
		if got := release.StateOf(word); got != want {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
}

func TestTruthThatIsOlderThanEventsIsNotBelieved(t *testing.T) {
	t.Parallel()
	failed := new(told).whole(event.Started, 1).whole(event.Failed, 1) // the end is at two minutes past
	resumed := new(told).whole(event.Failed, 1).whole(event.Resumed, 2)
	end := monday.Add(2 * time.Minute)
	tests := []struct {
		name  string
		told  *told
		truth release.Truth
		want  release.Status
	}{
		{"it ran before it failed", failed, release.Truth{State: event.Started, Updated: end.Add(-time.Second)}, release.Failed},
		{"it ran in the second in which it failed", failed, release.Truth{State: event.Started, Updated: end.Add(400 * time.Millisecond)}, release.Failed},
		{"it runs again", failed, release.Truth{State: event.Started, Updated: end.Add(time.Minute)}, release.Running},
		{"it has succeeded since", failed, release.Truth{State: event.Succeeded, Updated: end.Add(time.Minute)}, release.Succeeded},
		{"it failed before it was resumed", resumed, release.Truth{State: event.Failed, Updated: end.Add(-time.Second)}, release.Running},
		{"it failed again", resumed, release.Truth{State: event.Failed, Updated: end.Add(time.Minute)}, release.Failed},
		{"nothing is known of it", resumed, release.Truth{}, release.Running},
		{"nobody knows when", failed, release.Truth{State: event.Started}, release.Running},
	}
	for _, tt := range tests {
		r := fold(tt.told.events).Reconciled(tt.truth)
		if r.Outcome() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, r.Outcome(), tt.want)
		}
	}
}

func TestTruthAloneTellsEverything(t *testing.T) {
	t.Parallel()
	r := release.NewRecord(journeyOf).Reconciled(release.Truth{
		State: event.Failed, Started: monday, Updated: monday.Add(time.Hour),
		Actions: []release.ActionTruth{
			{Stage: "Build", Action: "Build1", ID: "b", State: event.Failed, Started: monday.Add(2 * time.Minute), Updated: monday.Add(time.Hour), Result: event.Result{ErrorCode: "JobFailed"}},
			{Stage: "Build", Action: "Build1", ID: "a", State: event.Failed, Started: monday, Updated: monday.Add(time.Minute)},
		},
	})
	f, failed := r.Failure()
	if !failed || f.Stage != "Build" || f.Action.ID != "b" || f.Action.Tries != 2 || r.Elapsed(monday) != time.Hour {
		t.Errorf("failure %v %+v, elapsed %s", failed, f, r.Elapsed(monday))
	}
	if late, _ := r.Fold(new(told).stage("Build", event.Started, 1).events[0]); late.Outcome() != release.Failed {
		t.Errorf("after a late start: %s", late.Outcome())
	}
}
