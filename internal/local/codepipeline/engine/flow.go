package engine

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// arrive puts x in front of its i-th stage, and into it if that is free. In
// SUPERSEDED mode there is one place to wait: whoever had it is superseded.
func (e *Engine) arrive(x *execution, i int) {
	x.at, x.waiting = i, true
	s := x.places[i]
	s.waiting = append(s.waiting, x)
	e.admit(s)
	for x.decl.ExecutionMode == api.Superseded && len(s.waiting) > 1 {
		old := s.waiting[0]
		s.leave(old)
		old.waiting = false
		e.end(old, superseded)
	}
}

// admit lets whoever waits for s enter, oldest first, as long as there is
// room.
func (e *Engine) admit(s *stage) {
	for len(s.waiting) > 0 && !s.inbound.disabled {
		x := s.waiting[0]
		if s.holder != nil && !x.parallel() {
			return
		}
		e.enter(x)
	}
}

func (s *stage) leave(x *execution) {
	s.waiting = slices.DeleteFunc(s.waiting, func(o *execution) bool { return o == x })
}

// enter gives the stage that x waits for to x.
func (e *Engine) enter(x *execution) {
	s := x.places[x.at]
	s.leave(x)
	x.waiting = false
	if !x.parallel() {
		s.holder = x
	}
	s.latest = x
	decl := &x.decl.Stages[x.at]
	x.passes[x.at] = &pass{
		stage: decl, status: inProgress, started: e.now(), runs: make([]*run, len(decl.Actions)),
	}
	e.emitStage(x, x.passes[x.at], "STARTED")
	e.advance(x)
}

// advance does what the state of x's stage asks for: start the next run order,
// wait for actions or a condition, or end the stage. A failed action lets its
// siblings finish, and no later run order starts.
func (e *Engine) advance(x *execution) {
	p := x.inside()
	if p == nil || p.status != inProgress && p.status != stopping {
		return
	}
	if end := ending(x, p); end != "" {
		switch {
		case p.has(inProgress):
		case end == failed:
			e.fail(x, p)
		default:
			e.leaveStage(x, p, end)
		}
		return
	}
	if !e.holds(x, p, api.BeforeEntry) {
		return
	}
	group := p.nextGroup()
	if len(group) == 0 {
		if e.holds(x, p, api.OnSuccess) {
			e.leaveStage(x, p, succeeded)
		}
		return
	}
	e.startGroup(x, p, group)
}

// startGroup starts the actions at group that do not run yet, in PARALLEL mode
// as many as may run at once.
func (e *Engine) startGroup(x *execution, p *pass, group []int) {
	room := len(p.runs)
	if x.parallel() {
		room = maxParallelActions
	}
	for _, r := range p.runs {
		if r != nil && r.status == inProgress {
			room--
		}
	}
	for _, i := range group {
		if p.runs[i] == nil && room > 0 {
			room--
			e.startAction(x, p, i)
		}
	}
}

// ending is how the stage ends once its actions have, or empty if it goes on.
// A stopped execution ends Stopped whether its actions succeed or fail.
func ending(x *execution, p *pass) status {
	switch {
	case x.cancel:
		return cancelled
	case x.stop != nil:
		return stopped
	case p.has(failed):
		return failed
	}
	return ""
}

// nextGroup is the indexes of the actions with the lowest run order that has
// not succeeded in full; none when all have.
func (p *pass) nextGroup() []int {
	var group []int
	for i := range p.runs {
		if p.runs[i] != nil && p.runs[i].status == succeeded {
			continue
		}
		if len(group) > 0 {
			order, lowest := p.stage.Actions[i].RunOrder, p.stage.Actions[group[0]].RunOrder
			if order > lowest {
				continue
			}
			if order < lowest {
				group = group[:0]
			}
		}
		group = append(group, i)
	}
	return group
}

// leaveStage ends a pass, and with it the execution unless there is a next
// stage; then a rollback or whoever waits enters the freed stage.
func (e *Engine) leaveStage(x *execution, p *pass, end status) {
	p.status = end
	how, why := x.interrupted()
	e.dropConditions(p, how, why)
	if end != skipped || e.tellsSkipped() {
		e.emitStage(x, p, eventState(end))
	}
	s := x.places[x.at]
	if s.holder == x {
		s.holder = nil
	}
	next := x.at + 1
	switch {
	case end != succeeded && end != skipped:
		e.end(x, end)
		if p.rollsBack {
			e.rollBackAutomatically(x, s)
		}
	case next == len(x.places), x.target != "":
		e.end(x, succeeded)
	default:
		e.arrive(x, next)
	}
	e.admit(s)
}

// end finishes an execution.
func (e *Engine) end(x *execution, end status) {
	x.status = end
	x.updated = e.now()
	e.emitPipeline(x, eventState(end))
	e.forget(x.pipeline)
}

// forget drops the oldest finished executions beyond keepExecutions.
func (e *Engine) forget(p *pipeline) {
	surplus := -keepExecutions
	for _, x := range p.executions {
		if !x.active() {
			surplus++
		}
	}
	p.executions = slices.DeleteFunc(p.executions, func(x *execution) bool {
		if surplus <= 0 || x.active() {
			return false
		}
		surplus--
		delete(p.byID, x.id)
		delete(p.requests, x.token)
		for _, r := range x.runs {
			delete(p.approvals, r.token)
			e.forgetJobs(r)
		}
		return true
	})
}
