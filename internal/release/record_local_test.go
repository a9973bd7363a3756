package release_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/release"
)

// A line is a pipeline in an engine that runs as CodePipeline does, and what
// it put on the bus.
type line struct {
	*engine.Engine
	t     *testing.T
	rng   *rand.Rand
	clock *clock.Manual
	ids   []string
	heard map[string][]event.Event // by execution
}

// Publish takes an event as EventBridge would deliver it.
func (l *line) Publish(e engine.Event) {
	raw, err := json.Marshal(map[string]any{
		"version": "0", "id": e.ID, "source": engine.Source, "detail-type": e.DetailType, "account": journeyOf.Account,
		"region": journeyOf.Region, "time": e.Time.UTC().Truncate(time.Second), "resources": []string{e.Resource}, "detail": e.Detail,
	})
	if err != nil {
		l.t.Error(err)
	}
	parsed, err := event.Parse(raw)
	id, ok := release.ExecutionOf(parsed)
	if err != nil || !ok {
		l.t.Errorf("%s: %v", raw, err)
	}
	if l.heard[id.ID] == nil {
		l.ids = append(l.ids, id.ID)
	}
	l.heard[id.ID] = append(l.heard[id.ID], parsed)
}

// Invoke has no functions.
func (l *line) Invoke(engine.Invocation) {}

func newLine(t *testing.T, seed uint64) *line {
	l := &line{t: t, rng: rand.New(rand.NewPCG(seed, 3)), clock: clock.NewManual(monday), heard: map[string][]event.Event{}}
	l.Engine = engine.New(engine.Options{
		Account: journeyOf.Account, Region: journeyOf.Region, Clock: l.clock, Effects: l, Seed: [32]byte{byte(seed), byte(seed >> 8)},
	})
	act := func(name, category, provider string, order int, configuration map[string]string) api.Action {
		return api.Action{Name: name, Configuration: configuration, RunOrder: order, Type: api.ActionType{Category: category, Owner: "AWS", Provider: provider, Version: "1"}}
	}
	source := act("Source", "Source", "S3", 1, map[string]string{"S3Bucket": "b", "S3ObjectKey": "k"})
	source.OutputArtifacts = []api.ArtifactName{{Name: "Code"}}
	builds := []api.Action{
		act("Unit", "Build", "CodeBuild", 1, map[string]string{"ProjectName": "p"}), act("Lint", "Build", "CodeBuild", 1, map[string]string{"ProjectName": "p"}),
		act("Package", "Build", "CodeBuild", 2, map[string]string{"ProjectName": "p"}),
	}
	for i := range builds {
		builds[i].InputArtifacts = []api.ArtifactName{{Name: "Code"}}
	}
	d := api.Declaration{
		Name: "orders", RoleARN: "arn:aws:iam::111122223333:role/orders", PipelineType: api.V2,
		ExecutionMode: []string{api.Superseded, api.Queued, api.Parallel}[seed%3], ArtifactStore: &api.ArtifactStore{Type: "S3", Location: "artifacts"},
		Stages: []api.Stage{{Name: "Source", Actions: []api.Action{source}}, {Name: "Build", Actions: builds}, {Name: "Approval", Actions: []api.Action{act("Approve", "Approval", "Manual", 1, nil)}}},
	}
	if seed%4 == 0 {
		d.Stages[1].OnFailure = &api.FailureConditions{Result: api.Retry}
	}
	if _, err := l.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: d}); err != nil {
		t.Fatal(err)
	}
	return l
}

// step does one of the things that people and time do.
func (l *line) step() {
	who := engine.Caller{ARN: "arn:me"}
	l.clock.Advance(2 * time.Second) // nobody is faster
	stage := []string{"Source", "Build", "Approval"}[l.rng.IntN(3)]
	some := "none"
	if len(l.ids) > 0 {
		some = l.ids[l.rng.IntN(len(l.ids))]
	}
	switch l.rng.IntN(12) { // a refusal is among what may happen
	case 0, 1:
		_, _ = l.StartPipelineExecution(who, api.StartPipelineExecutionInput{Name: "orders"})
	case 2:
		_ = l.Script("orders", "Build", []string{"Unit", "Lint", "Package"}[l.rng.IntN(3)], engine.Script{Fails: true})
	case 3:
		_, _ = l.StopPipelineExecution(who, api.StopPipelineExecutionInput{PipelineName: "orders", PipelineExecutionID: some, Abandon: l.rng.IntN(2) == 0})
	case 4, 5:
		mode := []string{"FAILED_ACTIONS", "ALL_ACTIONS"}[l.rng.IntN(2)]
		_, _ = l.RetryStageExecution(who, api.RetryStageExecutionInput{PipelineName: "orders", StageName: stage, PipelineExecutionID: some, RetryMode: mode})
	case 6, 7:
		verdict := []string{api.Approved, api.Approved, api.Rejected}[l.rng.IntN(3)]
		_ = l.Answer(who, engine.Answer{Pipeline: "orders", Stage: "Approval", Action: "Approve", Execution: some, Verdict: verdict})
	case 8:
		_, _ = l.RollbackStage(who, api.RollbackStageInput{PipelineName: "orders", StageName: stage, TargetPipelineExecutionID: some})
	default:
		l.clock.Advance(time.Duration(l.rng.IntN(120_000)) * time.Millisecond)
	}
}
