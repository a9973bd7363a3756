package engine

import (
	"cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// fail ends a stage in which an action has failed, unless its onFailure has the
// stage retried first or a condition decide what follows. A rollback that fails
// just fails.
func (e *Engine) fail(x *execution, p *pass) {
	f := p.stage.OnFailure
	switch {
	case f == nil || x.target != "":
		e.leaveStage(x, p, failed)
	case f.Result == api.Retry && p.autoRetries == 0:
		e.retryAutomatically(x, p)
	case conditionOf(p.stage, api.OnFailure) != nil:
		if p.conditions[api.OnFailure] == nil {
			e.openCondition(x, p, api.OnFailure)
		}
	default:
		p.rollsBack = f.Result == api.Rollback
		e.leaveStage(x, p, failed)
	}
}

// retryAutomatically runs a failed stage again, once. The execution keeps the
// stage and never ends in between.
func (e *Engine) retryAutomatically(x *execution, p *pass) {
	mode := defaultRetryMode
	if c := p.stage.OnFailure.RetryConfiguration; c != nil {
		mode = cmp.Or(c.RetryMode, mode)
	}
	p.autoRetries++
	p.retriedBy = automatedRetry
	e.emitStage(x, p, "FAILED")
	e.retry(x, p, mode)
}

// interrupted is how the conditions of an execution end that was stopped or
// cancelled, and why.
func (x *execution) interrupted() (status, string) {
	switch {
	case x.cancel:
		return cancelled, "The pipeline was changed"
	case x.stop != nil && x.stop.abandon:
		return abandoned, "The execution was stopped and abandoned"
	}
	return cancelled, "The execution was stopped"
}

// resume lets x go on in a stage that a condition had failed.
func (e *Engine) resume(x *execution, p *pass) {
	x.status, x.note, x.updated = inProgress, "", e.now()
	x.attempt++
	p.status, p.retried, p.rollsBack = inProgress, e.now(), false
	if !x.parallel() {
		x.places[x.at].holder = x
	}
	e.emitPipeline(x, "RESUMED")
	e.emitStage(x, p, "RESUMED")
	e.advance(x)
}
