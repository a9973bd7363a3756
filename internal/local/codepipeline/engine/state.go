package engine

import "github.com/signalbox/signalbox/internal/local/codepipeline/api"

// GetPipelineState tells where every stage stands. A PARALLEL pipeline has no
// such state: its stages are listed and empty.
func (e *Engine) GetPipelineState(_ Caller, in api.GetPipelineStateInput) (api.GetPipelineStateOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.Name)
	if err != nil {
		return api.GetPipelineStateOutput{}, err
	}
	out := api.GetPipelineStateOutput{
		PipelineName: in.Name, PipelineVersion: p.decl.Version,
		Created: api.Time{Time: p.created}, Updated: api.Time{Time: p.updated},
	}
	for i, s := range p.stages {
		out.StageStates = append(out.StageStates, p.stageState(i, s))
	}
	return out, nil
}

func (p *pipeline) stageState(i int, s *stage) api.StageState {
	state := api.StageState{
		StageName: s.name, InboundExecutions: []api.StageExecution{}, ActionStates: []api.ActionState{},
	}
	for _, a := range p.decl.Stages[i].Actions {
		state.ActionStates = append(state.ActionStates, api.ActionState{ActionName: a.Name})
	}
	if i > 0 {
		state.InboundTransitionState = s.inbound.state()
	}
	if p.decl.ExecutionMode == api.Parallel {
		showConditions(&state, &p.decl.Stages[i], nil)
		return state
	}
	for _, x := range s.waiting {
		state.InboundExecutions = append(state.InboundExecutions,
			api.StageExecution{PipelineExecutionID: x.id, Status: x.status, Type: x.kind()})
	}
	if len(state.InboundExecutions) > 0 {
		state.InboundExecution = &state.InboundExecutions[0]
	}
	ps := s.latestPass()
	showConditions(&state, &p.decl.Stages[i], ps)
	if ps == nil {
		return state
	}
	state.LatestExecution = &api.StageExecution{PipelineExecutionID: s.latest.id, Status: ps.status, Type: s.latest.kind()}
	if ps.retries+ps.autoRetries > 0 {
		state.RetryStageMetadata = &api.StageRetries{
			AutoStageRetryAttempt: ps.autoRetries, ManualStageRetryAttempt: ps.retries, LatestRetryTrigger: ps.retriedBy,
		}
	}
	for j := range state.ActionStates {
		if r := ps.latestRun(state.ActionStates[j].ActionName); r != nil {
			r.show(&state.ActionStates[j])
		}
	}
	return state
}

// showConditions fills in the conditions of a stage; p is nil before its first
// execution.
func showConditions(state *api.StageState, s *api.Stage, p *pass) {
	state.BeforeEntryConditionState = conditionsState(s, p, api.BeforeEntry)
	state.OnSuccessConditionState = conditionsState(s, p, api.OnSuccess)
	state.OnFailureConditionState = conditionsState(s, p, api.OnFailure)
}

// latestPass is what the latest execution did in s, or nil.
func (s *stage) latestPass() *pass {
	if s.latest == nil {
		return nil
	}
	for _, p := range s.latest.passes {
		if p != nil && p.stage.Name == s.name {
			return p
		}
	}
	return nil
}

// latestRun is the latest attempt of an action within the pass, or nil.
func (p *pass) latestRun(action string) *run {
	for _, r := range p.runs {
		if r != nil && r.action.Name == action {
			return r
		}
	}
	return nil
}

func (t transition) state() *api.TransitionState {
	return &api.TransitionState{
		Enabled: !t.disabled, LastChangedBy: t.by, LastChangedAt: api.Time{Time: t.at}, DisabledReason: t.reason,
	}
}

// show fills in the state of r's action. Only an approval that waits has a
// token to show.
func (r *run) show(state *api.ActionState) {
	latest := &api.ActionExecution{
		ActionExecutionID: r.id, Status: r.status, Summary: r.outcome.summary,
		LastStatusChange: r.changed(), LastUpdatedBy: r.updatedBy,
		ExternalExecutionID: r.outcome.externalID, ExternalExecutionURL: r.outcome.url,
		PercentComplete: r.outcome.percent, ErrorDetails: r.outcome.errorDetails(),
	}
	if isApproval(r.action) {
		latest.ExternalExecutionID = ""
		if r.status == inProgress {
			latest.Token = r.token
		}
	}
	state.LatestExecution = latest
	if rev := r.outcome.revision; rev != nil && r.status == succeeded {
		state.CurrentRevision = &api.ActionRevision{
			RevisionID: rev.id, RevisionChangeID: rev.change, Created: api.Time{Time: rev.created},
		}
		state.RevisionURL = rev.url
	}
}

func (o outcome) errorDetails() *api.ErrorDetails {
	if o.code == "" {
		return nil
	}
	return &api.ErrorDetails{Code: o.code, Message: o.message}
}
