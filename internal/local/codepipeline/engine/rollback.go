package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// unableToRollback is the error of a rollback that cannot be.
const unableToRollback = "UnableToRollbackStageException"

// RollbackStage runs a stage again with the variables, revisions and artifacts
// of an execution that succeeded there. The answer is the id of a new
// execution, which ends after the stage.
func (e *Engine) RollbackStage(by Caller, in api.RollbackStageInput) (api.ExecutionID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.pipeline(in.PipelineName)
	if err != nil {
		return api.ExecutionID{}, err
	}
	s, err := e.stage(p, in.StageName)
	if err != nil {
		return api.ExecutionID{}, err
	}
	target, err := e.execution(p, in.TargetPipelineExecutionID)
	if err != nil {
		return api.ExecutionID{}, err
	}
	if err := e.rollbackRefusal(p, s, target); err != nil {
		return api.ExecutionID{}, err
	}
	x := e.rollBack(p, s, target, api.Trigger{TriggerType: "ManualRollback", TriggerDetail: by.ARN})
	return api.ExecutionID{PipelineExecutionID: x.id}, nil
}

// rollbackRefusal says why s cannot be rolled back to target, or nil.
func (e *Engine) rollbackRefusal(p *pipeline, s *stage, target *execution) error {
	unable := func(format string, args ...any) error {
		return api.Errorf(unableToRollback, "Unable to roll back stage '%s': %s", s.name, fmt.Sprintf(format, args...))
	}
	switch {
	case p.decl.PipelineType != api.V2:
		return unable("only pipelines of type V2 can")
	case p.decl.ExecutionMode == api.Parallel:
		return unable("the pipeline's execution mode is PARALLEL")
	case p.index(s) == 0:
		return unable("it is the source stage")
	case target.target != "":
		return unable("execution '%s' is itself a rollback", target.id)
	case target.decl != p.decl:
		text := fmt.Sprintf("execution '%s' ran version %d of the pipeline, which is now version %d",
			target.id, target.decl.Version, p.decl.Version)
		return api.Errorf(e.outdatedTarget(), "Unable to roll back stage '%s': %s", s.name, text)
	case !target.succeededIn(s.name):
		return unable("execution '%s' did not succeed there", target.id)
	case s.holder != nil:
		return unable("it is currently running")
	}
	return nil
}

// rollBack starts an execution of s alone, with what target had. It does not
// wait in front of s: whoever calls has found it free.
func (e *Engine) rollBack(p *pipeline, s *stage, target *execution, t api.Trigger) *execution {
	x := e.newExecution(p, t)
	x.target = target.id
	x.commit, x.pinned, x.at = target.commit, target.pinned, p.index(s)
	x.variables = maps.Clone(target.variables)
	x.outputs = maps.Clone(target.outputs)
	x.artifacts = maps.Clone(target.artifacts)
	x.revisions = slices.Clone(target.revisions)
	e.adoptExecution(x)
	e.enter(x)
	return x
}

// rollBackAutomatically rolls back the stage that x has just failed in, to the
// latest execution that succeeded there. Without one x says so and stays
// failed.
func (e *Engine) rollBackAutomatically(x *execution, s *stage) {
	p := x.pipeline
	for _, target := range slices.Backward(p.executions) {
		if target != x && e.rollbackRefusal(p, s, target) == nil {
			e.rollBack(p, s, target, api.Trigger{TriggerType: "AutomatedRollback", TriggerDetail: x.id})
			return
		}
	}
	x.note = fmt.Sprintf("Stage '%s' was not rolled back: no earlier execution of this version of the pipeline "+
		"succeeded there", s.name)
}

// kind is the execution type.
func (x *execution) kind() string {
	if x.target != "" {
		return "ROLLBACK"
	}
	return standard
}

// rollbackMetadata is nil unless x is a rollback.
func (x *execution) rollbackMetadata() *api.RollbackMetadata {
	if x.target == "" {
		return nil
	}
	return &api.RollbackMetadata{RollbackTargetPipelineExecutionID: x.target}
}
