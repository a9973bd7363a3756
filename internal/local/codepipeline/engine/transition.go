package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// DisableStageTransition keeps executions from entering a stage.
func (e *Engine) DisableStageTransition(c Caller, in api.StageTransitionInput) (api.Nothing, error) {
	return e.setTransition(in, transition{disabled: true, reason: in.Reason, by: c.ARN})
}

// EnableStageTransition opens a stage again; whoever waits enters.
func (e *Engine) EnableStageTransition(c Caller, in api.StageTransitionInput) (api.Nothing, error) {
	return e.setTransition(in, transition{by: c.ARN})
}

func (e *Engine) setTransition(in api.StageTransitionInput, t transition) (api.Nothing, error) {
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
	i := p.index(s)
	if in.TransitionType == "Outbound" {
		i++
	}
	if i == 0 || i == len(p.stages) {
		return api.Nothing{}, api.Errorf(api.Validation, "Stage '%s' of pipeline '%s' has no %s transition",
			in.StageName, in.PipelineName, in.TransitionType)
	}
	t.at = e.now()
	p.stages[i].inbound = t
	e.admit(p.stages[i])
	return api.Nothing{}, nil
}

// index is the place of s in the newest declaration.
func (p *pipeline) index(s *stage) int {
	for i := range p.stages {
		if p.stages[i] == s {
			return i
		}
	}
	return -1
}
