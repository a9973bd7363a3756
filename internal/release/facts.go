package release

import (
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// Facts are what the API tells about an execution and events do not. Whoever
// renders a record reads them once it needs them; events never touch them.
type Facts struct {
	// At is when they were read.
	At time.Time `json:"at,omitzero"`
	// Mode is the pipeline's execution mode, such as "SUPERSEDED".
	Mode string `json:"mode,omitempty"`
	// RollsBackTo is the execution whose revisions a roll-back carries, and
	// SupersededBy the one that this one gave way to.
	RollsBackTo  string `json:"rolls_back_to,omitempty"`
	SupersededBy string `json:"superseded_by,omitempty"`
	// TriggeredBy says in words for people who or what started it.
	TriggeredBy string   `json:"triggered_by,omitempty"`
	Revisions   []Commit `json:"revisions,omitempty"`
	Authors     []Author `json:"authors,omitempty"`
	// Plan has the stages and actions of the pipeline in their order.
	Plan []PlannedStage `json:"plan,omitempty"`
	// Holds are what held the execution up when the facts were read.
	Holds []Hold `json:"holds,omitempty"`
	// Usual is the median duration of the last executions that succeeded; zero
	// if there is none.
	Usual time.Duration `json:"usual,omitempty"`
	// Previous is the execution that ended before this one did.
	Previous *Previous      `json:"previous,omitempty"`
	Failures []BuildFailure `json:"failures,omitempty"`
}

// A PlannedStage is a stage as the pipeline's structure has it.
type PlannedStage struct {
	Name    string          `json:"name"`
	Actions []PlannedAction `json:"actions,omitempty"`
}

// A PlannedAction is an action as the pipeline's structure has it. Those of
// one RunOrder run in parallel.
type PlannedAction struct {
	Name     string `json:"name"`
	RunOrder int    `json:"run_order"`
	Kind
}

// A Hold is what keeps an execution from going on.
type Hold struct {
	Reason WaitReason `json:"reason"`
	Stage  string     `json:"stage"`
	// By is the execution that is in the stage, or who disabled the
	// transition; Text is the reason that was given. Both may be empty.
	By    string    `json:"by,omitempty"`
	Text  string    `json:"text,omitempty"`
	Since time.Time `json:"since,omitzero"`
}

// Previous is how an earlier execution of the pipeline ended.
type Previous struct {
	ExecutionID string      `json:"execution_id"`
	State       event.State `json:"state"`
}

// A BuildFailure is why a build failed, as CodeBuild's API and its log tell it.
type BuildFailure struct {
	BuildID string `json:"build_id"`
	Phase   string `json:"phase,omitempty"`
	Context string `json:"context,omitempty"`
	// Tests are the names of tests that failed.
	Tests   []string `json:"tests,omitempty"`
	LogsURL string   `json:"logs_url,omitempty"`
}

// Limits of facts, in bytes of JSON of each list.
const (
	maxPlanBytes     = 12 << 10
	maxRevisionBytes = 3 << 10
	maxWhoBytes      = 2 << 10
	maxHoldBytes     = 2 << 10
	maxFailureBytes  = 4 << 10
	maxFailedTests   = 10
)

// Merge returns r with facts, whose every known field replaces what r had,
// unless r's facts were read later: then they only fill gaps. What holds an
// execution up changes, so it is always that of the later. Merging the same
// facts again changes nothing.
func (r Record) Merge(facts Facts) Record {
	facts = facts.clipped()
	if facts.At.Before(r.Facts.At) {
		r.Facts = r.Facts.or(facts)
	} else {
		r.Facts = facts.or(r.Facts)
	}
	return r
}

// or is f, with what is missing taken from older.
func (f Facts) or(older Facts) Facts {
	fill(&f.Mode, older.Mode)
	fill(&f.RollsBackTo, older.RollsBackTo)
	fill(&f.SupersededBy, older.SupersededBy)
	fill(&f.TriggeredBy, older.TriggeredBy)
	fill(&f.Usual, older.Usual)
	fill(&f.Previous, older.Previous)
	fillList(&f.Revisions, older.Revisions)
	fillList(&f.Authors, older.Authors)
	fillList(&f.Plan, older.Plan)
	fillList(&f.Failures, older.Failures)
	return f
}

func fill[T comparable](known *T, other T) {
	var nothing T
	if *known == nothing {
		*known = other
	}
}

func fillList[T any](known *[]T, other []T) {
	if len(*known) == 0 {
		*known = other
	}
}

// clipped bounds facts, so that a record keeps within its size.
func (f Facts) clipped() Facts {
	f.At = f.At.UTC()
	f.Mode, f.TriggeredBy = cut(f.Mode, maxWord), cut(f.TriggeredBy, maxOutside)
	f.RollsBackTo, f.SupersededBy = cut(f.RollsBackTo, maxLabel), cut(f.SupersededBy, maxLabel)
	f.Revisions = clippedAll(f.Revisions, maxRevisionBytes, func(c Commit) Commit {
		c.Summary, c.URL = cut(c.Summary, maxOutside), link(c.URL)
		return c
	})
	f.Authors = fitting(f.Authors, maxWhoBytes)
	f.Plan = planFitting(f.Plan)
	f.Holds = clippedAll(f.Holds, maxHoldBytes, func(h Hold) Hold {
		h.Stage, h.By, h.Text = cut(h.Stage, maxLabel), cut(h.By, maxOutside), cut(h.Text, maxOutside)
		return h
	})
	f.Failures = clippedAll(f.Failures, maxFailureBytes, func(b BuildFailure) BuildFailure {
		if n := len(b.Tests) - maxFailedTests; n > 0 {
			b.Tests = append(copied(b.Tests[:maxFailedTests-1]), fmt.Sprintf("and %d more", n+1))
		}
		b.Tests = clippedAll(b.Tests, maxFailureBytes, func(name string) string { return cut(name, maxLabel) })
		b.Context, b.LogsURL = cut(b.Context, maxOutside), address(b.LogsURL)
		return b
	})
	return f
}

// clippedAll bounds every one of all, without changing the caller's, and keeps
// as many as fit.
func clippedAll[T any](all []T, limit int, one func(T) T) []T {
	all = copied(all)
	for i := range all {
		all[i] = one(all[i])
	}
	return fitting(all, limit)
}

// planFitting keeps the names of all stages, if need be without some actions:
// those that ran are told by events.
func planFitting(plan []PlannedStage) []PlannedStage {
	limit := maxPlanBytes
	short := make([]PlannedStage, 0, len(plan))
	for _, s := range plan {
		s = PlannedStage{Name: cut(s.Name, maxLabel)}
		if limit -= size(s) + len(`,"actions":[],`); limit < 0 {
			break
		}
		short = append(short, s)
	}
	for i := range short {
		short[i].Actions = clippedAll(plan[i].Actions, limit, func(a PlannedAction) PlannedAction {
			a.Name = cut(a.Name, maxLabel)
			a.Kind = kindOf(event.ActionType{Category: a.Category, Owner: a.Owner, Provider: a.Provider}, a.Region)
			return a
		})
		limit -= size(short[i].Actions)
	}
	return short
}
