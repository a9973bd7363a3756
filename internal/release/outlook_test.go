package release_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// plan has two stages; Build1 and Build2 run in parallel, Build3 after them.
func plan() release.Facts {
	return release.Facts{At: monday, Plan: []release.PlannedStage{
		{Name: "Build", Actions: []release.PlannedAction{{Name: "Build2", RunOrder: 1}, {Name: "Build3", RunOrder: 2}, {Name: "Build1", RunOrder: 1}}},
		{Name: "Ship", Actions: []release.PlannedAction{{Name: "Ship1", RunOrder: 1, Kind: release.Kind{Category: "Approval", Provider: "Manual"}}}},
	}}
}

func TestTrainFollowsThePlan(t *testing.T) {
	t.Parallel()
	built := func() *told { return new(told).whole(event.Started, 1).stage("Build", event.Succeeded, 1) }
	tests := []struct {
		name string
		told *told
		want string
	}{
		{"nothing has begun", new(told), "Build=ahead Build2=ahead+Build1=ahead Build3=ahead Ship=ahead Ship1=ahead"},
		{"it waits in front", new(told).whole(event.Started, 1), "Build=waiting Build2=ahead+Build1=ahead Build3=ahead Ship=ahead Ship1=ahead"},
		{"it waits between", built(), "Build=succeeded Build2=unclear+Build1=unclear Build3=unclear Ship=waiting Ship1=ahead"},
		{"it gave way between", built().whole(event.Superseded, 1), "Build=succeeded Build2=unclear+Build1=unclear Build3=unclear Ship=superseded Ship1=not reached"},
		{"it failed", new(told).stage("Build", event.Failed, 1).whole(event.Failed, 1), "Build=failed Build2=not reached+Build1=not reached Build3=not reached Ship=not reached Ship1=not reached"},
		{"a stage of which nothing was told", new(told).stage("Ship", event.Started, 1), "Build=unclear Build2=unclear+Build1=unclear Build3=unclear Ship=running Ship1=ahead"},
		{"a stage that was skipped", new(told).stage("Build", release.Skipped, 1), "Build=skipped Build2=skipped+Build1=skipped Build3=skipped Ship=waiting Ship1=ahead"},
		{"an action and a stage that are not planned", new(told).action("Build9", "a", event.Started, 1).stage("More", event.Started, 1), "Build=succeeded Build2=unclear+Build1=unclear Build3=unclear Build9=succeeded Ship=unclear Ship1=unclear More=running"},
	}
	for _, tt := range tests {
		r := fold(tt.told.events).Merge(plan())
		want := tt.want
		if got := statuses(r); got != want && got+" " != want {
			t.Errorf("%s:\n%q, want\n%q", tt.name, got, want)
		}
	}
}

func TestRollBackShowsItsStageAlone(t *testing.T) {
	t.Parallel()
	facts := plan()
	facts.RollsBackTo = "e0"
	r := fold(new(told).stage("Ship", event.Started, 1).events).Merge(facts)
	if got := statuses(r); got != "Ship=running Ship1=ahead" || !r.RolledBack() {
		t.Errorf("%q, rolled back %v", got, r.RolledBack())
	}
}

func TestWaitsAreNamed(t *testing.T) {
	t.Parallel()
	d := new(told).whole(event.Started, 1).stage("Build", event.Succeeded, 1)
	between := fold(d.events).Merge(plan())
	if diff := cmp.Diff([]release.Wait{{Reason: release.ForEntry, Stage: "Ship"}}, between.WaitsFor()); diff != "" {
		t.Errorf("between stages (-want +got):\n%s", diff)
	}
	facts := plan()
	facts.Holds = []release.Hold{{Reason: release.ForTransition, Stage: "Ship", By: "dana", Text: "freeze", Since: monday}, {Reason: release.ForStage, Stage: "Build"}}
	want := []release.Wait{{Reason: release.ForTransition, Stage: "Ship", By: "dana", Text: "freeze", Since: monday}}
	if diff := cmp.Diff(want, between.Merge(facts).WaitsFor()); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	m, x := d.at(event.Started, 1)
	d.events = append(d.events, event.ActionChanged{Meta: m, Execution: x, Stage: "Ship", Action: "Ship1", ActionExecutionID: "a", Type: event.ManualApproval})
	want = []release.Wait{{Reason: release.ForApproval, Stage: "Ship", Action: "Ship1", ID: "a", Since: d.now}}
	if diff := cmp.Diff(want, fold(d.events).Merge(facts).WaitsFor()); diff != "" {
		t.Errorf("approval (-want +got):\n%s", diff)
	}
}

func TestFixedNeedsAFailureBefore(t *testing.T) {
	t.Parallel()
	r := fold(new(told).whole(event.Succeeded, 1).events)
	for state, want := range map[event.State]bool{event.Failed: true, event.Succeeded: false, event.Stopped: false} {
		if got := r.Merge(release.Facts{Previous: &release.Previous{State: state}}).Fixed(); got != want {
			t.Errorf("after %s: fixed %v, want %v", state, got, want)
		}
	}
	if r.Fixed() {
		t.Error("fixed, though nothing is known of what was before")
	}
}

func TestElapsedIsNeverNegative(t *testing.T) {
	t.Parallel()
	running := fold(new(told).whole(event.Started, 1).events)
	over := fold(new(told).whole(event.Started, 1).whole(event.Failed, 1).events)
	began := monday.Add(time.Minute)
	for _, tt := range []struct {
		r    release.Record
		now  time.Time
		want time.Duration
	}{{running, began.Add(time.Hour), time.Hour}, {running, monday, 0}, {over, began.Add(time.Hour), time.Minute}, {release.Record{}, began, 0}} {
		if got := tt.r.Elapsed(tt.now); got != tt.want {
			t.Errorf("elapsed %s, want %s", got, tt.want)
		}
	}
}

func TestFactsMergeOnceAndForAll(t *testing.T) {
	t.Parallel()
	r := fold(new(told).whole(event.Started, 1).events)
	early, late := plan(), release.Facts{At: monday.Add(time.Hour), Mode: "QUEUED", Usual: time.Minute}
	early.Mode, early.TriggeredBy = "SUPERSEDED", "Dana"
	early.Holds = []release.Hold{{Stage: "Ship"}}
	want := r.Merge(early).Merge(late)
	for name, got := range map[string]release.Record{
		"again": want.Merge(late), "older again": want.Merge(early), "the other way round": r.Merge(late).Merge(early),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if f := want.Facts; f.Mode != "QUEUED" || f.TriggeredBy != "Dana" || len(f.Holds) != 0 || len(f.Plan) != 2 {
		t.Errorf("facts %+v", f)
	}
	if want.Hash() == r.Hash() || want.Hash() != want.Merge(early).Hash() {
		t.Error("the hash must tell of facts, and not of when they were read")
	}
}
