package codepipeline

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

type startBody struct {
	Message string `json:"message"`
	Author  string `json:"author"`
}

type executionAnswer struct {
	ExecutionID string `json:"execution_id"`
}

// startRelease pushes a commit: the given one or the next of a list.
func (s *Service) startRelease(r *http.Request, in startBody) (any, error) {
	err := errors.Join(within("message", in.Message, maxMessage), within("author", in.Author, maxAuthor))
	if err != nil {
		return nil, err
	}
	out, err := s.engine.Push(s.console(), engine.Start{
		Pipeline: r.PathValue("pipeline"), Commit: engine.Commit{Message: in.Message, Author: in.Author},
	})
	if err != nil {
		return nil, err
	}
	return executionAnswer{out.PipelineExecutionID}, nil
}

type stopBody struct {
	ExecutionID string `json:"execution_id"`
	Abandon     bool   `json:"abandon"`
	Reason      string `json:"reason"`
}

// stopRelease stops an execution as StopPipelineExecution does.
func (s *Service) stopRelease(r *http.Request, in stopBody) (any, error) {
	err := s.call("GetPipelineExecution", s.console(), api.GetPipelineExecutionInput{
		PipelineName: r.PathValue("pipeline"), PipelineExecutionID: in.ExecutionID,
	})
	if err != nil { // says "not found" where stopping says "not stoppable"
		return nil, err
	}
	err = s.call("StopPipelineExecution", s.console(), api.StopPipelineExecutionInput{
		PipelineName: r.PathValue("pipeline"), PipelineExecutionID: in.ExecutionID, Abandon: in.Abandon, Reason: in.Reason,
	})
	if err != nil {
		return nil, err
	}
	return executionAnswer{in.ExecutionID}, nil
}

type scriptBody struct {
	Outcome   string            `json:"outcome"`
	DelayMS   *int64            `json:"delay_ms"`
	Summary   string            `json:"summary"`
	Variables map[string]string `json:"variables"`
	// LosesArtifacts lets the action succeed without its output artifacts.
	LosesArtifacts bool `json:"loses_artifacts"`
}

// scriptAction says how the next run of an action ends.
func (s *Service) scriptAction(r *http.Request, in scriptBody) (any, error) {
	if in.Outcome != "Succeeded" && in.Outcome != "Failed" {
		return nil, badRequest(fmt.Sprintf("outcome is %q; it must be \"Succeeded\" or \"Failed\".", in.Outcome))
	}
	if err := within("summary", in.Summary, maxMessage); err != nil {
		return nil, err
	}
	script := engine.Script{Fails: in.Outcome == "Failed", Summary: in.Summary, Variables: in.Variables, LosesArtifacts: in.LosesArtifacts}
	if in.DelayMS != nil {
		if *in.DelayMS < 0 || *in.DelayMS > maxDelay.Milliseconds() {
			return nil, badRequest(fmt.Sprintf("delay_ms is %d; it must be between 0 and %d.", *in.DelayMS, maxDelay.Milliseconds()))
		}
		delay := time.Duration(*in.DelayMS) * time.Millisecond
		script.Delay = &delay
	}
	if err := s.engine.Script(r.PathValue("pipeline"), r.PathValue("stage"), r.PathValue("action"), script); err != nil {
		return nil, err
	}
	return struct{}{}, nil
}

type approvalBody struct {
	Status      string `json:"status"`
	Summary     string `json:"summary"`
	ExecutionID string `json:"execution_id"`
}

// answerApproval does what the approve and reject buttons of AWS's console do.
func (s *Service) answerApproval(r *http.Request, in approvalBody) (any, error) {
	if in.Status != api.Approved && in.Status != api.Rejected {
		return nil, badRequest(fmt.Sprintf("status is %q; it must be \"Approved\" or \"Rejected\".", in.Status))
	}
	if err := within("summary", in.Summary, maxSummary); err != nil {
		return nil, err
	}
	err := s.engine.Answer(s.console(), engine.Answer{
		Pipeline: r.PathValue("pipeline"), Stage: r.PathValue("stage"), Action: r.PathValue("action"),
		Execution: in.ExecutionID, Verdict: in.Status, Summary: in.Summary,
	})
	switch {
	case errors.Is(err, engine.ErrNothingWaits):
		return nil, fmt.Errorf("%s/%s of %s: %w", r.PathValue("stage"), r.PathValue("action"), r.PathValue("pipeline"), err)
	case err != nil:
		return nil, err
	}
	return struct{}{}, nil
}
