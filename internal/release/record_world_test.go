package release_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
)

var journeyOf = release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: "orders", ID: "e1"}

// A journey is an execution as CodePipeline might run it: the events in the
// order in which they happened, and how it stands in the end.
type journey struct {
	rng     *rand.Rand
	now     time.Time
	began   time.Time
	attempt int
	serial  int
	events  []event.Event
	plan    []release.PlannedStage
	stages  map[string]event.State
	actions map[string]*release.ActionTruth
	order   []string // the ids of actions
	state   event.State
}

// newJourney runs a pipeline of up to four stages in which all kinds of things
// happen, among them approvals that nobody answers.
func newJourney(seed uint64) *journey {
	j := &journey{
		rng: rand.New(rand.NewPCG(seed, 1)), now: monday, began: monday, attempt: 1,
		stages: map[string]event.State{}, actions: map[string]*release.ActionTruth{},
	}
	for i := range 1 + j.rng.IntN(4) {
		s := release.PlannedStage{Name: string(rune('A' + (i*2+1)%5))} // not in the order of names
		for k := range 1 + j.rng.IntN(3) {
			s.Actions = append(s.Actions, j.planned(fmt.Sprintf("%s%d", s.Name, k), 1+j.rng.IntN(2)))
		}
		j.plan = append(j.plan, s)
	}
	j.pipeline(event.Started)
	j.run()
	return j
}

func (j *journey) planned(name string, order int) release.PlannedAction {
	kinds := []release.Kind{
		{Category: "Build", Owner: "AWS", Provider: "CodeBuild"}, {Category: "Deploy", Owner: "AWS", Provider: "CodeDeploy"},
		{Category: "Approval", Owner: "AWS", Provider: "Manual"}, {Category: "Invoke", Owner: "Custom", Provider: "Abacus"},
	}
	return release.PlannedAction{Name: name, RunOrder: order, Kind: kinds[j.rng.IntN(len(kinds))]}
}

// luck is true in percent of all cases.
func (j *journey) luck(percent int) bool { return j.rng.IntN(100) < percent }

func (j *journey) run() {
	for i, s := range j.plan {
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
func (j *journey) through(s release.PlannedStage) bool {
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

func (j *journey) retry(stage string, done map[string]bool) {
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
func (j *journey) try(s release.PlannedStage, done map[string]bool) event.State {
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

func (j *journey) stopped(stage, id string) event.State {
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

func (j *journey) pass() {
	j.now = j.now.Add(time.Second + time.Duration(j.rng.IntN(90_000))*time.Millisecond)
}

func (j *journey) meta() event.Meta {
	return event.Meta{
		ID: fmt.Sprint(len(j.events)), Account: journeyOf.Account, Region: journeyOf.Region, Time: j.now.Truncate(time.Second),
	}
}

func (j *journey) level(s event.State, started time.Time) event.Execution {
	return event.Execution{Pipeline: journeyOf.Pipeline, ExecutionID: journeyOf.ID, State: s, Attempt: j.attempt, StartedAt: started}
}

func (j *journey) pipeline(s event.State) {
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
	j.events = append(j.events, e)
}

func (j *journey) stage(name string, s event.State) {
	j.stages[name] = s
	e := event.StageChanged{Meta: j.meta(), Execution: j.level(s, j.now), Stage: name}
	if s != event.Started {
		e.StartedAt = time.Time{}
	}
	j.events = append(j.events, e)
}
