package codepipeline

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// maxReason is the longest reason for a closed transition, in characters.
// (Service model: DisabledReason.)
const maxReason = 300

type modeBody struct {
	Mode string `json:"mode"`
}

// setMode updates a pipeline to another execution mode, which cancels what runs
// in it, as every update of a pipeline does.
func (s *Service) setMode(r *http.Request, in modeBody) (any, error) {
	if !slices.Contains([]string{api.Superseded, api.Queued, api.Parallel}, in.Mode) {
		return nil, badRequest(fmt.Sprintf("mode is %q; it must be %q, %q or %q.", in.Mode, api.Superseded, api.Queued, api.Parallel))
	}
	out, err := s.engine.GetPipeline(s.console(), api.GetPipelineInput{Name: r.PathValue("pipeline")})
	if err != nil {
		return nil, err
	}
	if out.Pipeline.ExecutionMode == in.Mode {
		return in, nil
	}
	out.Pipeline.ExecutionMode = in.Mode
	return in, s.call("UpdatePipeline", s.console(), api.UpdatePipelineInput{Pipeline: out.Pipeline})
}

type transitionBody struct {
	Enabled *bool  `json:"enabled"`
	Reason  string `json:"reason"`
}

// setTransition opens or closes the way into a stage.
func (s *Service) setTransition(r *http.Request, in transitionBody) (any, error) {
	if in.Enabled == nil {
		return nil, badRequest(`enabled is missing; it must be true or false.`)
	}
	if err := within("reason", in.Reason, maxReason); err != nil {
		return nil, err
	}
	at := api.StageTransitionInput{PipelineName: r.PathValue("pipeline"), StageName: r.PathValue("stage"), TransitionType: "Inbound"}
	if *in.Enabled {
		_, err := s.engine.EnableStageTransition(s.console(), at)
		return struct{}{}, err
	}
	at.Reason = cmp.Or(in.Reason, "Closed in the console")
	return struct{}{}, s.call("DisableStageTransition", s.console(), at)
}

type retryBody struct {
	ExecutionID string `json:"execution_id"`
	// Mode is FAILED_ACTIONS, which empty means too, or ALL_ACTIONS.
	Mode string `json:"mode"`
}

// retryStage does what the retry button of AWS's console does.
func (s *Service) retryStage(r *http.Request, in retryBody) (any, error) {
	err := s.call("RetryStageExecution", s.console(), api.RetryStageExecutionInput{
		PipelineName: r.PathValue("pipeline"), StageName: r.PathValue("stage"), PipelineExecutionID: in.ExecutionID, RetryMode: cmp.Or(in.Mode, "FAILED_ACTIONS"),
	})
	return executionAnswer{in.ExecutionID}, err
}
