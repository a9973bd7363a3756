package pipeline_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// shown is what people see of a record, without times and attempts, which the
// API does not tell.
func shown(r release.Record) []string {
	all := []string{"outcome " + string(r.Outcome())}
	for _, s := range r.Train() {
		all = append(all, "stage "+s.Name+" "+string(s.Status))
		for _, g := range s.Groups {
			for _, a := range g {
				all = append(all, strings.Join([]string{"action", a.Name, string(a.Status), a.ID, a.Category, a.Provider}, " "))
			}
		}
	}
	return all
}

// compare demands that the API makes up for all events of an execution that
// are lost, and that it changes nothing if none is.
func (k *track) compare(name, id string) {
	k.t.Helper()
	all := k.record(id)
	facts, _ := k.facts(all, telegraph.Question{Structure: true, Origin: true})
	k.counted()
	truth, err := k.Truth(k.t.Context(), all.ExecutionID)
	if err != nil {
		k.t.Fatalf("%s: %v", name, err)
	}
	if calls := k.counted(); len(calls) != 3 {
		k.t.Errorf("%s: %d calls: %q", name, len(calls), calls)
	}
	want := shown(all.Merge(facts))
	lost := release.NewRecord(all.ExecutionID).Reconciled(truth).Merge(facts)
	if diff := cmp.Diff(want, shown(lost)); diff != "" {
		k.t.Errorf("%s, all events lost (-all +lost):\n%s", name, diff)
	}
	if diff := cmp.Diff(want, shown(all.Reconciled(truth).Merge(facts))); diff != "" {
		k.t.Errorf("%s, none lost (-before +after):\n%s", name, diff)
	}
	if gap := lost.Since().Sub(all.Since()); gap.Abs() > time.Second {
		k.t.Errorf("%s: began at %v, want %v", name, lost.Since(), all.Since())
	}
	if gap := lost.Until().Sub(all.Until()); gap.Abs() > time.Second {
		k.t.Errorf("%s: ended at %v, want %v", name, lost.Until(), all.Until())
	}
}

func TestTruthMakesUpForLostEvents(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{api.Superseded, api.Queued, api.Parallel} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k := newTrack(t, mode)
			done := k.push("Ada", "Begin")
			k.compare("waits for approval", done)
			k.say(done, api.Approved)
			k.compare("succeeded", done)
			k.breakBuild()
			broken := k.push("Bea", "Break it")
			k.compare("failed", broken)
			k.retry("Build", broken)
			k.compare("retried", broken)
			k.say(broken, api.Rejected)
			k.compare("rejected", broken)
			stopped := k.push("Cleo", "Stop it")
			k.stop(stopped, true)
			k.compare("stopped", stopped)
			last := k.push("Dan", "Go on")
			k.stop(last, false)
			k.compare("stopping", last)
		})
	}
}

func TestTruthTellsWhoWaitsInFrontOfAStage(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Superseded)
	done := k.push("Ada", "Begin")
	k.say(done, api.Approved)
	holder := k.push("Bea", "Add refunds")
	second := k.push("Cleo", "Add receipts")
	k.compare("waits for the stage", second)
	if truth := k.truth(second); truth.Waits != "Gate" || truth.State != "STARTED" {
		t.Errorf("truth %+v", truth)
	}
	third := k.push("Dan", "Add invoices")
	k.compare("superseded", second)
	if truth := k.truth(second); truth.Waits != "" || truth.State != "SUPERSEDED" {
		t.Errorf("truth %+v", truth)
	}
	k.say(holder, api.Rejected)
	k.compare("entered", third)
	k.closeStage("Production", "Freeze")
	k.say(third, api.Approved)
	k.compare("waits for a transition", third)
	back := k.rollBack(done)
	k.compare("roll-back", back)
}

func (k *track) truth(id string) release.Truth {
	k.t.Helper()
	truth, err := k.Truth(k.t.Context(), release.ExecutionID{Account: own, Region: "eu-west-1", Pipeline: "orders", ID: id})
	if err != nil {
		k.t.Fatal(err)
	}
	return truth
}

func TestTruthOfNothingIsNotFound(t *testing.T) {
	t.Parallel()
	k := newTrack(t, api.Queued)
	k.push("Ada", "Begin")
	for _, id := range []release.ExecutionID{
		{Account: own, Region: "eu-west-1", Pipeline: "orders", ID: execution},
		{Account: own, Region: "eu-west-1", Pipeline: "nowhere", ID: execution},
	} {
		if got, err := k.Truth(t.Context(), id); !errors.Is(err, telegraph.ErrNotFound) {
			t.Errorf("%s/%s: %+v, %v, want ErrNotFound", id.Pipeline, id.ID, got, err)
		}
		r := release.NewRecord(id)
		if f, err := k.Facts(t.Context(), r, telegraph.Question{Origin: true}); err == nil || len(f.Revisions) > 0 {
			t.Errorf("%s/%s: %+v, %v, want an error", id.Pipeline, id.ID, f, err)
		}
	}
}

func TestTruthHoldsNoToken(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{api.Queued, api.Parallel} {
		k := newTrack(t, mode)
		id := k.push("Ada", "Begin")
		raw, err := json.Marshal(k.truth(id))
		if secret := k.waits(id).Token; err != nil || secret == "" || strings.Contains(string(raw), secret) {
			t.Errorf("%s: token %q is in %s (%v)", mode, secret, raw, err)
		}
		if !strings.Contains(string(raw), `"Ask"`) {
			t.Errorf("%s: the approval is not in %s", mode, raw)
		}
	}
}
