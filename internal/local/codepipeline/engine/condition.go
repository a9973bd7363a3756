package engine

import (
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// conditionKinds are the conditions of a stage in the order in which an
// execution meets them.
var conditionKinds = []string{api.BeforeEntry, api.OnSuccess, api.OnFailure}

// A condition is one evaluation of a stage's condition by one execution. It is
// met when all its rules succeed.
type condition struct {
	kind      string // one of conditionKinds
	decl      *api.Condition
	execution *execution
	pass      *pass
	status    status
	summary   string // once it is decided
	updated   time.Time
	rules     []*ruleRun
}

// conditionOf is the condition of one kind that s declares, or nil.
func conditionOf(s *api.Stage, kind string) *api.Condition {
	var all []api.Condition
	switch {
	case kind == api.BeforeEntry && s.BeforeEntry != nil:
		all = s.BeforeEntry.Conditions
	case kind == api.OnSuccess && s.OnSuccess != nil:
		all = s.OnSuccess.Conditions
	case kind == api.OnFailure && s.OnFailure != nil:
		all = s.OnFailure.Conditions
	}
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

// resultOf is what follows from a condition of s. A failure condition may leave
// it to the stage's onFailure.
func resultOf(s *api.Stage, kind string) string {
	c := conditionOf(s, kind)
	if c.Result == "" && kind == api.OnFailure {
		return s.OnFailure.Result
	}
	return c.Result
}

func (c *condition) met() bool { return c.status == succeeded || c.status == overridden }

// holds reports whether the condition of one kind lets x go on. One that has
// not run yet starts to, and decides later.
func (e *Engine) holds(x *execution, p *pass, kind string) bool {
	if c := p.conditions[kind]; c != nil {
		return c.met()
	}
	if conditionOf(p.stage, kind) == nil || x.target != "" && !e.gatesRollback(kind) {
		return true
	}
	e.openCondition(x, p, kind)
	return false
}

// openCondition starts the rules of a condition. However they go, they end
// later, never within this call.
func (e *Engine) openCondition(x *execution, p *pass, kind string) {
	decl := conditionOf(p.stage, kind)
	c := &condition{kind: kind, decl: decl, execution: x, pass: p, status: inProgress, updated: e.now()}
	if p.conditions == nil {
		p.conditions = map[string]*condition{}
	}
	p.conditions[kind] = c
	x.updated = e.now()
	for i := range decl.Rules {
		c.rules = append(c.rules, e.newRule(c, &decl.Rules[i]))
	}
	for _, r := range c.rules {
		e.startRule(r)
	}
}

// judge decides c if its rules allow: one that fails decides at once, and the
// others are abandoned.
func (e *Engine) judge(c *condition) {
	if c.status != inProgress {
		return
	}
	end, summary := succeeded, "All rules succeeded"
	for _, r := range c.rules {
		switch r.status {
		case failed:
			e.decide(c, r.verdict(), fmt.Sprintf("Rule %s: %s", r.decl.Name, r.outcome.summary), "")
			e.conclude(c)
			return
		case inProgress:
			end = inProgress
		}
	}
	if end == succeeded {
		e.decide(c, end, summary, "")
		e.conclude(c)
	}
}

// decide ends c and whatever of its rules still runs, on behalf of by.
func (e *Engine) decide(c *condition, end status, summary, by string) {
	c.status, c.summary, c.updated = end, short(summary), e.now()
	c.execution.updated = c.updated
	for _, r := range c.rules {
		if r.status == inProgress {
			e.abandonRule(r, by)
		}
	}
}

// conclude does what follows from a condition whose rules have decided it.
func (e *Engine) conclude(c *condition) {
	x, p := c.execution, c.pass
	result := resultOf(p.stage, c.kind)
	switch {
	case c.kind == api.OnFailure:
		p.rollsBack = c.met() && result == api.Rollback
		e.leaveStage(x, p, failed)
	case c.met():
		e.advance(x)
	case result == api.Skip && e.skips(c):
		e.leaveStage(x, p, skipped)
	default:
		p.rollsBack = result == api.Rollback
		e.leaveStage(x, p, failed)
	}
}

// dropConditions ends the conditions of p that still run.
func (e *Engine) dropConditions(p *pass, end status, why string) {
	for _, kind := range conditionKinds {
		if c := p.conditions[kind]; c != nil && c.status == inProgress {
			e.decide(c, end, why, "")
		}
	}
}

// forgetConditions lets p's conditions run again, except an entry condition
// that was met.
func (e *Engine) forgetConditions(p *pass) {
	e.dropConditions(p, abandoned, "The stage was retried")
	for kind, c := range p.conditions {
		if kind != api.BeforeEntry || !c.met() {
			delete(p.conditions, kind)
		}
	}
}

// reason says why c stands as it does: what it waits for, or what decided it.
func (c *condition) reason() string {
	if c.status != inProgress {
		return c.summary
	}
	for _, r := range c.rules {
		if r.status == inProgress {
			return short(fmt.Sprintf("Rule %s: %s", r.decl.Name, r.outcome.summary))
		}
	}
	return ""
}
