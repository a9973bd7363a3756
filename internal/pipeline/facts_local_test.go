package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func TestEachQuestionTakesAsFewCallsAsItCan(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Queued)
	r := k.record(k.push("Ada", "ORD-7 Begin\n\nCo-authored-by: Kim <kim@example.com>"))
	fresh := newTrack(t, api.Queued)
	early := fresh.record("none") // nothing has run, and nothing is listed
	known := r.Merge(first(k.facts(r, everything)))
	for _, tt := range []struct {
		name string
		k    *track
		r    release.Record
		q    telegraph.Question
		want string
	}{
		{"nothing", k, r, telegraph.Question{}, ""},
		{"structure", k, r, telegraph.Question{Structure: true}, "GetPipeline"},
		{"origin", k, r, telegraph.Question{Origin: true}, "ListActionExecutions ListPipelineExecutions"},
		{"origin again", k, known, telegraph.Question{Origin: true}, "ListPipelineExecutions"},
		{"past", k, r, telegraph.Question{Past: true}, "ListPipelineExecutions"},
		{"origin and past", k, r, telegraph.Question{Origin: true, Past: true}, "ListActionExecutions ListPipelineExecutions"},
		{"holds", k, r, telegraph.Question{Holds: true}, "GetPipelineState"},
		{"everything", k, r, everything, "GetPipeline GetPipelineState ListActionExecutions ListPipelineExecutions"},
		{"past of nothing", fresh, early, telegraph.Question{Past: true}, "ListPipelineExecutions"},
	} {
		f, calls := tt.k.facts(tt.r, tt.q)
		t.Logf("%s: %d calls: %s", tt.name, len(strings.Fields(calls)), calls)
		if calls != tt.want {
			t.Errorf("%s: calls %q, want %q", tt.name, calls, tt.want)
		}
		if age := time.Since(f.At); age < 0 || age > time.Minute {
			t.Errorf("%s: read at %v", tt.name, f.At)
		}
		if q := tt.q; (len(f.Plan) > 0) != q.Structure || (len(f.Revisions) > 0) != q.Origin || f.TriggeredBy != "" != q.Origin {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}

func first[A, B any](a A, _ B) A { return a }

func TestFactsTellPlanOriginAndPast(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Queued)
	earlier := k.push("Bea", "Before")
	k.say(earlier, api.Approved)
	began := k.clock.Now()
	id := k.push("Ada", "ORD-7 Begin\n\nCo-authored-by: Kim <kim@example.com>")
	f, _ := k.facts(k.record(id), everything)
	var plan []string
	for _, s := range f.Plan {
		for _, a := range s.Actions {
			plan = append(plan, strings.Join([]string{s.Name, a.Name, a.Category, a.Owner, a.Provider}, " "))
			if a.RunOrder != 1 {
				t.Errorf("%s has the run order %d", a.Name, a.RunOrder)
			}
		}
	}
	want := []string{
		"Source Source Source AWS CodeStarSourceConnection", "Build Build Build AWS CodeBuild",
		"Gate Ask Approval AWS Manual", "Production PublishReports Deploy AWS S3",
	}
	if diff := cmp.Diff(want, plan); diff != "" || f.Mode != api.Queued {
		t.Errorf("mode %s, plan (-want +got):\n%s", f.Mode, diff)
	}
	if f.TriggeredBy != "a push to the repository" || f.RollsBackTo != "" || f.SupersededBy != "" || len(f.Holds) > 0 {
		t.Errorf("facts %+v", f)
	}
	if len(f.Revisions) != 1 {
		t.Fatalf("revisions %+v", f.Revisions)
	}
	c := f.Revisions[0]
	if c.Summary != "ORD-7 Begin" || c.Author != "Ada" || c.Email != "ada@example.com" || c.ExecutionID != id || len(c.ID) != 40 ||
		c.Source != "Source" || !strings.HasPrefix(c.URL, "https://") || c.At.IsZero() || c.At.After(began) {
		t.Errorf("commit %+v", c)
	}
	if len(f.Authors) != 2 || f.Authors[0].Name != "Ada" || f.Authors[1].Name != "Kim" {
		t.Errorf("authors %+v", f.Authors)
	}
	if f.Previous == nil || *f.Previous != (release.Previous{ExecutionID: earlier, State: "SUCCEEDED"}) || f.Usual <= time.Minute || f.Usual > 2*time.Minute {
		t.Errorf("usual %v, previous %+v", f.Usual, f.Previous)
	}
}

func TestWhoGaveWayKnowsToWhom(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Superseded)
	holder := k.push("Ada", "Begin")
	second := k.push("Bea", "Add refunds")
	k.breakBuild()
	broken := k.push("Dan", "Break it")
	third := k.push("Cleo", "Add receipts")
	last := k.push("Eve", "Add invoices")
	for id, want := range map[string]string{holder: "", second: third, broken: "", third: last, last: ""} {
		if f, _ := k.facts(k.record(id), telegraph.Question{Origin: true}); f.SupersededBy != want || f.Mode != api.Superseded {
			t.Errorf("%s gave way to %q, want %q (%s)", id, f.SupersededBy, want, f.Mode)
		}
	}
}

func TestRollBackTellsWhatItGoesBackTo(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Queued)
	var done []string
	for _, author := range []string{"Ada", "Bea"} {
		done = append(done, k.push(author, "By "+author))
		k.say(done[len(done)-1], api.Approved)
	}
	back := k.rollBack(done[0])
	r := k.record(back)
	f, _ := k.facts(r, everything)
	if f.RollsBackTo != done[0] || f.TriggeredBy != "a rollback by automation" {
		t.Errorf("rolls back to %q, by %q", f.RollsBackTo, f.TriggeredBy)
	}
	if len(f.Revisions) != 1 || f.Revisions[0].Author != "Ada" || f.Revisions[0].ExecutionID != done[0] || len(f.Authors) != 1 {
		t.Errorf("revisions %+v", f.Revisions)
	}
	if f.Previous == nil || f.Previous.ExecutionID != done[1] {
		t.Errorf("previous %+v, want %s", f.Previous, done[1])
	}
	if next, _ := k.facts(k.record(done[1]), telegraph.Question{Past: true}); next.Usual < time.Minute {
		t.Errorf("usual %v: the roll-back, which took seconds, counts", next.Usual)
	}
	if r = r.Merge(f); len(r.Train()) != 1 || r.Outcome() != release.Succeeded || !r.RolledBack() {
		t.Errorf("%s, train %+v", r.Outcome(), r.Train())
	}
}

func TestReleaseInTheQueueKnowsWhoHoldsItUp(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Queued)
	holder := k.push("Ada", "Begin")
	second := k.push("Bea", "Add refunds")
	if f, _ := k.facts(k.record(holder), telegraph.Question{Holds: true}); len(f.Holds) != 0 {
		t.Errorf("who holds the stage is held by %+v", f.Holds)
	}
	for _, text := range []string{"", "1 other release waits there too"} {
		r := k.record(second)
		f, _ := k.facts(r, everything)
		left := k.clock.Now().Add(time.Minute)
		if len(f.Holds) != 1 || !f.Holds[0].Since.Before(left) || f.Holds[0].Since.Before(r.Since()) {
			t.Fatalf("holds %+v", f.Holds)
		}
		f.Holds[0].Since = time.Time{}
		want := release.Hold{Reason: release.ForStage, Stage: "Gate", By: holder, Text: text}
		if f.Holds[0] != want {
			t.Errorf("held by %+v, want %+v", f.Holds[0], want)
		}
		if w := r.Merge(f).WaitsFor(); len(w) != 1 || w[0].Reason != release.ForStage || w[0].By != holder {
			t.Errorf("waits for %+v", w)
		}
		k.push("Cleo", "Add receipts")
	}
}

func TestClosedTransitionTellsWhoClosedItAndWhy(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Superseded)
	k.closeStage("Gate", "Freeze until Monday")
	closed := k.clock.Now()
	k.clock.Advance(time.Hour)
	r := k.record(k.push("Ada", "Begin"))
	f, _ := k.facts(r, everything)
	if len(f.Holds) != 1 || !f.Holds[0].Since.After(closed.Add(time.Hour)) {
		t.Fatalf("holds %+v: it waits since it arrived, not since %v", f.Holds, closed)
	}
	f.Holds[0].Since = time.Time{}
	want := release.Hold{Reason: release.ForTransition, Stage: "Gate", By: "local (Console)", Text: "Freeze until Monday"}
	if f.Holds[0] != want {
		t.Errorf("held by %+v, want %+v", f.Holds[0], want)
	}
	if w := r.Merge(f).WaitsFor(); len(w) != 1 || w[0].Reason != release.ForTransition || w[0].Text != want.Text {
		t.Errorf("waits for %+v", w)
	}
	again := k.clock.Now()
	k.closeStage("Gate", "Freeze until Tuesday")
	if f, _ = k.facts(r, telegraph.Question{Holds: true}); len(f.Holds) != 1 || !f.Holds[0].Since.Equal(again) {
		t.Errorf("holds %+v, want since %v", f.Holds, again)
	}
}

func TestFailureBeforeASuccessIsWhatWasFixed(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Queued)
	k.breakBuild()
	failed := k.push("Ada", "Break it")
	stopped := k.push("Bea", "Not like that")
	k.stop(stopped, true)
	fixed := k.push("Cleo", "Fix it")
	k.say(fixed, api.Approved)
	later := k.push("Dan", "Go on")
	k.say(later, api.Approved)
	r := k.record(fixed)
	f, _ := k.facts(r, everything)
	if f.Previous == nil || *f.Previous != (release.Previous{ExecutionID: failed, State: "FAILED"}) || !r.Merge(f).Fixed() {
		t.Errorf("previous %+v, want %s", f.Previous, failed)
	}
	if f, _ := k.facts(k.record(failed), telegraph.Question{Past: true}); f.Previous != nil {
		t.Errorf("before the first: %+v", f.Previous)
	}
}
