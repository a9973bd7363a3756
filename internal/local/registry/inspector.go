package registry

import (
	"crypto/rand"
	"net/http"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// inspectorHandler is the part of Inspector's rest-json API that tells about
// container images.
func (s *Service) inspectorHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /findings/list", s.inspectorOperation("ListFindings", typed(s, s.listFindings)))
	mux.HandleFunc("POST /coverage/list", s.inspectorOperation("ListCoverage", typed(s, s.listCoverage)))
	mux.HandleFunc("/", s.inspectorOperation("", func([]byte) (any, error) {
		return nil, api.Errorf(api.UnknownOperation, "This local registry offers ECR at / and of Inspector POST /findings/list and POST /coverage/list")
	}))
	return mux
}

// An inspectorRefusal is an error as Inspector writes it: its type is in a
// header.
type inspectorRefusal struct {
	Message string `json:"message"`
	Reason  string `json:"reason,omitempty"`
}

// inspectorOperation checks a request of op against the model, if there is an
// op, and runs it.
func (s *Service) inspectorOperation(op string, run operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-amzn-RequestId", rand.Text())
		w.Header().Set("Content-Type", "application/json")
		body, ok, err := readAll(w, r)
		if !ok {
			return
		}
		if err == nil && op != "" {
			body, err = s.inspector.Input(op, body)
		}
		var out any
		if err == nil {
			out, err = run(body)
		}
		if err == nil {
			s.write(w, http.StatusOK, out)
			return
		}
		s.refuseInspector(w, err)
	}
}

func (s *Service) refuseInspector(w http.ResponseWriter, err error) {
	refusal, status := s.refusal(err)
	answer := inspectorRefusal{Message: refusal.Message}
	switch refusal.Type {
	case invalidParameter, api.Validation: // the first is ECR's word for it
		refusal.Type, answer.Reason = api.Validation, "FIELD_VALIDATION_FAILED"
	case api.UnknownOperation:
		status = http.StatusNotFound
	case api.InternalFailure:
		refusal.Type = "InternalServerException"
	}
	w.Header().Set("x-amzn-ErrorType", refusal.Type)
	s.write(w, status, answer)
}
