package engine

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// OverrideStageCondition lets an execution pass an entry or success condition
// that still runs or has failed it. It is possible until another execution
// enters the stage.
func (e *Engine) OverrideStageCondition(by Caller, in api.OverrideStageConditionInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.Nothing{}, err
	}
	s, err := e.stage(p, in.StageName)
	if err != nil {
		return api.Nothing{}, err
	}
	x := p.find(in.PipelineExecutionID)
	if x == nil || !x.parallel() && s.latest != x {
		return api.Nothing{}, api.Errorf("NotLatestPipelineExecutionException",
			"Pipeline execution '%s' is not the latest in stage '%s'", in.PipelineExecutionID, in.StageName)
	}
	c := x.overridable(in.StageName, in.ConditionType)
	if c == nil || x.decl != p.decl {
		return api.Nothing{}, api.Errorf("ConditionNotOverridableException",
			"Unable to override. Stage '%s' has no %s condition that holds or has failed execution '%s', "+
				"or its result is SKIP.", in.StageName, in.ConditionType, in.PipelineExecutionID)
	}
	if !x.active() {
		if err := p.hasRoom(); err != nil {
			return api.Nothing{}, err
		}
	}
	running := c.status == inProgress
	e.decide(c, overridden, "Overridden by "+by.ARN, by.ARN)
	if running {
		e.advance(x)
	} else {
		e.resume(x, c.pass)
	}
	return api.Nothing{}, nil
}

// overridable is the condition of a kind that keeps x in the stage or has
// failed it there, or nil.
func (x *execution) overridable(stage, kind string) *condition {
	p := x.inside()
	if p == nil || p.stage.Name != stage {
		return nil
	}
	c := p.conditions[kind]
	switch {
	case c == nil || resultOf(p.stage, kind) == api.Skip:
		return nil
	case c.status == inProgress && p.status == inProgress,
		slices.Contains([]status{failed, errored}, c.status) && p.status == failed:
		return c
	}
	return nil
}
