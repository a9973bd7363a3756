package engine

import (
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// GetPipelineExecution tells everything about one run.
func (e *Engine) GetPipelineExecution(_ Caller, in api.GetPipelineExecutionInput) (api.GetPipelineExecutionOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.GetPipelineExecutionOutput{}, err
	}
	x, err := e.execution(p, in.PipelineExecutionID)
	if err != nil {
		return api.GetPipelineExecutionOutput{}, err
	}
	out := api.PipelineExecution{
		PipelineName: in.PipelineName, PipelineVersion: x.decl.Version, PipelineExecutionID: x.id, Status: x.status,
		ArtifactRevisions: []api.ArtifactRevision{}, Variables: []api.ResolvedVariable{},
		Trigger: x.trigger, ExecutionMode: x.decl.ExecutionMode, ExecutionType: x.kind(),
		RollbackMetadata: x.rollbackMetadata(), StatusSummary: x.note,
	}
	for _, r := range x.revisions {
		if r.artifact != "" {
			out.ArtifactRevisions = append(out.ArtifactRevisions, api.ArtifactRevision{
				Name: r.artifact, RevisionID: r.id, RevisionChangeIdentifier: r.change, RevisionSummary: r.summary,
				Created: api.Time{Time: r.created}, RevisionURL: r.url,
			})
		}
	}
	for _, v := range x.decl.Variables {
		out.Variables = append(out.Variables, api.ResolvedVariable{Name: v.Name, ResolvedValue: x.variables[v.Name]})
	}
	return api.GetPipelineExecutionOutput{PipelineExecution: out}, nil
}

// ListPipelineExecutions lists runs, newest first.
func (e *Engine) ListPipelineExecutions(_ Caller, in api.ListPipelineExecutionsInput) (api.ListPipelineExecutionsOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.ListPipelineExecutionsOutput{}, err
	}
	stage := in.Filter.SucceededInStage.StageName
	var all []*execution
	for _, x := range slices.Backward(p.executions) {
		if stage == "" || x.succeededIn(stage) {
			all = append(all, x)
		}
	}
	rows, next, err := page(all, func(x *execution) string { return x.id }, in.NextToken, in.MaxResults)
	if err != nil {
		return api.ListPipelineExecutionsOutput{}, err
	}
	out := api.ListPipelineExecutionsOutput{PipelineExecutionSummaries: []api.ExecutionSummary{}, NextToken: next}
	for _, x := range rows {
		out.PipelineExecutionSummaries = append(out.PipelineExecutionSummaries, x.summary())
	}
	return out, nil
}

func (x *execution) succeededIn(stage string) bool {
	return slices.ContainsFunc(x.passes, func(p *pass) bool {
		return p != nil && p.stage.Name == stage && p.status == succeeded
	})
}

func (x *execution) summary() api.ExecutionSummary {
	s := api.ExecutionSummary{
		PipelineExecutionID: x.id, Status: x.status,
		StartTime: api.Time{Time: x.started}, LastUpdateTime: api.Time{Time: x.updated},
		SourceRevisions: []api.SourceRevision{}, Trigger: x.trigger,
		ExecutionMode: x.decl.ExecutionMode, ExecutionType: x.kind(),
		RollbackMetadata: x.rollbackMetadata(), StatusSummary: x.note,
	}
	if x.stop != nil {
		s.StopTrigger = &api.StopTrigger{Reason: x.stop.reason}
	}
	for _, r := range x.revisions {
		s.SourceRevisions = append(s.SourceRevisions, api.SourceRevision{
			ActionName: r.action, RevisionID: r.id, RevisionSummary: r.summary, RevisionURL: r.url,
		})
	}
	return s
}
