package release_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// told makes events of one execution, each a minute after the one before.
type told struct {
	events []event.Event
	now    time.Time
}

func (d *told) at(s event.State, attempt int) (event.Meta, event.Execution) {
	if d.now.IsZero() {
		d.now = monday
	}
	d.now = d.now.Add(time.Minute)
	return event.Meta{ID: "x", Account: journeyOf.Account, Region: journeyOf.Region, Time: d.now},
		event.Execution{Pipeline: "orders", ExecutionID: "e1", State: s, Attempt: attempt}
}

func (d *told) whole(s event.State, attempt int) *told {
	m, x := d.at(s, attempt)
	d.events = append(d.events, event.PipelineChanged{Meta: m, Execution: x})
	return d
}

func (d *told) stage(name string, s event.State, attempt int) *told {
	m, x := d.at(s, attempt)
	d.events = append(d.events, event.StageChanged{Meta: m, Execution: x, Stage: name})
	return d
}

func (d *told) action(name, id string, s event.State, attempt int) *told {
	m, x := d.at(s, attempt)
	e := event.ActionChanged{Meta: m, Execution: x, Stage: strings.TrimRight(name, "0123456789"), Action: name, ActionExecutionID: id}
	if s == event.Failed {
		e.Result = event.Result{ErrorCode: "JobFailed", Summary: "It broke"}
	}
	d.events = append(d.events, e)
	return d
}

// statuses are those of all stages and actions, as "Build=failed Build1=failed".
func statuses(r release.Record) string {
	var all []string
	for _, s := range r.Train() {
		all = append(all, s.Name+"="+string(s.Status))
		for _, g := range s.Groups {
			var group []string
			for _, a := range g {
				group = append(group, a.Name+"="+string(a.Status))
			}
			all = append(all, strings.Join(group, "+"))
		}
	}
	return strings.Join(all, " ")
}

func TestRecordTellsWhereAnExecutionStands(t *testing.T) {
	t.Parallel()
	retried := func() *told {
		d := new(told).whole(event.Started, 1).stage("Build", event.Started, 1).action("Build1", "a", event.Started, 1).action("Build2", "b", event.Started, 1)
		return d.action("Build1", "a", event.Failed, 1).action("Build2", "b", event.Succeeded, 1).stage("Build", event.Failed, 1).whole(event.Failed, 1).
			whole(event.Resumed, 2).stage("Build", event.Resumed, 2)
	}
	tests := []struct {
		name    string
		told    *told
		outcome release.Status
		train   string
	}{
		{"nothing", new(told), release.Ahead, ""},
		{"an end that is the first thing told", new(told).whole(event.Failed, 1), release.Failed, ""},
		{"a start that comes late", new(told).stage("Build", event.Succeeded, 1).stage("Build", event.Started, 1), release.Running, "Build=succeeded"},
		{"a failure while another action runs", &told{events: retried().events[:5]}, release.Running, "Build=running Build1=failed+Build2=running"},
		{"a failure", &told{events: retried().events[:8]}, release.Failed, "Build=failed Build1=failed+Build2=succeeded"},
		{"a retry that has just begun", retried(), release.Running, "Build=running Build1=ahead+Build2=succeeded"},
		{"a retry of which only the action was told", retried().action("Build1", "c", event.Started, 3), release.Running, "Build=running Build1=running+Build2=succeeded"},
		{"a retry that succeeded", retried().action("Build1", "c", event.Started, 2).action("Build1", "c", event.Succeeded, 2).stage("Build", event.Succeeded, 2).whole(event.Succeeded, 2), release.Succeeded, "Build=succeeded Build1=succeeded+Build2=succeeded"},
		{"an end behind which nothing comes", retried().whole(event.Superseded, 2).whole(event.Resumed, 3), release.GaveWay, "Build=succeeded Build1=failed+Build2=succeeded"},
		{"a stage whose end was lost", new(told).stage("Build", event.Started, 1).action("Build1", "a", event.Started, 1).whole(event.Succeeded, 1), release.Succeeded, "Build=succeeded Build1=succeeded"},
		{"a stop", new(told).stage("Build", event.Started, 1).action("Build1", "a", event.Abandoned, 1).stage("Build", event.Stopping, 1).whole(event.Stopped, 1), release.Stopped, "Build=stopped Build1=abandoned"},
		{"states that nobody knows", new(told).whole("DREAMING", 1).stage("Build", "NAPPING", 1).action("Build1", "a", "SNORING", 1), release.Strange, "Build=strange Build1=strange"},
	}
	for _, tt := range tests {
		r := fold(tt.told.events)
		if r.Outcome() != tt.outcome || statuses(r) != tt.train {
			t.Errorf("%s: %s, %q; want %s, %q", tt.name, r.Outcome(), statuses(r), tt.outcome, tt.train)
		}
	}
}

func TestFoldRefusesWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	r := fold(new(told).whole(event.Started, 1).events)
	m := event.Meta{ID: "x", Account: journeyOf.Account, Region: journeyOf.Region, Time: monday}
	other := event.Execution{Pipeline: "orders", ExecutionID: "e2", State: event.Started, Attempt: 1}
	for _, e := range []event.Event{
		event.PipelineChanged{Meta: m, Execution: other}, event.StageChanged{Meta: m, Execution: other, Stage: "Build"},
		event.ActionChanged{Meta: m, Execution: other, Stage: "Build", Action: "Unit"}, event.Ignored{Meta: m},
		event.BuildChanged{Meta: m, Build: event.Build{BuildID: "p:1", Pipeline: "payments"}},
		event.BuildChanged{Meta: event.Meta{Account: "999999999999"}, Build: event.Build{BuildID: "p:1", Pipeline: "orders"}},
	} {
		if got, changed := r.Fold(e); changed || cmp.Diff(r, got) != "" {
			t.Errorf("%T changed the record (-before +after):\n%s", e, cmp.Diff(r, got))
		}
	}
	var none release.Record
	if _, changed := none.Fold(event.BuildChanged{Meta: m, Build: event.Build{BuildID: "p:1"}}); changed {
		t.Error("a record of no execution took a build")
	}
}

// TestSamplesTellAFailedBuild folds what AWS sends: it all is of one execution.
func TestSamplesTellAFailedBuild(t *testing.T) {
	t.Parallel()
	var r release.Record
	for _, name := range []string{
		"pipeline-started", "stage-started", "action-started-build", "codebuild-state-in-progress", "codebuild-phase-change",
		"codebuild-state-failed", "action-failed", "stage-failed", "pipeline-failed",
	} {
		raw, err := os.ReadFile(filepath.Join("../../events", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.Parse(json.RawMessage(raw))
		if err != nil {
			t.Fatal(err)
		}
		next, changed := r.Fold(e)
		if again, more := next.Fold(e); !changed || more || cmp.Diff(next, again) != "" {
			t.Errorf("%s: news at first %v, again %v", name, changed, more)
		}
		r = next
	}
	f, failed := r.Failure()
	if !failed || f.Stage != "Build" || f.Action.Name != "Build" || f.Action.Code != "JobFailed" || f.Action.Build == nil {
		t.Fatalf("failure %v %+v", failed, f)
	}
	if b := f.Action.Build; b.Failed != "BUILD" || b.Status != "FAILED" || !strings.Contains(b.Context, "make test") || b.LogsURL == "" {
		t.Errorf("build %+v", *b)
	}
	if got := r.Elapsed(monday); got.Round(time.Second) != 9*time.Minute+38*time.Second {
		t.Errorf("elapsed %s", got)
	}
}
