package journey

import (
	"fmt"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// start starts an action and returns the id of its run.
func (j *Journey) start(stage string, p release.PlannedAction) string {
	j.serial++
	id := fmt.Sprintf("%x-%d", j.rng.Uint32(), j.serial) // in no order, as UUIDs are
	j.actions[id] = &release.ActionTruth{
		Stage: stage, Action: p.Name, ID: id, State: event.Started, Region: "eu-west-1", Started: j.now, Updated: j.now,
		Type: event.ActionType{Owner: p.Owner, Category: p.Category, Provider: p.Provider},
	}
	j.order = append(j.order, id)
	j.action(id)
	if p.Provider == "CodeBuild" {
		j.actions[id].Result.ExternalID = "orders:" + id
		j.build(id, "IN_PROGRESS", event.BuildPhase{Name: "SUBMITTED", Status: "SUCCEEDED"})
	}
	return id
}

func (j *Journey) end(id string, s event.State) {
	a := j.actions[id]
	a.State, a.Updated = s, j.now
	switch s {
	case event.Failed:
		a.Result.Summary, a.Result.ErrorCode = "It broke: "+id, "JobFailed"
		a.Result.URL = "https://example.com/" + id
	case event.Succeeded:
		a.Result.Summary = "Done: " + id
	}
	if a.Type.Provider == "CodeBuild" && s != event.Abandoned {
		j.buildEnds(id, s)
	}
	j.action(id)
}

// buildEnds tells of phases in two ways, as CodeBuild does.
func (j *Journey) buildEnds(id string, s event.State) {
	phase := event.BuildPhase{Name: "BUILD", Status: string(s)}
	if s == event.Failed {
		phase.Context = "COMMAND_EXECUTION_ERROR: make test. Reason: exit status 2"
	}
	all := []event.BuildPhase{{Name: "SUBMITTED", Status: "SUCCEEDED"}, phase}
	j.Events = append(j.Events, event.BuildPhaseChanged{Meta: j.meta(), Build: j.buildOf(id, all[0]), Completed: phase})
	j.build(id, string(s), append(all, event.BuildPhase{Name: "COMPLETED"})...)
}

func (j *Journey) buildOf(id string, phases ...event.BuildPhase) event.Build {
	return event.Build{
		Project: "orders", BuildID: "orders:" + id, Pipeline: j.of.Pipeline, Source: j.source(),
		StartedAt: j.actions[id].Started, LogsURL: "https://example.com/log/" + id, Phases: phases,
	}
}

func (j *Journey) build(id, status string, phases ...event.BuildPhase) {
	j.Events = append(j.Events, event.BuildChanged{Meta: j.meta(), Build: j.buildOf(id, phases...), Status: status})
}

func (j *Journey) action(id string) {
	a := j.actions[id]
	e := event.ActionChanged{
		Meta: j.meta(), Execution: j.level(a.State, a.Started), Stage: a.Stage, Action: a.Action,
		ActionExecutionID: id, Type: a.Type, ActionRegion: a.Region,
	}
	switch a.State {
	case event.Started:
		e.ActionRegion = ""
		e.Inputs = []event.Artifact{{Name: "Source", Bucket: j.source().Bucket, Key: j.source().Key}}
	case event.Abandoned:
		e.StartedAt = time.Time{}
	default:
		e.Result = a.Result
	}
	j.Events = append(j.Events, e)
}

// Truth is what the API tells in the end.
func (j *Journey) Truth() release.Truth {
	t := release.Truth{State: j.state, Started: j.began, Updated: j.now}
	if j.state == event.Resumed {
		t.State = event.Started
	}
	for _, s := range j.Plan {
		switch state := j.stages[s.Name]; state {
		case "":
		case event.Resumed:
			t.Stages = append(t.Stages, release.StageTruth{Name: s.Name, State: event.Started})
		default:
			t.Stages = append(t.Stages, release.StageTruth{Name: s.Name, State: state})
		}
	}
	for _, id := range slices.Backward(j.order) { // newest first, as the API has it
		t.Actions = append(t.Actions, *j.actions[id])
	}
	return t
}

// source is where the artifact lies of which builds are made.
func (j *Journey) source() event.Artifact {
	return event.Artifact{Bucket: "artifacts", Key: j.of.Pipeline + "/Source/" + j.of.ID}
}
