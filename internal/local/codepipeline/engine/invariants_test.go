package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// record keeps the state of every execution as the events tell it.
type record struct {
	states map[string][]string // pipeline-level states by execution
	ids    []string            // of executions, rollbacks included, oldest first
	jobs   []string
}

func (r *record) Publish(e engine.Event) {
	var d struct {
		ID    string `json:"execution-id"`
		State string `json:"state"`
	}
	if e.DetailType == "CodePipeline Pipeline Execution State Change" && json.Unmarshal(e.Detail, &d) == nil {
		if r.states[d.ID] == nil {
			r.ids = append(r.ids, d.ID)
		}
		r.states[d.ID] = append(r.states[d.ID], d.State)
	}
}

func (r *record) Invoke(i engine.Invocation) { r.jobs = append(r.jobs, i.JobID) }

// A driver does to an engine what clients and time may do, in any order.
type driver struct {
	*engine.Engine
	clock  *clock.Manual
	record *record
	mode   string
}

func newDriver(t *rapid.T) *driver {
	d := &driver{record: &record{states: map[string][]string{}}, mode: rapid.SampledFrom([]string{api.Superseded, api.Queued, api.Parallel}).Draw(t, "mode")}
	d.Engine, d.clock = newEngine(engine.Options{Effects: d.record, Seed: [32]byte{7}, Strict: rapid.Bool().Draw(t, "strict")})
	decl := valid()
	decl.ExecutionMode = d.mode
	check := act("Check", "Invoke", "Lambda", map[string]string{"FunctionName": "gate"})
	check.RunOrder = 2
	decl.Stages[1].Actions = append(decl.Stages[1].Actions, check)
	second := act("Second", "Deploy", "CodeDeploy", map[string]string{"ApplicationName": "q", "DeploymentGroupName": "g"})
	second.InputArtifacts = []api.ArtifactName{{Name: "Code"}}
	decl.Stages[1].Actions = append(decl.Stages[1].Actions, second)
	guard(t, &decl)
	if _, err := d.CreatePipeline(engine.Caller{}, api.CreatePipelineInput{Pipeline: decl}); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *driver) steps() map[string]func(*rapid.T) {
	who := engine.Caller{ARN: "arn:me"}
	some := func(t *rapid.T) string {
		if len(d.record.ids) == 0 {
			t.Skip("nothing started")
		}
		return rapid.SampledFrom(d.record.ids).Draw(t, "id")
	}
	stageOf := func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"Source", "Build", "Gate"}).Draw(t, "stage")
	}
	transition := func(t *rapid.T) api.StageTransitionInput {
		return api.StageTransitionInput{PipelineName: "orders", StageName: stageOf(t), TransitionType: "Inbound", Reason: "hold"}
	}
	// Refusals are part of what may happen, so errors are not looked at.
	return map[string]func(*rapid.T){
		"start": func(*rapid.T) {
			_, _ = d.StartPipelineExecution(who, api.StartPipelineExecutionInput{Name: "orders"})
		},
		"time": func(t *rapid.T) {
			unit := rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, time.Minute}).Draw(t, "unit")
			d.clock.Advance(time.Duration(rapid.IntRange(0, 3000).Draw(t, "units")) * unit / 20)
		},
		"fail": func(t *rapid.T) {
			_ = d.Script("orders", "Build", rapid.SampledFrom([]string{"Build", "Second"}).Draw(t, "action"), engine.Script{Fails: true})
		},
		"stop": func(t *rapid.T) {
			_, _ = d.StopPipelineExecution(who, api.StopPipelineExecutionInput{
				PipelineName: "orders", PipelineExecutionID: some(t), Abandon: rapid.Bool().Draw(t, "abandon"),
			})
		},
		"retry": func(t *rapid.T) {
			_, _ = d.RetryStageExecution(who, api.RetryStageExecutionInput{
				PipelineName: "orders", PipelineExecutionID: some(t), StageName: stageOf(t),
				RetryMode: rapid.SampledFrom([]string{"FAILED_ACTIONS", "ALL_ACTIONS"}).Draw(t, "retry mode"),
			})
		},
		"close":  func(t *rapid.T) { _, _ = d.DisableStageTransition(who, transition(t)) },
		"open":   func(t *rapid.T) { _, _ = d.EnableStageTransition(who, transition(t)) },
		"answer": func(t *rapid.T) { d.answer(t, who, some(t)) },
		"job": func(t *rapid.T) {
			if len(d.record.jobs) > 0 {
				in := api.PutJobSuccessResultInput{JobID: rapid.SampledFrom(d.record.jobs).Draw(t, "job")}
				in.ContinuationToken = rapid.SampledFrom([]string{"", "more"}).Draw(t, "continue")
				_, _ = d.PutJobSuccessResult(who, in)
			}
		},
		"update": func(t *rapid.T) {
			if rapid.IntRange(0, 9).Draw(t, "luck") == 0 {
				out, err := d.GetPipeline(who, api.GetPipelineInput{Name: "orders"})
				if err == nil {
					_, _ = d.UpdatePipeline(who, api.UpdatePipelineInput{Pipeline: out.Pipeline})
				}
			}
		},
		"go on":    func(*rapid.T) { d.goOn(who) },
		"alarm":    func(t *rapid.T) { d.SetAlarm("errors", rapid.SampledFrom(engine.AlarmStates).Draw(t, "state")) },
		"invoked":  func(t *rapid.T) { d.invoked(t) },
		"override": func(t *rapid.T) { d.override(t, who, some(t), stageOf(t)) },
		"roll back": func(t *rapid.T) {
			_, _ = d.RollbackStage(who, api.RollbackStageInput{
				PipelineName: "orders", StageName: stageOf(t), TargetPipelineExecutionID: some(t),
			})
		},
		"": func(t *rapid.T) { d.check(t) },
	}
}

func (d *driver) answer(t *rapid.T, who engine.Caller, id string) {
	_ = d.Answer(who, engine.Answer{
		Pipeline: "orders", Stage: "Gate", Action: "Approve", Execution: id,
		Verdict: rapid.SampledFrom([]string{api.Approved, api.Rejected}).Draw(t, "verdict"),
	})
}

// check holds after every step: a stage never holds two, one at most waits in
// SUPERSEDED mode, whoever runs is somewhere, and events agree with the API.
func (d *driver) check(t *rapid.T) {
	o := d.Overviews()[0]
	for _, s := range o.Stages {
		if d.mode == api.Superseded && len(s.Waiting) > 1 {
			t.Fatalf("%d wait in front of %s", len(s.Waiting), s.Name)
		}
		open := s.Transition == nil || s.Transition.Enabled
		if len(s.Waiting) > 0 && open && !s.Held {
			t.Fatalf("%v wait in front of the free stage %s", s.Waiting, s.Name)
		}
		for _, a := range s.Actions {
			if a.Status == "InProgress" && s.Status != "InProgress" && s.Status != "Stopping" {
				t.Fatalf("%s runs in stage %s, which is %s", a.Name, s.Name, s.Status)
			}
		}
		if d.mode == api.Parallel && s.Held {
			t.Fatalf("%s is held in PARALLEL mode", s.Name)
		}
	}
	d.checkReasons(t, o)
	inside := map[string]string{}
	for _, x := range o.Executions {
		active := x.Status == "InProgress" || x.Status == "Stopping"
		if x.Waiting && !active {
			t.Fatalf("%s is %s and waits", x.ID, x.Status)
		}
		if active && !x.Waiting && d.mode != api.Parallel {
			if other := inside[x.Stage]; other != "" {
				t.Fatalf("%s and %s are both in %s", other, x.ID, x.Stage)
			}
			inside[x.Stage] = x.ID
		}
		states := d.record.states[x.ID]
		last := states[len(states)-1]
		want := map[string][]string{
			"InProgress": {"STARTED", "RESUMED"}, "Stopping": {"STOPPING"}, "Stopped": {"STOPPED"}, "Succeeded": {"SUCCEEDED"},
			"Failed": {"FAILED"}, "Superseded": {"SUPERSEDED"}, "Cancelled": {"CANCELED"},
		}[x.Status]
		if !slices.Contains(want, last) {
			t.Fatalf("%s is %s, but its last event is %s", x.ID, x.Status, last)
		}
	}
}

// TestNoExecutionIsEverLeftHanging drives engines in every way and then lets
// time pass with all transitions open: everything must have ended.
func TestNoExecutionIsEverLeftHanging(t *testing.T) {
	t.Parallel()
	for i := range 5 { // a hundred histories each
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				d := newDriver(t)
				t.Repeat(d.steps())
				d.letEnd(t)
			})
		})
	}
}

func (d *driver) letEnd(t *rapid.T) {
	for _, stage := range []string{"Build", "Gate"} {
		_, err := d.EnableStageTransition(engine.Caller{}, api.StageTransitionInput{PipelineName: "orders", StageName: stage, TransitionType: "Inbound"})
		if err != nil {
			t.Fatal(err)
		}
	}
	// Each may wait for an approval, then be rolled back to one.
	d.clock.Advance(30 * 24 * time.Hour * time.Duration(len(d.record.ids)+1))
	d.check(t)
	out, err := d.ListPipelineExecutions(engine.Caller{}, api.ListPipelineExecutionsInput{PipelineName: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range out.PipelineExecutionSummaries {
		if x.Status == "InProgress" || x.Status == "Stopping" {
			t.Fatalf("%s is still %s: %s", x.PipelineExecutionID, x.Status, fmt.Sprint(d.record.states[x.PipelineExecutionID]))
		}
	}
	if n := d.clock.Pending(); n > 0 {
		t.Fatalf("%d timers are left", n)
	}
}
