package codepipeline

import (
	"net/http"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

type overrideBody struct {
	Stage       string `json:"stage"`
	ExecutionID string `json:"execution_id"`
	// Type is BEFORE_ENTRY or ON_SUCCESS.
	Type string `json:"type"`
}

// overrideCondition does what the override button of AWS's console does.
func (s *Service) overrideCondition(r *http.Request, in overrideBody) (any, error) {
	err := s.call("OverrideStageCondition", s.console(), api.OverrideStageConditionInput{
		PipelineName: r.PathValue("pipeline"), StageName: in.Stage, PipelineExecutionID: in.ExecutionID, ConditionType: in.Type,
	})
	if err != nil {
		return nil, err
	}
	return struct{}{}, nil
}

type rollbackBody struct {
	Stage string `json:"stage"`
	// ExecutionID is the execution to go back to.
	ExecutionID string `json:"execution_id"`
}

// rollBackStage does what the rollback button of AWS's console does and answers
// the new execution.
func (s *Service) rollBackStage(r *http.Request, in rollbackBody) (any, error) {
	id, err := s.engine.RollbackStage(s.console(), api.RollbackStageInput{
		PipelineName: r.PathValue("pipeline"), StageName: in.Stage, TargetPipelineExecutionID: in.ExecutionID,
	})
	if err != nil {
		return nil, err
	}
	return executionAnswer{id.PipelineExecutionID}, nil
}
