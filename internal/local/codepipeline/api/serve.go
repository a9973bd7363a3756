package api

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
)

// maxRequest is the largest request that a Server reads, in bytes. A pipeline
// of 1,000 actions fits (chosen).
const maxRequest = 1 << 20

// A Server is the JSON 1.1 protocol around a service: one POST per operation,
// named in a header, answered by JSON or by the type and message of an error.
// Signatures are not checked.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
type Server struct {
	// Service is what the service is called when it breaks.
	Service string
	Log     *slog.Logger
	// Run runs the operation that the header X-Amz-Target names. An *Error is
	// the answer of a client's mistake; any other error is ours.
	Run func(target string, body []byte) (any, error)
}

// ServeHTTP answers one request.
func (s Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amzn-RequestId", rand.Text())
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if r.Method != http.MethodPost {
		s.refuse(w, http.StatusMethodNotAllowed, Errorf(UnknownOperation, "Operations are POSTed to /"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.refuse(w, http.StatusRequestEntityTooLarge, Errorf(TooLarge, "The request body is larger than %d bytes", maxRequest))
		return
	}
	if err != nil { // the client has gone
		return
	}
	target := r.Header.Get("X-Amz-Target")
	out, err := s.Run(target, body)
	s.answer(w, target, out, err)
}

func (s Server) answer(w http.ResponseWriter, target string, out any, err error) {
	if refusal := (*Error)(nil); errors.As(err, &refusal) {
		s.refuse(w, http.StatusBadRequest, refusal)
		return
	}
	if err != nil {
		s.Log.Error("operation broke", "service", s.Service, "target", target, "err", err)
		s.refuse(w, http.StatusInternalServerError, Errorf(InternalFailure, "The local %s broke; see its log", s.Service))
		return
	}
	if _, nothing := out.(Nothing); nothing {
		w.WriteHeader(http.StatusOK)
		return
	}
	s.write(w, http.StatusOK, out)
}

func (s Server) refuse(w http.ResponseWriter, status int, e *Error) {
	w.Header().Set("x-amzn-ErrorType", e.Type)
	s.write(w, status, e)
}

func (s Server) write(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		s.Log.Error("answer is no JSON", "service", s.Service, "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone misses its answer
}
