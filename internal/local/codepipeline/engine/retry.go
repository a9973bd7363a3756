package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// allActions is the retry mode that runs every action of the stage again; the
// other runs those that did not succeed.
const allActions = "ALL_ACTIONS"

// The triggers of a retry.
const (
	manualRetry    = "ManualStageRetry"
	automatedRetry = "AutomatedStageRetry"
)

// RetryStageExecution runs the failed or all actions of a stage again, within
// the same execution. It is possible until another execution enters the stage.
func (e *Engine) RetryStageExecution(_ Caller, in api.RetryStageExecutionInput) (api.ExecutionID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.ExecutionID{}, err
	}
	s, err := e.stage(p, in.StageName)
	if err != nil {
		return api.ExecutionID{}, err
	}
	x := p.find(in.PipelineExecutionID)
	if x == nil || !x.parallel() && s.latest != x {
		return api.ExecutionID{}, api.Errorf("NotLatestPipelineExecutionException",
			"Pipeline execution '%s' is not the latest in stage '%s'", in.PipelineExecutionID, in.StageName)
	}
	ps := x.inside()
	if ps == nil || ps.stage.Name != in.StageName || x.decl != p.decl || !e.retryable(x, ps, in.RetryMode) {
		return api.ExecutionID{}, api.Errorf("StageNotRetryableException",
			"Unable to retry. The pipeline structure or stage state might have changed while actions "+
				"awaited retry, or the stage contains no failed actions.")
	}
	if !x.active() {
		if err := p.hasRoom(); err != nil {
			return api.ExecutionID{}, err
		}
	}
	ps.retries++
	ps.retriedBy = manualRetry
	e.retry(x, ps, in.RetryMode)
	return api.ExecutionID{PipelineExecutionID: x.id}, nil
}

// retryable reports whether the stage has something to run again: it failed or
// was stopped, or one of its actions has failed while others still run. The
// actions of a retry that runs have not failed, so it cannot be retried.
func (e *Engine) retryable(x *execution, p *pass, mode string) bool {
	switch p.status {
	case failed:
		return p.has(failed) || e.retriesCondition(mode)
	case stopped:
		return true
	case inProgress:
		return p.has(failed) && !x.cancel
	}
	return false
}

func (e *Engine) retry(x *execution, p *pass, mode string) {
	for i, r := range p.runs {
		if r == nil || r.status == inProgress {
			continue
		}
		if mode == allActions || r.status != succeeded {
			p.runs[i] = nil
		}
	}
	e.forgetConditions(p)
	x.status, x.stop, x.note, x.updated = inProgress, nil, "", e.now()
	x.attempt++
	p.status, p.retried, p.rollsBack = inProgress, e.now(), false
	if !x.parallel() {
		x.places[x.at].holder = x
	}
	e.emitPipeline(x, "RESUMED")
	e.emitStage(x, p, "RESUMED")
	e.advance(x)
}
