package engine

import (
	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A Start is a run to be started other than through the API: what a push to
// the repository does.
type Start struct {
	Pipeline string
	// Commit is what the sources find; empty fields are made up.
	Commit Commit
}

// StartPipelineExecution starts a run. A clientRequestToken that is known
// returns the execution it started.
func (e *Engine) StartPipelineExecution(c Caller, in api.StartPipelineExecutionInput) (api.ExecutionID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.Name)
	if err != nil {
		return api.ExecutionID{}, err
	}
	if x := p.requests[in.ClientRequestToken]; x != nil && in.ClientRequestToken != "" {
		return api.ExecutionID{PipelineExecutionID: x.id}, nil
	}
	variables, err := p.variables(in.Variables)
	if err != nil {
		return api.ExecutionID{}, err
	}
	pinned, err := p.pinned(in.SourceRevisions)
	if err != nil {
		return api.ExecutionID{}, err
	}
	x, err := e.start(p, api.Trigger{TriggerType: "StartPipelineExecution", TriggerDetail: c.ARN}, func(x *execution) {
		x.token, x.variables, x.pinned = in.ClientRequestToken, variables, pinned
	})
	if err != nil {
		return api.ExecutionID{}, err
	}
	return api.ExecutionID{PipelineExecutionID: x.id}, nil
}

// Push starts a run as a push to the pipeline's repository would: through its
// connection when it has one, else on behalf of c.
func (e *Engine) Push(c Caller, s Start) (api.ExecutionID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(s.Pipeline)
	if err != nil {
		return api.ExecutionID{}, err
	}
	variables, err := p.variables(nil)
	if err != nil {
		return api.ExecutionID{}, err
	}
	trigger := api.Trigger{TriggerType: "StartPipelineExecution", TriggerDetail: c.ARN}
	if connection := p.connection(); connection != "" {
		trigger = api.Trigger{TriggerType: "Webhook", TriggerDetail: connection}
	}
	x, err := e.start(p, trigger, func(x *execution) { x.commit, x.variables = s.Commit, variables })
	if err != nil {
		return api.ExecutionID{}, err
	}
	return api.ExecutionID{PipelineExecutionID: x.id}, nil
}

// start makes an execution, lets fill complete it, and sends it to the first
// stage. Its STARTED event comes now even if it has to wait there.
func (e *Engine) start(p *pipeline, t api.Trigger, fill func(*execution)) (*execution, error) {
	if err := p.hasRoom(); err != nil {
		return nil, err
	}
	x := e.newExecution(p, t)
	fill(x)
	if x.commit == (Commit{}) {
		x.commit = nextCommit(p)
	}
	e.adoptExecution(x)
	e.arrive(x, 0)
	return x, nil
}

// newExecution is an execution by the newest declaration that p does not know
// yet.
func (e *Engine) newExecution(p *pipeline, t api.Trigger) *execution {
	return &execution{
		id: e.newID(), pipeline: p, decl: p.decl, status: inProgress, attempt: firstAttempt,
		started: e.now(), updated: e.now(), trigger: t,
		places: p.stages, passes: make([]*pass, len(p.stages)),
		outputs: map[string]map[string]string{}, artifacts: map[string]api.ArtifactDetail{},
	}
}

// adoptExecution makes x one of its pipeline's and emits that it has started.
func (e *Engine) adoptExecution(x *execution) {
	p := x.pipeline
	p.started++
	p.executions = append(p.executions, x)
	p.byID[x.id] = x
	if x.token != "" {
		p.requests[x.token] = x
	}
	e.emitPipeline(x, "STARTED")
}

// hasRoom refuses one more running execution beyond the limit of the modes
// that have one.
func (p *pipeline) hasRoom() error {
	if p.decl.ExecutionMode == api.Superseded {
		return nil
	}
	active := 0
	for _, x := range p.executions {
		if x.active() {
			active++
		}
	}
	if active < maxConcurrent {
		return nil
	}
	return api.Errorf("ConcurrentPipelineExecutionsLimitExceededException",
		"Pipeline '%s' has reached its limit of %d concurrent executions", p.decl.Name, maxConcurrent)
}

// connection is the ARN of the pipeline's first connection source, or empty.
func (p *pipeline) connection() string {
	for _, a := range p.decl.Stages[0].Actions {
		if a.Type.Provider == providerConnection {
			return a.Configuration["ConnectionArn"]
		}
	}
	return ""
}
