package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// UpdatePipeline replaces a declaration. What runs is cancelled once the
// actions that run have ended, and what waits is cancelled at once, except that
// the executions of a pipeline that stays PARALLEL go on.
func (e *Engine) UpdatePipeline(_ Caller, in api.UpdatePipelineInput) (api.UpdatePipelineOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.pipelines[in.Pipeline.Name]
	if p == nil { // the model lists no PipelineNotFoundException here
		return api.UpdatePipelineOutput{}, api.Errorf("InvalidStructureException",
			"Account '%s' does not have a pipeline with name '%s'", e.opts.Account, in.Pipeline.Name)
	}
	decl := withDefaults(in.Pipeline)
	if err := e.validate(&decl); err != nil {
		return api.UpdatePipelineOutput{}, err
	}
	decl.Version = p.decl.Version + 1
	goOn := p.decl.ExecutionMode == api.Parallel && decl.ExecutionMode == api.Parallel
	e.adoptDeclaration(p, &decl)
	if goOn {
		return api.UpdatePipelineOutput{Pipeline: decl}, nil
	}
	for _, x := range activeOf(p) {
		e.cancel(x)
	}
	return api.UpdatePipelineOutput{Pipeline: decl}, nil
}

// activeOf lists what runs, as ending an execution changes p.executions.
func activeOf(p *pipeline) []*execution {
	var active []*execution
	for _, x := range p.executions {
		if x.active() {
			active = append(active, x)
		}
	}
	return active
}

// cancel ends x because its pipeline has changed.
func (e *Engine) cancel(x *execution) {
	x.cancel = true
	if x.waiting {
		x.places[x.at].leave(x)
		x.waiting = false
		e.end(x, cancelled)
		return
	}
	e.advance(x)
}
