package release

import (
	"slices"

	"github.com/signalbox/signalbox/internal/event"
)

// inferred is the status of a stage whose events tell told: where its end was
// not told, what came later tells it. The next stage is entered behind a
// success alone, and only an execution that waits in front of a stage is
// superseded.
func (r Record) inferred(v coach, told Status, behind bool) Status {
	underWay := told == Running || told == Stopping
	switch end := r.State(); {
	case behind && underWay:
		return Succeeded
	case underWay && end == event.Stopping:
		return Stopping
	case !underWay || !isOver(end):
		return told
	case end == event.Succeeded, end == event.Superseded:
		return Succeeded
	case end == event.Failed:
		return Failed
	case r.within(v.Name):
		return statusOf(end)
	}
	return Unclear
}

// resumed reports whether the execution has come to another attempt since the
// last of the stage that was told, which was not to go on: then it is this
// stage that runs again.
func (r Record) resumed(v coach) bool {
	halted := v.State == event.Stopping || isOver(v.State) && !isFinal(v.State)
	return halted && r.Attempt() > v.attempt
}

// within reports whether an action of stage did not succeed in the end or never
// began, so that the execution cannot have been behind the stage.
func (r Record) within(stage string) bool {
	var names []string
	for _, s := range r.Facts.Plan {
		for _, a := range s.Actions {
			if s.Name == stage {
				names = append(names, a.Name)
			}
		}
	}
	for _, run := range r.Runs {
		if run.Stage == stage {
			names = append(names, run.Action)
		}
	}
	return slices.ContainsFunc(names, func(action string) bool {
		tries := r.runs(stage, action)
		return len(tries) == 0 || tries[len(tries)-1].State != event.Succeeded
	})
}
