// Package journey makes up executions for tests: what CodePipeline and CodeBuild
// would tell of them, and how they stand in the end.
package journey

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

// Monday is when journeys begin.
var Monday = time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)

// A Journey is an execution as CodePipeline might run it.
type Journey struct {
	// Events are what happened, in order.
	Events []event.Event
	// Plan is the structure of the pipeline.
	Plan []release.PlannedStage

	of      release.ExecutionID
	rng     *rand.Rand
	now     time.Time
	began   time.Time
	attempt int
	serial  int
	stages  map[string]event.State
	actions map[string]*release.ActionTruth
	order   []string // the ids of actions
	state   event.State
}

// New runs an execution of a pipeline of up to four stages in which all kinds of
// things happen, among them approvals that nobody answers. Equal seeds make
// equal journeys.
func New(of release.ExecutionID, seed uint64) *Journey {
	j := &Journey{
		of: of, rng: rand.New(rand.NewPCG(seed, 1)), now: Monday, began: Monday, attempt: 1, //nolint:gosec // it is made up
		stages: map[string]event.State{}, actions: map[string]*release.ActionTruth{},
	}
	for i := range 1 + j.rng.IntN(4) {
		s := release.PlannedStage{Name: string(rune('A' + (i*2+1)%5))} // not in the order of names
		for k := range 1 + j.rng.IntN(3) {
			s.Actions = append(s.Actions, j.planned(fmt.Sprintf("%s%d", s.Name, k), 1+j.rng.IntN(2)))
		}
		j.Plan = append(j.Plan, s)
	}
	j.pipeline(event.Started)
	j.run()
	return j
}

func (j *Journey) planned(name string, order int) release.PlannedAction {
	kinds := []release.Kind{
		{Category: "Build", Owner: "AWS", Provider: "CodeBuild"}, {Category: "Deploy", Owner: "AWS", Provider: "CodeDeploy"},
		{Category: "Approval", Owner: "AWS", Provider: "Manual"}, {Category: "Invoke", Owner: "Custom", Provider: "Abacus"},
	}
	return release.PlannedAction{Name: name, RunOrder: order, Kind: kinds[j.rng.IntN(len(kinds))]}
}

// luck is true in percent of all cases.
func (j *Journey) luck(percent int) bool { return j.rng.IntN(100) < percent }

func (j *Journey) run() {
	for i, s := range j.Plan {
		j.pass()
		switch {
		case i == 0:
		case j.luck(4):
			j.pipeline(event.Superseded)
			return
		case j.luck(2):
			j.pipeline(event.Stopping)
			j.pipeline(event.Stopped)
			return
		case j.luck(2):
			j.pipeline(event.Canceled)
			return
		case j.luck(4): // it waits in front of the stage to this day
			return
		}
		j.stage(s.Name, event.Started)
		if !j.through(s) {
			return
		}
		j.stage(s.Name, event.Succeeded)
	}
	j.pipeline(event.Succeeded)
}

// through runs the actions of s, again and again while somebody retries, and
// reports whether the execution goes on.
func (j *Journey) through(s release.PlannedStage) bool {
	done := map[string]bool{}
	for {
		end := j.try(s, done)
		switch end {
		case event.Succeeded:
			return true
		case event.Started:
			return false
		case event.Stopped, event.Canceled:
			j.stage(s.Name, end)
			j.pipeline(end)
		case event.Failed:
			j.stage(s.Name, end)
			j.pipeline(end)
		case event.Resumed: // while others were running
			continue
		}
		if end == event.Canceled || !j.luck(60) || j.attempt > 3 {
			return false
		}
		j.retry(s.Name, done)
	}
}

func (j *Journey) retry(stage string, done map[string]bool) {
	j.pass()
	j.attempt++
	if j.luck(30) {
		clear(done)
	}
	j.pipeline(event.Resumed)
	j.stage(stage, event.Resumed)
}

// try runs what is not done and returns how the stage ends; Started if it does
// not, Resumed if it was retried while an action ran.
func (j *Journey) try(s release.PlannedStage, done map[string]bool) event.State { //nolint:gocyclo // each branch is one thing that happens
	for order := 1; order <= 2; order++ {
		var running []string
		for _, a := range s.Actions {
			if a.RunOrder == order && !done[a.Name] {
				running = append(running, j.start(s.Name, a))
			}
		}
		end := event.Succeeded
		for i, id := range running {
			j.pass()
			a := j.actions[id]
			switch {
			case j.luck(3) && end == event.Succeeded:
				return event.Started // it runs to this day
			case j.luck(4) && end == event.Succeeded && i == len(running)-1:
				return j.stopped(s.Name, id)
			case j.luck(12):
				j.end(id, event.Failed)
				end = event.Failed
				if i == len(running)-2 && j.luck(50) { // one goes on through the retry
					j.retry(s.Name, done)
					j.pass()
					j.end(running[i+1], event.Succeeded)
					done[j.actions[running[i+1]].Action] = true
					return event.Resumed
				}
			default:
				j.end(id, event.Succeeded)
				done[a.Action] = true
			}
		}
		if end != event.Succeeded {
			return end
		}
	}
	return event.Succeeded
}

func (j *Journey) stopped(stage, id string) event.State {
	j.pipeline(event.Stopping)
	j.stage(stage, event.Stopping)
	if j.luck(50) {
		j.end(id, event.Abandoned)
		return event.Stopped
	}
	j.pass()
	j.end(id, []event.State{event.Succeeded, event.Failed}[j.rng.IntN(2)])
	return event.Stopped
}

func (j *Journey) pass() {
	j.now = j.now.Add(time.Second + time.Duration(j.rng.IntN(90_000))*time.Millisecond)
}

func (j *Journey) meta() event.Meta {
	return event.Meta{
		ID: fmt.Sprint(len(j.Events)), Account: j.of.Account, Region: j.of.Region, Time: j.now.Truncate(time.Second),
	}
}

func (j *Journey) level(s event.State, started time.Time) event.Execution {
	return event.Execution{Pipeline: j.of.Pipeline, ExecutionID: j.of.ID, State: s, Attempt: j.attempt, StartedAt: started}
}

func (j *Journey) pipeline(s event.State) {
	e := event.PipelineChanged{Meta: j.meta(), Execution: j.level(s, j.began)}
	switch s {
	case event.Started:
		e.Trigger = event.Trigger{Type: "StartPipelineExecution", Detail: "arn:aws:iam::111122223333:user/dana"}
	case event.Stopping:
		e.StopReason = "Wrong branch"
	case event.Succeeded:
		e.Commit = &event.Commit{ID: "c0ffee", Message: "Add refunds", AuthorName: "Dana"}
	}
	j.state = s
	j.Events = append(j.Events, e)
}

func (j *Journey) stage(name string, s event.State) {
	j.stages[name] = s
	e := event.StageChanged{Meta: j.meta(), Execution: j.level(s, j.now), Stage: name}
	if s != event.Started {
		e.StartedAt = time.Time{}
	}
	j.Events = append(j.Events, e)
}
