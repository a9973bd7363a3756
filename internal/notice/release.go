package notice

import (
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/release"
)

// A State is where a release, stage or action stands, as CodePipeline's events
// spell it. AWS may add states: one that is none of the constants counts as
// under way.
type State string

// The states.
const (
	StateStarted    State = "STARTED"
	StateResumed    State = "RESUMED"
	StateSucceeded  State = "SUCCEEDED"
	StateFailed     State = "FAILED"
	StateStopping   State = "STOPPING"
	StateStopped    State = "STOPPED"
	StateCanceled   State = "CANCELED"
	StateSuperseded State = "SUPERSEDED"
	StateAbandoned  State = "ABANDONED"
	StateSkipped    State = "SKIPPED"
)

var states = []State{
	StateStarted, StateResumed, StateSucceeded, StateFailed, StateStopping,
	StateStopped, StateCanceled, StateSuperseded, StateAbandoned, StateSkipped,
}

// ended reports whether nothing more happens unless somebody retries.
func (s State) ended() bool {
	return slices.Contains(states, s) && s != StateStarted && s != StateResumed && s != StateStopping
}

// A Release is what notices need to know of one execution of a pipeline.
type Release struct {
	Pipeline, Execution string
	Account, Region     string
	// Environment is the configuration's name, not AWS's; empty if none fits.
	Environment string
	State       State
	// Attempt is 1 for the first run and grows with each retry; 0 counts as 1.
	// Those of stages and actions are counted with it: a stage that is entered
	// after one retry of another begins with 2.
	Attempt      int
	Began, Ended time.Time
	// Usual is how long such a release takes; 0 if that is not known.
	Usual time.Duration
	// Stages are in the order of the pipeline.
	Stages    []Stage
	Revisions []Revision
	// Authors are whoever made the changes, as far as anybody says.
	Authors []release.Author
	// RolledBack is set for a roll-back; RollsBackTo is then the execution whose
	// revisions it releases again. SupersededBy is the one that this one gave
	// way to. Either may be empty, if it is not known.
	RolledBack                bool
	RollsBackTo, SupersededBy string
	// Held is set while somebody's decision or another release keeps it from
	// going on: then it is not stuck, however long that takes.
	Held bool
	// Before is how the last release that was finished before this one ended:
	// a success after StateFailed is worth telling. Empty if not known.
	Before State
	// StopReason is what was given when it was stopped.
	StopReason string
}

// A Stage is one stage of a release.
type Stage struct {
	Name    string
	State   State // empty until it begins
	Attempt int
	// Retried is set if an earlier attempt had entered it too.
	Retried bool
	// Began is when the latest attempt began.
	Began, Ended time.Time
	Actions      []Action
}

// An Action is the latest attempt of one action.
type Action struct {
	Name         string
	Category     string // CodePipeline's word, such as "Approval" or "Build"
	Provider     string
	State        State // empty until it begins
	Attempt      int
	Began, Ended time.Time
	// ErrorCode and Summary are the provider's words about a failure.
	ErrorCode, Summary string
}

// A Revision is what one source action brought.
type Revision struct {
	ID, Subject, URL, Branch string
	// Author is the name that the commit has: nobody has verified it.
	Author string
}

// Waiting lists the approval actions of s that wait for a person.
func (s Stage) Waiting() []Action {
	if s.State.ended() {
		return nil
	}
	var all []Action
	for _, a := range s.Actions {
		if a.approval() && a.State != "" && !a.State.ended() {
			all = append(all, a)
		}
	}
	return all
}

func (a Action) approval() bool { return a.Category == "Approval" }

// Current is the stage that counts now: the one that failed, else the first
// that is under way, else the last that began. The zero Stage if none did.
func (r Release) Current() Stage {
	var current Stage
	for _, s := range r.Stages {
		switch {
		case s.State == "":
		case s.State == StateFailed:
			return s
		case current.State == "" || current.State.ended():
			current = s
		}
	}
	return current
}

// Branch is that of the first revision that names one.
func (r Release) Branch() string {
	for _, v := range r.Revisions {
		if v.Branch != "" {
			return v.Branch
		}
	}
	return ""
}

// first is the revision that stands for all.
func (r Release) first() Revision {
	for _, v := range r.Revisions {
		if v.Subject != "" {
			return v
		}
	}
	if len(r.Revisions) > 0 {
		return r.Revisions[0]
	}
	return Revision{}
}

func (r Release) attempt() int {
	most := 1
	for _, s := range r.Stages {
		most = max(most, s.Attempt)
	}
	return max(most, r.Attempt)
}

// stage finds a stage by name; the zero Stage if there is none.
func (r Release) stage(name string) Stage {
	for _, s := range r.Stages {
		if s.Name == name {
			return s
		}
	}
	return Stage{}
}

// action finds an action of s by name; the zero Action if there is none.
func (s Stage) action(name string) Action {
	for _, a := range s.Actions {
		if a.Name == name {
			return a
		}
	}
	return Action{}
}
