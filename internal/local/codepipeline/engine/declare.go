package engine

import (
	"cmp"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// CreatePipeline declares a pipeline.
func (e *Engine) CreatePipeline(_ Caller, in api.CreatePipelineInput) (api.CreatePipelineOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pipelines[in.Pipeline.Name] != nil {
		return api.CreatePipelineOutput{}, api.Errorf("PipelineNameInUseException",
			"A pipeline with the name '%s' already exists in account '%s'", in.Pipeline.Name, e.opts.Account)
	}
	if err := validateTags(in.Tags); err != nil {
		return api.CreatePipelineOutput{}, err
	}
	decl := withDefaults(in.Pipeline)
	if err := e.validate(&decl); err != nil {
		return api.CreatePipelineOutput{}, err
	}
	decl.Version = 1
	p := &pipeline{
		tags: in.Tags, created: e.now(),
		byID: map[string]*execution{}, requests: map[string]*execution{},
		approvals: map[string]*run{}, scripts: map[place]Script{},
	}
	e.adoptDeclaration(p, &decl)
	e.pipelines[decl.Name] = p
	if e.opts.StartOnCreate {
		variables, err := p.variables(nil)
		if err == nil { // without its variables it cannot run, yet it exists
			_, err = e.start(p, api.Trigger{TriggerType: "CreatePipeline"}, func(x *execution) { x.variables = variables })
		}
		if err != nil {
			return api.CreatePipelineOutput{Pipeline: decl, Tags: in.Tags}, nil
		}
	}
	return api.CreatePipelineOutput{Pipeline: decl, Tags: in.Tags}, nil
}

// adoptDeclaration makes decl the newest of p. Stages that keep their name keep
// their state.
func (e *Engine) adoptDeclaration(p *pipeline, decl *api.Declaration) {
	old := map[string]*stage{}
	for _, s := range p.stages {
		old[s.name] = s
	}
	p.decl, p.updated = decl, e.now()
	p.versions = append(p.versions, decl)
	p.versions = p.versions[max(0, len(p.versions)-keepVersions):]
	p.stages = make([]*stage, len(decl.Stages))
	for i := range decl.Stages {
		name := decl.Stages[i].Name
		p.stages[i] = cmp.Or(old[name], &stage{name: name})
	}
	p.stages[0].inbound = transition{} // nothing leads into the first stage
	for at := range p.scripts {
		if p.action(at) == nil && !p.commandsRule(at) {
			delete(p.scripts, at)
		}
	}
}

// withDefaults fills in what CodePipeline fills in.
func withDefaults(d api.Declaration) api.Declaration {
	d.PipelineType = cmp.Or(d.PipelineType, api.V1)
	d.ExecutionMode = cmp.Or(d.ExecutionMode, api.Superseded)
	d.Stages = slices.Clone(d.Stages)
	for i := range d.Stages {
		actions := slices.Clone(d.Stages[i].Actions)
		for j := range actions {
			a := &actions[j]
			a.RunOrder = max(a.RunOrder, 1)
			if a.Configuration == nil {
				a.Configuration = map[string]string{}
			}
			if a.InputArtifacts == nil {
				a.InputArtifacts = []api.ArtifactName{}
			}
			if a.OutputArtifacts == nil {
				a.OutputArtifacts = []api.ArtifactName{}
			}
		}
		d.Stages[i].Actions = actions
	}
	return d
}

// GetPipeline finds a declaration.
func (e *Engine) GetPipeline(_ Caller, in api.GetPipelineInput) (api.GetPipelineOutput, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.Name)
	if err != nil {
		return api.GetPipelineOutput{}, err
	}
	for _, d := range p.versions {
		if d.Version == in.Version || d == p.decl && in.Version == 0 {
			return api.GetPipelineOutput{Pipeline: *d, Metadata: api.PipelineMetadata{
				PipelineARN: e.arn(in.Name), Created: api.Time{Time: p.created}, Updated: api.Time{Time: p.updated},
			}}, nil
		}
	}
	return api.GetPipelineOutput{}, api.Errorf("PipelineVersionNotFoundException",
		"Pipeline '%s' does not have a version %d", in.Name, in.Version)
}

// DeletePipeline forgets a pipeline and everything that runs in it, without
// events. Deleting what is not there is no error.
func (e *Engine) DeletePipeline(_ Caller, in api.DeletePipelineInput) (api.Nothing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.pipelines[in.Name]
	if p == nil {
		return api.Nothing{}, nil
	}
	e.stopTimers(p)
	for _, x := range p.executions {
		for _, r := range x.runs {
			e.forgetJobs(r)
		}
	}
	delete(e.pipelines, in.Name)
	return api.Nothing{}, nil
}

// names are the pipelines' names in order.
func (e *Engine) names() []string {
	names := make([]string, 0, len(e.pipelines))
	for n := range e.pipelines {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
