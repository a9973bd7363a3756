package engine

import (
	"cmp"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// ListRuleExecutions lists the runs of rules, newest first.
func (e *Engine) ListRuleExecutions(_ Caller, in api.ListRuleExecutionsInput) (api.ListRuleExecutionsOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.ListRuleExecutionsOutput{}, err
	}
	all, err := e.selectRules(p, in)
	if err != nil {
		return api.ListRuleExecutionsOutput{}, err
	}
	rows, next, err := page(all, func(r *ruleRun) string { return r.id }, in.NextToken, in.MaxResults)
	if err != nil {
		return api.ListRuleExecutionsOutput{}, err
	}
	out := api.ListRuleExecutionsOutput{RuleExecutionDetails: []api.RuleExecutionDetail{}, NextToken: next}
	for _, r := range rows {
		out.RuleExecutionDetails = append(out.RuleExecutionDetails, e.ruleDetail(r))
	}
	return out, nil
}

// selectRules are the runs that the filter of in asks for, newest first.
func (e *Engine) selectRules(p *pipeline, in api.ListRuleExecutionsInput) ([]*ruleRun, error) {
	id, latest := in.Filter.PipelineExecutionID, in.Filter.LatestInPipelineExecution
	if id != "" && latest != nil {
		return nil, api.Errorf(api.Validation, "filter can have pipelineExecutionId or latestInPipelineExecution, not both")
	}
	if latest != nil {
		id = latest.PipelineExecutionID
	}
	if id != "" {
		if _, err := e.execution(p, id); err != nil {
			return nil, err
		}
	}
	var all []*ruleRun
	for _, x := range p.executions {
		if id == "" || x.id == id {
			all = append(all, x.rules...)
		}
	}
	slices.SortFunc(all, func(a, b *ruleRun) int { return b.seq - a.seq })
	if latest != nil && latest.StartTimeRange == "Latest" {
		seen := map[ruleKey]bool{}
		all = slices.DeleteFunc(all, func(r *ruleRun) bool {
			older := seen[r.key()]
			seen[r.key()] = true
			return older
		})
	}
	return all, nil
}

// A ruleKey tells the rules of a pipeline apart: the conditions of a stage may
// use the same name.
type ruleKey struct{ stage, kind, rule string }

func (r *ruleRun) key() ruleKey {
	return ruleKey{r.condition.pass.stage.Name, r.condition.kind, r.decl.Name}
}

func (e *Engine) ruleDetail(r *ruleRun) api.RuleExecutionDetail {
	x := r.condition.execution
	d := api.RuleExecutionDetail{
		PipelineExecutionID: x.id, RuleExecutionID: r.id, PipelineVersion: x.decl.Version,
		StageName: r.condition.pass.stage.Name, RuleName: r.decl.Name,
		StartTime: api.Time{Time: r.started}, LastUpdateTime: api.Time{Time: r.updated},
		UpdatedBy: r.updatedBy, Status: r.status,
		Input: api.RuleInput{
			RuleType: r.decl.Type, Configuration: map[string]string{}, ResolvedConfiguration: r.resolved,
			RoleARN: r.decl.RoleARN, Region: cmp.Or(r.decl.Region, e.opts.Region),
			InputArtifacts: append([]api.ArtifactDetail{}, r.inputs...),
		},
	}
	if r.decl.Configuration != nil {
		d.Input.Configuration = r.decl.Configuration
	}
	d.Output.ExecutionResult = &api.ExecutionResult{
		ExternalExecutionID: r.outcome.externalID, ExternalExecutionSummary: r.outcome.summary,
		ErrorDetails: r.outcome.errorDetails(),
	}
	return d
}
