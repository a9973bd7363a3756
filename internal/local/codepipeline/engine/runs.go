package engine

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// ListActionExecutions lists the attempts of actions, newest first.
func (e *Engine) ListActionExecutions(_ Caller, in api.ListActionExecutionsInput) (api.ListActionExecutionsOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.ListActionExecutionsOutput{}, err
	}
	all, err := e.selectRuns(p, in)
	if err != nil {
		return api.ListActionExecutionsOutput{}, err
	}
	rows, next, err := page(all, func(r *run) string { return r.id }, in.NextToken, in.MaxResults)
	if err != nil {
		return api.ListActionExecutionsOutput{}, err
	}
	out := api.ListActionExecutionsOutput{ActionExecutionDetails: []api.ActionExecutionDetail{}, NextToken: next}
	for _, r := range rows {
		out.ActionExecutionDetails = append(out.ActionExecutionDetails, e.detail(r))
	}
	return out, nil
}

// selectRuns are the runs that the filter of in asks for, newest first.
func (e *Engine) selectRuns(p *pipeline, in api.ListActionExecutionsInput) ([]*run, error) {
	id, latest := in.Filter.PipelineExecutionID, in.Filter.LatestInPipelineExecution
	if id != "" && latest != nil {
		return nil, api.Errorf(api.Validation, "filter can have pipelineExecutionId or latestInPipelineExecution, not both")
	}
	if latest != nil {
		id = latest.PipelineExecutionID
	}
	var all []*run
	for _, x := range p.executions {
		if id == "" || x.id == id {
			all = append(all, x.runs...)
		}
	}
	if id != "" && p.find(id) == nil {
		_, err := e.execution(p, id)
		return nil, err
	}
	if latest != nil && latest.StartTimeRange == "Latest" {
		all = slices.DeleteFunc(all, func(r *run) bool { return r.pass.latestRun(r.action.Name) != r })
	}
	slices.SortFunc(all, func(a, b *run) int { return b.seq - a.seq })
	return all, nil
}

func (e *Engine) detail(r *run) api.ActionExecutionDetail {
	d := api.ActionExecutionDetail{
		PipelineExecutionID: r.execution.id, ActionExecutionID: r.id, PipelineVersion: r.execution.decl.Version,
		StageName: r.pass.stage.Name, ActionName: r.action.Name,
		StartTime: api.Time{Time: r.started}, LastUpdateTime: api.Time{Time: r.updated},
		UpdatedBy: r.updatedBy, Status: r.status,
		Input: api.ActionInput{
			ActionType: r.action.Type, Configuration: r.action.Configuration, ResolvedConfiguration: r.resolved,
			RoleARN: r.action.RoleARN, Region: e.regionOf(r.action),
			InputArtifacts: append([]api.ArtifactDetail{}, r.inputs...), Namespace: r.action.Namespace,
		},
		Output: api.ActionOutput{OutputArtifacts: []api.ArtifactDetail{}, OutputVariables: map[string]string{}},
	}
	if r.status == succeeded {
		d.Output.OutputArtifacts = append(d.Output.OutputArtifacts, r.outputs...)
	}
	if r.outcome.outputs != nil {
		d.Output.OutputVariables = r.outcome.outputs
	}
	o := r.outcome
	result := api.ExecutionResult{
		ExternalExecutionID: o.externalID, ExternalExecutionSummary: o.summary,
		ExternalExecutionURL: o.url, ErrorDetails: o.errorDetails(),
	}
	if result != (api.ExecutionResult{}) {
		d.Output.ExecutionResult = &result
	}
	return d
}
