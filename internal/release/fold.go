package release

import (
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// Fold returns r and what e tells about it, and whether that is anything new.
// It changes nothing that r shares with others.
//
// Events may come in any order, late and more than once: the record is the
// same. It joins what is told about each attempt of the execution, a stage or
// an action: the state as rank has it, the earliest beginning, the latest end.
// An event of one attempt proves that the execution has come to that attempt.
//
// Events of other executions are refused. A record of no execution yet becomes
// that of e. An event of CodeBuild does not name an execution, so r must be
// one of the pipeline that it names, and it is up to the caller to find one.
func (r Record) Fold(e event.Event) (Record, bool) {
	switch e := e.(type) {
	case event.PipelineChanged:
		return r.foldPipeline(e)
	case event.StageChanged:
		return r.foldStage(e)
	case event.ActionChanged:
		return r.foldAction(e)
	case event.BuildChanged, event.BuildPhaseChanged:
		b, _ := BuildOf(e)
		if r.ID == "" || e.About().Account != r.Account || b.Pipeline != r.Pipeline {
			return r, false
		}
		return r.withBuild(b)
	default:
		return r, false
	}
}

// adopt returns r if e is about its execution, which it takes over if it has
// none yet.
func (r Record) adopt(e event.Event) (Record, bool) {
	id, _ := ExecutionOf(e)
	if r.ID == "" {
		r.ExecutionID = id
	}
	return r, r.ExecutionID == id
}

func (r Record) foldPipeline(e event.PipelineChanged) (Record, bool) {
	r, mine := r.adopt(e)
	if !mine {
		return r, false
	}
	r, changed := r.withPass(passOf(e.Meta, e.Execution))
	trigger := Trigger{Type: cut(e.Trigger.Type, maxWord), Detail: cut(e.Trigger.Detail, maxOutside)}
	changed = raise(&r.Trigger.Type, trigger.Type) || changed
	changed = raise(&r.Trigger.Detail, trigger.Detail) || changed
	changed = raise(&r.StopReason, cut(e.StopReason, maxOutside)) || changed
	if e.Commit != nil {
		changed = r.Git.raise(gitOf(*e.Commit)) || changed
	}
	return r, changed
}

// raise joins text into what is at known, and reports whether that changed it.
// Only one text is ever told, unless somebody makes events up.
func raise(known *string, text string) bool {
	if text <= *known {
		return false
	}
	*known = text
	return true
}

func (g *Git) raise(o Git) bool {
	changed := raise(&g.ID, o.ID)
	for _, field := range [][2]*string{
		{&g.Summary, &o.Summary},
		{&g.Repository, &o.Repository},
		{&g.Branch, &o.Branch},
		{&g.Tag, &o.Tag},
		{&g.Author, &o.Author},
		{&g.Email, &o.Email},
	} {
		changed = raise(field[0], *field[1]) || changed
	}
	return changed
}

func gitOf(c event.Commit) Git {
	return Git{
		ID: cut(c.ID, maxLabel), Summary: cut(subject(c.Message), maxOutside), Repository: cut(c.Repository, maxLabel),
		Branch: cut(c.Branch, maxLabel), Tag: cut(c.Tag, maxLabel),
		Author: cut(c.AuthorName, maxLabel), Email: cut(c.AuthorEmail, maxEmail),
	}
}

// passOf is what an event tells about an attempt of its execution or stage.
// The start time of later attempts may be that of the first, so it counts for
// this one only if this is the first or begins with it.
func passOf(m event.Meta, x event.Execution) Pass {
	p := Pass{Attempt: x.Attempt, State: state(x.State), Began: x.StartedAt}
	switch {
	case x.State == event.Started && !x.StartedAt.IsZero():
		p.Since = x.StartedAt
	case x.State == event.Started, x.State == event.Resumed:
		p.Since = m.Time
	case x.Attempt == 1:
		p.Since = x.StartedAt
	}
	if isOver(x.State) {
		p.Until = m.Time
	}
	return p
}

func (r Record) foldStage(e event.StageChanged) (Record, bool) {
	r, mine := r.adopt(e)
	if !mine {
		return r, false
	}
	p := passOf(e.Meta, e.Execution)
	p.Stage = cut(e.Stage, maxLabel)
	return r.withPass(p)
}

// withPass joins p into r. An attempt of a stage is one of the execution.
func (r Record) withPass(p Pass) (Record, bool) {
	passes, _, changed := put(r.Passes, p, maxTriesOfStage, maxPasses)
	if p.Stage != "" {
		under := Pass{Attempt: p.Attempt, State: event.Started}
		all, _, more := put(passes, under, maxTriesOfStage, maxPasses)
		passes, changed = all, changed || more
	}
	r.Passes = passes
	return r, changed
}

func (r Record) foldAction(e event.ActionChanged) (Record, bool) {
	r, mine := r.adopt(e)
	if !mine {
		return r, false
	}
	run := Run{
		Stage: cut(e.Stage, maxLabel), Action: cut(e.Action, maxLabel), Attempt: e.Attempt,
		ID: cut(e.ActionExecutionID, maxLabel), State: state(e.State), Since: e.StartedAt,
		Kind: kindOf(e.Type, e.ActionRegion),
	}
	if run.Since.IsZero() && e.State == event.Started {
		run.Since = e.Time
	}
	if isOver(e.State) {
		run.Until = e.Time
	}
	return r.withRun(run, e.Result)
}

func kindOf(t event.ActionType, region string) Kind {
	return Kind{
		Category: cut(t.Category, maxWord), Owner: cut(t.Owner, maxWord),
		Provider: cut(t.Provider, maxWord), Region: cut(region, maxWord),
	}
}

// withRun joins run and how it ended into r. An action that runs is in its
// stage.
func (r Record) withRun(run Run, result event.Result) (Record, bool) {
	r, changed := r.withPass(Pass{Stage: run.Stage, Attempt: run.Attempt, State: event.Started})
	runs, out, more := put(r.Runs, run, maxTriesOfAction, maxRuns)
	changed = changed || more
	r.Runs = runs
	if out != nil {
		r.MoreRuns, more = r.MoreRuns.with(out.name())
		changed = changed || more
	}
	if result == (event.Result{}) {
		return r, changed
	}
	summary, limit := result.Summary, maxRemark
	if run.Category == "Source" {
		summary = subject(sourced(summary))
	}
	if run.State == event.Failed {
		limit = maxOutside
	}
	all, _, more := put(r.Results, Result{
		Stage: run.Stage, Action: run.Action, Attempt: run.Attempt, ID: run.ID, State: run.State,
		Ending: Ending{
			Code: cut(result.ErrorCode, maxWord), Summary: cut(summary, limit),
			ExternalID: cut(result.ExternalID, maxForeign), URL: address(result.URL),
		},
	}, 1, maxResults)
	r.Results = all
	return r, changed || more
}

// Attempt is which attempt of the execution is the latest told of: 1 before
// any retry, 0 if nothing is known.
func (r Record) Attempt() int {
	if len(r.Passes) == 0 || r.Passes[0].Stage != "" {
		return 0
	}
	return r.Passes[0].Attempt
}

// State is where the execution stands, in the words of events; empty if
// nothing is known.
func (r Record) State() event.State { return standing(r.tries("")).State }

// tries are the attempts of a stage or, without a name, of the execution, the
// latest first.
func (r Record) tries(stage string) []Pass {
	var all []Pass
	for _, p := range r.Passes {
		if p.Stage == stage {
			all = append(all, p)
		}
	}
	return all
}

// standing is the attempt that counts: one with an end that no retry can
// follow, else the latest.
func standing(tries []Pass) Pass {
	for _, p := range tries {
		if isFinal(p.State) {
			return p
		}
	}
	if len(tries) == 0 {
		return Pass{}
	}
	return tries[0]
}

// began is when the first of tries began, or the zero time.
func began(tries []Pass) time.Time {
	var t time.Time
	for _, p := range tries {
		t = earliest(t, earliest(p.Began, p.Since))
	}
	return t
}
