package release

import (
	"cmp"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// A Status is how a stage, an action or an execution is shown.
type Status string

// The statuses.
const (
	// Ahead is what the execution has yet to come to.
	Ahead Status = "ahead"
	// Waiting is a stage that the execution waits to enter, or an approval
	// that nobody has given yet.
	Waiting   Status = "waiting"
	Running   Status = "running"
	Stopping  Status = "stopping"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Stopped   Status = "stopped"
	Canceled  Status = "canceled"
	Abandoned Status = "abandoned"
	PassedBy  Status = "skipped"
	GaveWay   Status = "superseded"
	// NotReached is what an execution that is over never came to.
	NotReached Status = "not reached"
	// Unclear is what must be over though nobody told how it ended.
	Unclear Status = "unclear"
	// Strange is a state that we do not know; show the state's own word.
	Strange Status = "strange"
)

// A StageView is a stage as people see it.
type StageView struct {
	Name   string      `json:"name"`
	Status Status      `json:"status"`
	State  event.State `json:"state,omitempty"`
	// Tries counts the attempts of the stage, as far as they are known.
	Tries int `json:"tries"`
	// Since is when its first attempt began, TrySince when the last did.
	Since    time.Time `json:"since,omitzero"`
	TrySince time.Time `json:"try_since,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	// Groups are its actions: those of one group run in parallel, and the
	// groups one after the other.
	Groups [][]ActionView `json:"groups,omitempty"`
}

// An ActionView is an action as people see it: its last attempt.
type ActionView struct {
	Name   string      `json:"name"`
	Status Status      `json:"status"`
	State  event.State `json:"state,omitempty"`
	Kind
	// ID is the action execution id.
	ID string `json:"id,omitempty"`
	// Tries counts the attempts of the action.
	Tries int       `json:"tries"`
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	Ending
	// Build is the build that it started; nil if none is known.
	Build *Build `json:"build,omitempty"`
}

// A coach is a stage of the train in the making, and which attempt of the
// execution is its last; 0 if it was not entered.
type coach struct {
	StageView
	attempt int
}

// shown are the statuses of the states that an attempt may stand in.
var shown = map[event.State]Status{
	event.Started: Running, event.Resumed: Running, event.Stopping: Stopping, event.Succeeded: Succeeded,
	event.Failed: Failed, event.Stopped: Stopped, event.Canceled: Canceled, event.Abandoned: Abandoned,
	Skipped: PassedBy, event.Superseded: GaveWay,
}

func statusOf(s event.State) Status {
	if status, ok := shown[s]; ok {
		return status
	}
	return Strange
}

// Train returns the stages in their order: that of the pipeline's structure
// if Facts tell it, else the order in which they began. Stages that are still
// ahead are known by Facts alone; a roll-back has none.
func (r Record) Train() []StageView {
	plan := r.stages()
	furthest := -1
	for i, s := range plan {
		if r.seen(s.Name) {
			furthest = i
		}
	}
	train := make([]StageView, 0, len(plan))
	for i, s := range plan {
		v := coach{StageView: StageView{Name: s.Name}}
		if tries := r.tries(s.Name); len(tries) > 0 {
			v = r.entered(v, tries, i < furthest && len(r.Facts.Plan) > 0)
		} else {
			free := furthest < 0 || i == furthest+1 && passed(train[furthest].Status)
			v.Status = r.unentered(i, furthest, free)
		}
		v.Groups = r.groups(v, s)
		train = append(train, v.timed())
	}
	return train
}

// passed reports whether an execution goes on behind a stage that is shown as s.
func passed(s Status) bool { return s == Succeeded || s == PassedBy || s == Unclear }

func (r Record) seen(stage string) bool {
	return slices.ContainsFunc(r.Passes, func(p Pass) bool { return p.Stage == stage })
}

// stages are those to show: of the plan, then those seen that are not in it.
func (r Record) stages() []PlannedStage {
	var all []PlannedStage
	for _, s := range r.Facts.Plan {
		if !r.RolledBack() || r.seen(s.Name) {
			all = append(all, s)
		}
	}
	planned := len(all)
	for _, p := range r.Passes {
		if p.Stage != "" && !slices.ContainsFunc(all, func(s PlannedStage) bool { return s.Name == p.Stage }) {
			all = append(all, PlannedStage{Name: p.Stage})
		}
	}
	slices.SortFunc(all[planned:], func(a, b PlannedStage) int {
		return cmp.Or(compareKnown(r.stageBegan(a.Name), r.stageBegan(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// compareKnown orders times; one that is not known comes last.
func compareKnown(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		if a.IsZero() {
			return 1
		}
		return -1
	}
	return a.Compare(b)
}

func (r Record) stageBegan(stage string) time.Time {
	t := began(r.tries(stage))
	for _, run := range r.Runs {
		if run.Stage == stage {
			t = earliest(t, run.Since)
		}
	}
	return t
}

// entered shows a stage that the execution has come to.
func (r Record) entered(v coach, tries []Pass, behind bool) coach {
	now := standing(tries)
	v.State, v.Tries, v.attempt = now.State, len(tries), tries[0].Attempt
	v.Since, v.TrySince, v.Until = r.stageBegan(v.Name), tries[0].Since, now.Until
	told := statusOf(now.State)
	if r.resumed(v) {
		told, v.attempt, v.TrySince = Running, r.Attempt(), r.Passes[0].Since
	}
	v.Status = r.inferred(v, told, behind)
	return v
}

// unentered is the status of stage i, which no event was about; free is set
// when nothing keeps the execution in the stage before.
func (r Record) unentered(i, furthest int, free bool) Status {
	end := r.State()
	switch {
	case i < furthest, end == event.Succeeded:
		return Unclear
	case end == event.Superseded && i == furthest+1:
		return GaveWay
	case isOver(end):
		return NotReached
	case free && i == furthest+1 && len(r.Passes) > 0:
		return Waiting
	}
	return Ahead
}

// timed fills in when v ended, as far as its actions tell it.
func (v StageView) timed() StageView {
	switch v.Status {
	case Ahead, Waiting, Running, Stopping, Strange:
		v.Until = time.Time{}
		return v
	}
	for _, g := range v.Groups {
		for _, a := range g {
			v.Until = latest(v.Until, a.Until)
		}
	}
	return v
}
