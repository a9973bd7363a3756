package release

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// A WaitReason is what an execution waits for.
type WaitReason string

// The reasons to wait. All but ForApproval are known by Facts alone.
const (
	// ForApproval is an approval action that nobody has answered.
	ForApproval WaitReason = "approval"
	// ForGate is a check that has not ended.
	ForGate WaitReason = "gate"
	// ForTransition is a stage transition that somebody disabled.
	ForTransition WaitReason = "transition"
	// ForStage is another execution that is in the stage.
	ForStage WaitReason = "stage"
	// ForCondition is a condition of a stage.
	ForCondition WaitReason = "condition"
	// ForEntry is the next stage, where Facts do not tell what holds it.
	ForEntry WaitReason = "entry"
)

// A Wait is one thing that an execution waits for.
type Wait struct {
	Reason WaitReason `json:"reason"`
	Stage  string     `json:"stage"`
	// Action is that of an approval, whose action execution id is ID.
	Action string `json:"action,omitempty"`
	ID     string `json:"id,omitempty"`
	// By and Text are those of a Hold.
	By   string `json:"by,omitempty"`
	Text string `json:"text,omitempty"`
	// Since is when it began to wait; zero if that is not known.
	Since time.Time `json:"since,omitzero"`
}

// WaitsFor is what keeps the execution from going on, in the order of the
// train. Parallel approvals are several waits.
func (r Record) WaitsFor() []Wait {
	var all []Wait
	for _, s := range r.Train() {
		held := false
		for _, h := range r.Facts.Holds {
			if h.Stage == s.Name && h.holds(s.Status) {
				held = true
				all = append(all, Wait{Reason: h.Reason, Stage: h.Stage, By: h.By, Text: h.Text, Since: h.Since})
			}
		}
		if s.Status == Waiting && !held {
			all = append(all, Wait{Reason: ForEntry, Stage: s.Name})
		}
		for _, g := range s.Groups {
			for _, a := range g {
				if a.Status == Waiting {
					all = append(all, Wait{Reason: ForApproval, Stage: s.Name, Action: a.Name, ID: a.ID, Since: a.Since})
				}
			}
		}
	}
	return all
}

// holds reports whether h can still hold a stage that is shown as s: whatever
// keeps an execution out of a stage is over once it is in.
func (h Hold) holds(s Status) bool {
	return s == Waiting || s == Running && (h.Reason == ForGate || h.Reason == ForCondition)
}

// Outcome is how the execution stands: Ahead if nothing is known, Running
// also while it waits.
func (r Record) Outcome() Status {
	if len(r.Passes) == 0 {
		return Ahead
	}
	return statusOf(r.State())
}

// Over reports whether the execution has ended, unless it is retried.
func (r Record) Over() bool { return isOver(r.State()) }

// Since is when the execution began, or the zero time.
func (r Record) Since() time.Time {
	t := began(r.tries(""))
	for _, p := range r.Passes {
		t = earliest(t, earliest(p.Began, p.Since))
	}
	for _, run := range r.Runs {
		t = earliest(t, run.Since)
	}
	return t
}

// Until is when the execution ended, or the zero time.
func (r Record) Until() time.Time { return standing(r.tries("")).Until }

// Elapsed is how long the execution took or, while it goes on, has taken until
// now. It is never negative, and 0 if nobody told when it began.
func (r Record) Elapsed(now time.Time) time.Duration {
	since, until := r.Since(), now
	if r.Over() {
		until = r.Until()
	}
	if since.IsZero() || until.Before(since) {
		return 0
	}
	return until.Sub(since)
}

// RolledBack reports whether the execution is a roll-back; Facts.RollsBackTo
// may tell to what.
func (r Record) RolledBack() bool {
	return r.Facts.RollsBackTo != "" || strings.HasSuffix(r.Trigger.Type, "Rollback")
}

// Fixed reports whether the execution succeeded and the one before it failed,
// as far as Facts tell.
func (r Record) Fixed() bool {
	return r.Outcome() == Succeeded && r.Facts.Previous != nil && statusOf(r.Facts.Previous.State) == Failed
}

// A Failure is why an execution failed. Action is empty where no action did: a
// condition of the stage did not hold, or the execution failed without word.
type Failure struct {
	Stage  string     `json:"stage,omitempty"`
	Action ActionView `json:"action,omitzero"`
	// Build is what the API told about the build that failed; nil if nothing.
	Build *BuildFailure `json:"build,omitempty"`
	// Others counts the actions of the stage that failed besides.
	Others int `json:"others,omitempty"`
}

// Failure is the action that failed first in the stage that failed, and false
// if there is none. It is told as soon as the action has failed, while others
// of its stage still run, and no more once a retry has begun.
func (r Record) Failure() (Failure, bool) {
	var f Failure
	found := false
	for _, s := range r.Train() {
		failed := s.failed()
		underWay := s.Status == Running || s.Status == Stopping
		if s.Status != Failed && (len(failed) == 0 || !underWay) {
			continue
		}
		f, found = Failure{Stage: s.Name, Others: max(0, len(failed)-1)}, true
		if len(failed) > 0 {
			f.Action = failed[0]
		}
	}
	if !found && r.Outcome() != Failed {
		return f, false
	}
	if f.Action.Name == "" {
		f.Action = r.unkept(f.Stage)
	}
	i := slices.IndexFunc(r.Facts.Failures, func(b BuildFailure) bool { return b.BuildID != "" && b.BuildID == f.Action.ExternalID })
	if i >= 0 {
		f.Build = &r.Facts.Failures[i]
	}
	return f, true
}

// failed are the actions of s that failed, the first one first. They count in
// whole seconds: more is known later, and must not change the answer.
func (s StageView) failed() []ActionView {
	var all []ActionView
	for _, g := range s.Groups {
		for _, a := range g {
			if a.Status == Failed {
				all = append(all, a)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ActionView) int {
		return compareKnown(a.Until.Truncate(time.Second), b.Until.Truncate(time.Second))
	})
	return all
}

// unkept is the action that failed in stage where so many run that it was left
// out: what failures say is kept longest.
func (r Record) unkept(stage string) ActionView {
	tries := r.tries(stage)
	for _, o := range r.Results {
		kept := slices.ContainsFunc(r.Runs, func(run Run) bool { return run.ID == o.ID })
		if !kept && o.Stage == stage && o.State == event.Failed && len(tries) > 0 && o.Attempt == tries[0].Attempt {
			return ActionView{Name: o.Action, ID: o.ID, Status: Failed, State: o.State, Tries: 1, Ending: o.Ending}
		}
	}
	return ActionView{}
}
