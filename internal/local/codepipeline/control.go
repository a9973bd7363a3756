package codepipeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

const (
	// maxControlBody is the largest request body that Control reads (chosen).
	maxControlBody = 64 << 10
	// maxDelay is the longest a scripted action takes: CodeBuild's 36 hours,
	// the longest of all simulated providers. Source: CodePipeline user
	// guide, "Quotas".
	maxDelay = 36 * time.Hour
	// maxSummary is the longest approval summary and maxMessage the longest
	// commit message, in characters. (Service model: ApprovalSummary,
	// RevisionSummary with room for its JSON.)
	maxSummary = 512
	maxMessage = 1500
	maxAuthor  = 100
)

// Control is what the console page and scripts use beyond the API:
//
//	GET  /local/pipelines
//	POST /local/codepipeline/{pipeline}/start
//	POST /local/codepipeline/{pipeline}/stop
//	POST /local/codepipeline/{pipeline}/override
//	POST /local/codepipeline/{pipeline}/rollback
//	POST /local/codepipeline/{pipeline}/mode
//	POST /local/codepipeline/{pipeline}/{stage}/transition
//	POST /local/codepipeline/{pipeline}/{stage}/retry
//	POST /local/codepipeline/{pipeline}/{stage}/{action}
//	POST /local/codepipeline/{pipeline}/{stage}/{action}/approval
//	GET  /local/cloudwatch/alarms
//	POST /local/cloudwatch/alarms
//
// An action is also the name of a Commands rule in its stage.
// Refusals are JSON, {"error": "a sentence"}.
func (s *Service) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/pipelines", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		s.write(w, http.StatusOK, s.engine.Overviews())
	})
	const base = "POST /local/codepipeline/{pipeline}"
	mux.HandleFunc(base+"/start", controlled(s, s.startRelease))
	mux.HandleFunc(base+"/stop", controlled(s, s.stopRelease))
	mux.HandleFunc(base+"/override", controlled(s, s.overrideCondition))
	mux.HandleFunc(base+"/rollback", controlled(s, s.rollBackStage))
	mux.HandleFunc(base+"/mode", controlled(s, s.setMode))
	mux.HandleFunc(base+"/{stage}/transition", controlled(s, s.setTransition))
	mux.HandleFunc(base+"/{stage}/retry", controlled(s, s.retryStage))
	mux.HandleFunc("GET /local/cloudwatch/alarms", s.listAlarms)
	mux.HandleFunc("POST /local/cloudwatch/alarms", controlled(s, s.setAlarm))
	mux.HandleFunc(base+"/{stage}/{action}", controlled(s, s.scriptAction))
	mux.HandleFunc(base+"/{stage}/{action}/approval", controlled(s, s.answerApproval))
	return mux
}

// A badRequest is a refusal that the client's body deserves.
type badRequest string

func (b badRequest) Error() string { return string(b) }

// controlled makes a handler of f: it reads a JSON body of type I, in which an
// unknown member is an error, and writes f's answer or refusal.
func controlled[I any](s *Service, f func(*http.Request, I) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		in, err := readBody[I](w, r)
		var out any
		if err == nil {
			out, err = f(r, in)
		}
		if err != nil {
			s.write(w, controlStatus(err), map[string]string{"error": controlSentence(err)})
			return
		}
		s.write(w, http.StatusOK, out)
	}
}

func readBody[I any](w http.ResponseWriter, r *http.Request) (I, error) {
	var in I
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		return in, badRequest(fmt.Sprintf("The body cannot be read or is larger than %d bytes.", maxControlBody))
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return in, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return in, badRequest("The body is not the JSON object that is expected here: " + err.Error() + ".")
	}
	if d.More() {
		return in, badRequest("The body goes on after its JSON object.")
	}
	return in, nil
}

// controlStatus is the HTTP status of a refusal.
func controlStatus(err error) int {
	refusal, bad := (*api.Error)(nil), badRequest("")
	switch {
	case errors.As(err, &bad):
		return http.StatusBadRequest
	case errors.Is(err, engine.ErrNothingWaits), errors.Is(err, engine.ErrSeveralWait):
		return http.StatusConflict
	case !errors.As(err, &refusal):
		return http.StatusInternalServerError
	}
	switch refusal.Type {
	case api.PipelineNotFound, api.StageNotFound, api.ActionNotFound, api.ExecutionNotFound:
		return http.StatusNotFound
	case api.Validation, api.Serialization:
		return http.StatusBadRequest
	}
	return http.StatusConflict
}

func controlSentence(err error) string {
	if refusal := (*api.Error)(nil); errors.As(err, &refusal) {
		return refusal.Message
	}
	return err.Error()
}

// within refuses a text that is longer than limit characters.
func within(member, text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return badRequest(fmt.Sprintf("%s has %d characters, more than the %d allowed.", member, n, limit))
	}
	return nil
}
