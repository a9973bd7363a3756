package release_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/release"
)

// truth asks the API about one execution.
func (l *line) truth(id string) (release.Truth, release.Facts) {
	who := engine.Caller{}
	var truth release.Truth
	var facts release.Facts
	all, err := l.ListPipelineExecutions(who, api.ListPipelineExecutionsInput{PipelineName: "orders"})
	for _, x := range all.PipelineExecutionSummaries {
		if x.PipelineExecutionID == id {
			truth.State, truth.Started, truth.Updated = release.StateOf(x.Status), wire(x.StartTime), wire(x.LastUpdateTime)
			if x.RollbackMetadata != nil {
				facts.RollsBackTo = x.RollbackMetadata.RollbackTargetPipelineExecutionID
			}
		}
	}
	state, err2 := l.GetPipelineState(who, api.GetPipelineStateInput{Name: "orders"})
	for _, s := range state.StageStates {
		for _, x := range s.InboundExecutions {
			if x.PipelineExecutionID == id && release.StateOf(x.Status) == event.Started {
				truth.Waits = s.StageName
			}
		}
		if s.LatestExecution != nil && s.LatestExecution.PipelineExecutionID == id {
			truth.Stages = append(truth.Stages, release.StageTruth{Name: s.StageName, State: release.StateOf(s.LatestExecution.Status)})
		}
	}
	question := api.ListActionExecutionsInput{PipelineName: "orders"}
	question.Filter.PipelineExecutionID = id
	runs, err3 := l.ListActionExecutions(who, question)
	for _, a := range runs.ActionExecutionDetails {
		one := release.ActionTruth{
			Stage: a.StageName, Action: a.ActionName, ID: a.ActionExecutionID, State: release.StateOf(a.Status), Region: a.Input.Region,
			Type:    event.ActionType{Owner: a.Input.ActionType.Owner, Category: a.Input.ActionType.Category, Provider: a.Input.ActionType.Provider},
			Started: wire(a.StartTime), Updated: wire(a.LastUpdateTime),
		}
		if o := a.Output.ExecutionResult; o != nil {
			one.Result = event.Result{ExternalID: o.ExternalExecutionID, Summary: o.ExternalExecutionSummary, URL: o.ExternalExecutionURL}
			if o.ErrorDetails != nil {
				one.Result.ErrorCode = o.ErrorDetails.Code
			}
		}
		truth.Actions = append(truth.Actions, one)
	}
	declared, err4 := l.GetPipeline(who, api.GetPipelineInput{Name: "orders"})
	for _, s := range declared.Pipeline.Stages {
		planned := release.PlannedStage{Name: s.Name}
		for _, a := range s.Actions {
			kind := release.Kind{Category: a.Type.Category, Owner: a.Type.Owner, Provider: a.Type.Provider}
			planned.Actions = append(planned.Actions, release.PlannedAction{Name: a.Name, RunOrder: a.RunOrder, Kind: kind})
		}
		facts.Plan = append(facts.Plan, planned)
	}
	for _, err := range []error{err, err2, err3, err4} {
		if err != nil {
			l.t.Fatal(err)
		}
	}
	return truth, facts
}

// wire is t as JSON has it.
func wire(t api.Time) time.Time { return t.Truncate(time.Millisecond) }

// TestWhatEventsTellIsWhatTheAPITells drives pipelines in every mode and
// compares: records of all events, of shuffled ones, and of lost ones that the
// API makes up for.
func TestWhatEventsTellIsWhatTheAPITells(t *testing.T) {
	t.Parallel()
	executions, events := 0, 0
	lines := 150
	if raced || testing.Short() {
		lines = 40
	}
	for seed := range uint64(lines) {
		l := newLine(t, seed)
		for range 60 {
			l.step()
		}
		l.clock.Advance(time.Millisecond) // what is due now
		for _, id := range l.ids {
			executions, events = executions+1, events+len(l.heard[id])
			l.compare(seed, id)
		}
		l.Close()
		if t.Failed() {
			return
		}
	}
	t.Logf("%d executions, %d events", executions, events)
}

func (l *line) compare(seed uint64, id string) {
	heard := l.heard[id]
	record := func(events []event.Event) release.Record {
		var r release.Record
		for _, e := range events {
			r, _ = r.Fold(e)
		}
		r.ExecutionID, _ = release.ExecutionOf(heard[0])
		return r
	}
	want := record(heard)
	rng := rand.New(rand.NewPCG(seed, 4))
	same(l.t, seed, "shuffled "+id, want, record(shuffled(rng, heard)))
	truth, facts := l.truth(id)
	healed := seen(want.Reconciled(truth).Merge(facts))
	if diff := quickDiff(seen(want.Merge(facts)).coarse(), healed.coarse()); diff != "" {
		l.t.Errorf("line %d, execution %s: events and API differ (-events +API):\n%s\nevents: %+v\ntruth: %+v", seed, id, diff, heard, truth)
	}
	lost := slices.Clone(heard)
	rng.Shuffle(len(lost), func(a, b int) { lost[a], lost[b] = lost[b], lost[a] })
	lost = lost[:rng.IntN(len(lost)+1)]
	got := seen(record(lost).Reconciled(truth).Merge(facts))
	for i, s := range got.Train {
		// The API does not tell whether who was stopped was in a stage or behind it.
		if s.Status == release.Unclear && (got.Outcome == release.Stopped || got.Outcome == release.Canceled) {
			got.Train[i].Status = healed.Train[i].Status
		}
	}
	if diff := quickDiff(healed, got); diff != "" {
		l.t.Errorf("line %d, execution %s: after losses (-all +lost):\n%s\nkept: %+v\ntruth: %+v", seed, id, diff, lost, truth)
	}
}
