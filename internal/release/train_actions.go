package release

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// A seat is an action of a stage, with what gives it its place: the run order
// and the first attempt.
type seat struct {
	ActionView
	order int
	first Run
}

// groups are the actions of a stage: those of the plan by their run order, and
// then those that are not in it, where the ones that overlapped in time ran in
// parallel.
func (r Record) groups(v coach, s PlannedStage) [][]ActionView {
	var all []seat
	for _, a := range s.Actions {
		view := r.action(v, a.Name)
		if view.ID == "" {
			view.Kind = a.Kind
		}
		view.order = a.RunOrder
		all = append(all, view)
	}
	slices.SortStableFunc(all, func(a, b seat) int { return a.order - b.order })
	var groups [][]ActionView
	for i, a := range all {
		if n := len(groups); n > 0 && all[i-1].order == a.order {
			groups[n-1] = append(groups[n-1], a.ActionView)
			continue
		}
		groups = append(groups, []ActionView{a.ActionView})
	}
	return append(groups, overlapping(r.unplanned(v, s))...)
}

// unplanned are the actions of a stage that are not in the plan, in the order
// in which they began.
func (r Record) unplanned(v coach, s PlannedStage) []seat {
	var all []seat
	for _, run := range r.Runs {
		known := slices.ContainsFunc(s.Actions, func(a PlannedAction) bool { return a.Name == run.Action }) ||
			slices.ContainsFunc(all, func(a seat) bool { return a.Name == run.Action })
		if run.Stage == v.Name && !known {
			all = append(all, r.action(v, run.Action))
		}
	}
	slices.SortFunc(all, func(a, b seat) int {
		return cmp.Or(compareKnown(a.first.Since, b.first.Since), strings.Compare(a.Name, b.Name))
	})
	return all
}

// overlapping groups actions, of which each began before the one behind it.
func overlapping(all []seat) [][]ActionView {
	var groups [][]ActionView
	var until time.Time // when all of the last group had ended; zero if they have not
	for _, a := range all {
		n := len(groups)
		if n == 0 || !until.IsZero() && !a.first.Since.Before(until) {
			groups, until = append(groups, []ActionView{a.ActionView}), a.first.Until
			continue
		}
		groups[n-1] = append(groups[n-1], a.ActionView)
		if a.first.Until.IsZero() {
			until = time.Time{}
		} else if !until.IsZero() {
			until = latest(until, a.first.Until)
		}
	}
	return groups
}

// action shows an action of the stage v.
func (r Record) action(v coach, name string) seat {
	a := seat{ActionView: ActionView{Name: name}}
	tries := r.runs(v.Name, name)
	if len(tries) == 0 {
		a.Status = v.unstarted()
		return a
	}
	last := tries[len(tries)-1]
	a.first = tries[0]
	a.State, a.Kind, a.ID, a.Tries, a.Since, a.Until = last.State, last.Kind, last.ID, len(tries), last.Since, last.Until
	a.Status = v.started(last)
	if v.Status == Running && ended(a.Status) && (last.Attempt < v.attempt || r.retried(last)) {
		a.Status = Ahead
	}
	if a.Status == Ahead { // what is known is the end of the attempt before
		a.State, a.Since, a.Until = "", time.Time{}, time.Time{}
		return a
	}
	a.Ending = r.ending(last)
	if a.Provider == "CodeBuild" && a.ExternalID != "" {
		if b, ok := r.Build(a.ExternalID); ok {
			a.Build = &b
		}
	}
	return a
}

// unstarted is the status of an action of v that no event was about.
func (v StageView) unstarted() Status {
	switch v.Status {
	case Ahead, Waiting, Running, Strange:
		return Ahead
	case Succeeded, Unclear:
		return Unclear
	case PassedBy:
		return PassedBy
	}
	return NotReached
}

// started is the status of an action of v whose last attempt is a.
func (v StageView) started(a Run) Status {
	status := statusOf(a.State)
	underWay := v.Status == Running || v.Status == Stopping
	switch {
	case status == Running && underWay && a.Category == event.ManualApproval.Category:
		return Waiting
	case status == Running && v.Status == Succeeded:
		return Succeeded
	case status == Running && !underWay && v.Status != Strange:
		return Unclear
	}
	return status
}

// ended reports whether an action that is shown as s has to run again for the
// execution to go on.
func ended(s Status) bool {
	return s == Failed || s == Abandoned || s == Canceled || s == Stopped
}

// retried reports whether an action of the stage began after run had ended
// badly, which only a retry makes happen. Ends are told in whole seconds.
func (r Record) retried(run Run) bool {
	return !run.Until.IsZero() && slices.ContainsFunc(r.Runs, func(o Run) bool {
		return o.Stage == run.Stage && o.Since.After(run.Until.Add(time.Second))
	})
}

// runs are the attempts of an action, the last one last. Attempt is then the
// last under which one is known. Events without an id count only where none
// has one: there every attempt of the execution is one of the action.
func (r Record) runs(stage, action string) []Run {
	var all []Run
	starts := map[string]int{} // the attempt in which an id began
	for _, run := range r.Runs {
		if run.Stage != stage || run.Action != action {
			continue
		}
		starts[run.ID] = run.Attempt // the earliest comes last
		i := slices.IndexFunc(all, func(o Run) bool { return o.ID == run.ID && run.ID != "" })
		if i < 0 {
			all = append(all, run)
		} else {
			run.Attempt = max(run.Attempt, all[i].Attempt)
			all[i] = all[i].join(run)
			all[i].Attempt = run.Attempt
		}
	}
	if slices.ContainsFunc(all, func(o Run) bool { return o.ID != "" }) {
		all = slices.DeleteFunc(all, func(o Run) bool { return o.ID == "" })
	}
	slices.SortFunc(all, func(a, b Run) int {
		if a.ID == "" {
			return a.Attempt - b.Attempt
		}
		return cmp.Or(starts[a.ID]-starts[b.ID], compareKnown(a.Since, b.Since), strings.Compare(a.ID, b.ID))
	})
	return all
}

// ending is what was told about the end of run, wherever it stands.
func (r Record) ending(run Run) Ending {
	e := Result{}
	for _, o := range r.Results {
		same := o.ID == run.ID && (run.ID != "" || o.Attempt == run.Attempt)
		if same && o.Stage == run.Stage && o.Action == run.Action && o.State == run.State {
			e = e.join(o)
		}
	}
	return e.Ending
}
