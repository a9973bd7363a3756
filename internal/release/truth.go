package release

import (
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// Truth is how an execution stands as the API tells it. It says nothing about
// attempts. Whatever is not known is left out.
type Truth struct {
	// State is that of the execution; see StateOf.
	State   event.State
	Started time.Time
	// Updated is when the execution last changed; when it is known, a truth
	// that is older than what events told is seen to be.
	Updated time.Time
	// Stages are those in which the execution is, or was the latest.
	Stages []StageTruth
	// Waits is the stage in front of which the execution waits: it is among the
	// stage's inbound executions. It is empty if it is in a stage, or over.
	Waits string
	// Actions are all runs of all actions, in any order.
	Actions []ActionTruth
}

// A StageTruth is how an execution stands in a stage.
type StageTruth struct {
	Name  string
	State event.State
}

// An ActionTruth is one run of an action.
type ActionTruth struct {
	Stage, Action string
	// ID is the action execution id.
	ID      string
	State   event.State
	Type    event.ActionType
	Region  string
	Started time.Time
	Updated time.Time
	Result  event.Result
}

// Reconciled returns r corrected by t, which was read after r was loaded:
// events that were lost are made up for. What t tells of an attempt is joined
// as if an event had; where that cannot be, because an attempt was over and
// the execution goes on or has ended differently, it was retried.
func (r Record) Reconciled(t Truth) Record {
	r, fresh := r.reconciledExecution(t)
	if fresh {
		for _, s := range t.Stages {
			r = r.reconciledStage(s)
		}
	}
	r = r.reconciledActions(t.Actions)
	if fresh {
		r = r.reconciledPlace(t)
	}
	r, _ = r.reconciledExecution(t) // a stage may have told of another attempt
	return r
}

// reconciledActions joins what is told of runs. Those of which no event told
// come last: the others are a measure for when they were.
func (r Record) reconciledActions(all []ActionTruth) Record {
	var untold []ActionTruth
	for _, a := range all {
		run := a.run()
		if run.Attempt = r.attemptOf(run); run.Attempt == 0 {
			untold = append(untold, a)
			continue
		}
		r, _ = r.withRun(run, a.Result)
	}
	slices.SortFunc(untold, func(a, b ActionTruth) int { return b.Started.Compare(a.Started) })
	for _, a := range untold {
		run := a.run()
		if run.Attempt = r.attemptAt(run); run.Attempt > 0 {
			r, _ = r.withRun(run, a.Result)
		}
	}
	return r
}

// reconciledPlace joins where t tells the execution to be: a stage whose
// actions run has been retried if it had halted, and whoever waits in front of
// a stage has succeeded in those behind it.
func (r Record) reconciledPlace(t Truth) Record {
	for _, a := range t.Actions {
		if t.State == event.Started && a.State == event.Started {
			r = r.reconciledStage(StageTruth{Name: a.Stage, State: event.Started})
		}
	}
	if t.Waits != "" {
		r = r.reconciledBehind(cut(t.Waits, maxLabel))
	}
	return r
}

// reconciledBehind ends the stages that an execution has behind it when it
// waits in front of the given one: only a success lets it go on.
func (r Record) reconciledBehind(waits string) Record {
	for _, p := range r.Passes {
		if p.Stage != "" && p.Stage != waits {
			r = r.reconciledStage(StageTruth{Name: p.Stage, State: event.Succeeded})
		}
	}
	return r
}

// reconciledExecution joins what t tells of the execution itself; false if
// that is not to be believed.
func (r Record) reconciledExecution(t Truth) (Record, bool) {
	now := standing(r.tries(""))
	attempt := now.heir(t.State, t.Updated)
	if attempt == 0 {
		return r, false
	}
	p := Pass{Attempt: attempt, State: state(t.State), Began: moment(t.Started)}
	if now.Attempt > 0 && attempt > now.Attempt {
		p.Since = moment(t.Updated)
	}
	if isOver(t.State) {
		p.Until = moment(t.Updated)
	}
	r, _ = r.withPass(p)
	return r, true
}

// heir is the attempt of which the API tells s when events have told p, or 0
// if s is no news or older than p.
func (p Pass) heir(s event.State, updated time.Time) int {
	told := latest(p.Since, p.Until) // in whole seconds, if by the time of an event
	switch {
	case s == "":
		return 0
	case p.Attempt == 0:
		return 1
	case p.State == s:
		return p.Attempt
	case isFinal(p.State), !updated.IsZero() && updated.Before(told):
		return 0
	case !isOver(p.State) && (p.State != event.Stopping || isOver(s)): // nobody takes a stop back
		return p.Attempt
	case !isOver(s) && !updated.IsZero() && updated.Before(told.Add(time.Second)):
		return 0 // it may be what was before the end
	}
	return p.Attempt + 1
}

func (r Record) reconciledStage(s StageTruth) Record {
	name := cut(s.Name, maxLabel)
	now := standing(r.tries(name))
	attempt := now.heir(s.State, time.Time{})
	if attempt == 0 {
		return r
	}
	if attempt != now.Attempt || isOver(s.State) && !isFinal(s.State) {
		attempt = max(attempt, r.Attempt()) // a retry is one of the stage that had halted
	}
	r, _ = r.withPass(Pass{Stage: name, Attempt: attempt, State: state(s.State)})
	return r
}

func (a ActionTruth) run() Run {
	run := Run{
		Stage: cut(a.Stage, maxLabel), Action: cut(a.Action, maxLabel), ID: cut(a.ID, maxLabel),
		State: state(a.State), Since: moment(a.Started), Kind: kindOf(a.Type, a.Region),
	}
	if isOver(run.State) {
		run.Until = moment(a.Updated)
	}
	return run
}

// attemptOf is the attempt under which events have told of run, or 0.
func (r Record) attemptOf(run Run) int {
	for _, known := range r.Runs {
		if known.ID == run.ID && known.sibling(run) {
			return known.Attempt
		}
	}
	return 0
}

// attemptAt is the latest attempt that run, of which no event told, can be of:
// that in which its stage is, unless the action began another run after it. It
// is 0 if so many others are kept that this one may have been left out.
func (r Record) attemptAt(run Run) int {
	attempt := max(1, r.Attempt())
	if tries := r.tries(run.Stage); len(tries) > 0 {
		attempt = tries[0].Attempt
	}
	known, newest := 0, true
	for _, other := range r.Runs {
		if !other.sibling(run) {
			continue
		}
		known++
		if other.Since.After(run.Since) {
			attempt, newest = min(attempt, other.Attempt), false
		}
	}
	if known >= maxTriesOfAction && !newest {
		return 0
	}
	return attempt
}

// moment is t in whole milliseconds, which events have too: the API tells times
// as fractions, which are not exact.
func moment(t time.Time) time.Time { return t.UTC().Round(time.Millisecond) }
