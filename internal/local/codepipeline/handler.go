package codepipeline

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

const targetPrefix = "CodePipeline_20150709."

// An operation answers a request whose body fits the model.
type operation func(c engine.Caller, body []byte) (any, error)

// operations are all that this CodePipeline offers.
func operations(e *engine.Engine) map[string]operation {
	return map[string]operation{
		"CreatePipeline":         typed(e.CreatePipeline),
		"GetPipeline":            typed(e.GetPipeline),
		"UpdatePipeline":         typed(e.UpdatePipeline),
		"DeletePipeline":         typed(e.DeletePipeline),
		"ListPipelines":          typed(e.ListPipelines),
		"StartPipelineExecution": typed(e.StartPipelineExecution),
		"StopPipelineExecution":  typed(e.StopPipelineExecution),
		"RetryStageExecution":    typed(e.RetryStageExecution),
		"DisableStageTransition": typed(e.DisableStageTransition),
		"EnableStageTransition":  typed(e.EnableStageTransition),
		"GetPipelineState":       typed(e.GetPipelineState),
		"GetPipelineExecution":   typed(e.GetPipelineExecution),
		"ListPipelineExecutions": typed(e.ListPipelineExecutions),
		"ListActionExecutions":   typed(e.ListActionExecutions),
		"PutApprovalResult":      typed(e.PutApprovalResult),
		"PutJobSuccessResult":    typed(e.PutJobSuccessResult),
		"PutJobFailureResult":    typed(e.PutJobFailureResult),
		"GetJobDetails":          typed(e.GetJobDetails),
		"CreateCustomActionType": typed(e.CreateCustomActionType),
		"DeleteCustomActionType": typed(e.DeleteCustomActionType),
		"ListActionTypes":        typed(e.ListActionTypes),
		"PollForJobs":            typed(e.PollForJobs),
		"AcknowledgeJob":         typed(e.AcknowledgeJob),
		"TagResource":            typed(e.TagResource),
		"UntagResource":          typed(e.UntagResource),
		"ListTagsForResource":    typed(e.ListTagsForResource),
		"RollbackStage":          typed(e.RollbackStage),
		"OverrideStageCondition": typed(e.OverrideStageCondition),
		"ListRuleExecutions":     typed(e.ListRuleExecutions),
	}
}

// typed makes an operation of a method with typed input and output.
func typed[I, O any](f func(engine.Caller, I) (O, error)) operation {
	return func(c engine.Caller, body []byte) (any, error) {
		var in I
		if err := json.Unmarshal(body, &in); err != nil { // only numbers beyond their Go type get here
			return nil, api.Errorf(api.Serialization, "The request has a number that is out of range")
		}
		return f(c, in)
	}
}

// call runs an operation for us as a client's request would, for its effect.
func (s *Service) call(op string, c engine.Caller, in any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("write the request of %s: %w", op, err)
	}
	_, err = s.run(op, c, body)
	return err
}

// run checks a request against the model and runs its operation.
func (s *Service) run(op string, c engine.Caller, body []byte) (any, error) {
	if !s.model.Known(op) {
		return nil, api.Errorf(api.UnknownOperation, "CodePipeline has no operation '%.100s'", op)
	}
	f, ok := s.operations[op]
	if !ok {
		return nil, api.Errorf(api.NotImplemented, "This local CodePipeline does not offer %s", op)
	}
	clean, err := s.model.Input(op, body)
	if err != nil {
		return nil, err
	}
	return f(c, clean)
}

// Handler is the JSON 1.1 API.
func (s *Service) Handler() http.Handler {
	return api.Server{Service: "CodePipeline", Log: s.log, Run: func(target string, body []byte) (any, error) {
		op, ok := strings.CutPrefix(target, targetPrefix)
		if !ok {
			return nil, api.Errorf(api.UnknownOperation, "The header X-Amz-Target does not begin with %s", targetPrefix)
		}
		return s.run(op, s.caller(), body)
	}}
}

// write answers a control request.
func (s *Service) write(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		s.log.Error("codepipeline answer is no JSON", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone misses its answer
}
