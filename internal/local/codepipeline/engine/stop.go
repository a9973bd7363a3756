package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// StopPipelineExecution stops a run: at once when it is abandoned, else when
// the actions that run have ended. A run that waits in front of a stage is gone
// at once.
func (e *Engine) StopPipelineExecution(_ Caller, in api.StopPipelineExecutionInput) (api.ExecutionID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.ExecutionID{}, err
	}
	x := p.find(in.PipelineExecutionID)
	if x == nil || !x.active() {
		return api.ExecutionID{}, api.Errorf("PipelineExecutionNotStoppableException",
			"Pipeline execution '%s' is not in progress", in.PipelineExecutionID)
	}
	if x.stop != nil && x.stop.abandon == in.Abandon {
		return api.ExecutionID{}, api.Errorf("DuplicatedStopRequestException",
			"Pipeline execution '%s' is already stopping", x.id)
	}
	again := x.stop != nil
	x.stop = &stopRequest{abandon: in.Abandon, reason: in.Reason}
	x.updated = e.now()
	if !again {
		x.status = stopping
		e.emitPipeline(x, "STOPPING")
	}
	e.halt(x, again)
	return api.ExecutionID{PipelineExecutionID: x.id}, nil
}

// halt brings x to its end as far as its stop request allows now.
func (e *Engine) halt(x *execution, again bool) {
	if x.waiting {
		x.places[x.at].leave(x)
		x.waiting = false
		e.end(x, stopped)
		return
	}
	p := x.inside()
	if !again {
		p.status = stopping
		e.emitStage(x, p, "STOPPING")
	}
	if x.stop.abandon {
		for _, r := range p.runs {
			if r != nil && r.status == inProgress {
				e.abandon(r)
			}
		}
	}
	e.advance(x)
}

// abandon ends a run without an outcome and stops its build. Whatever else it
// had begun outside goes on unheeded.
func (e *Engine) abandon(r *run) {
	r.stopTimer()
	e.stopBuild(r)
	r.status, r.updated = abandoned, e.now()
	e.emitAction(r, "ABANDONED")
}
