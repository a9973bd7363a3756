package registry

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

const (
	targetPrefix   = "AmazonEC2ContainerRegistry_V20150921."
	ecrContentType = "application/x-amz-json-1.1"
	// maxBody is the largest request we read: a manifest of 4 MiB, the most that
	// ECR takes, with each of its characters escaped once (chosen).
	maxBody = 9 << 20
)

// An operation answers a request whose body fits the model.
type operation func(body []byte) (any, error)

// ecrOperations are all that this ECR offers.
func (s *Service) ecrOperations() map[string]operation {
	return map[string]operation{
		"CreateRepository":                        typed(s, s.createRepository),
		"DescribeRepositories":                    typed(s, s.describeRepositories),
		"DeleteRepository":                        typed(s, s.deleteRepository),
		"PutImage":                                typed(s, s.putImage),
		"ListImages":                              typed(s, s.listImages),
		"DescribeImages":                          typed(s, s.describeImages),
		"BatchGetImage":                           typed(s, s.batchGet),
		"BatchDeleteImage":                        typed(s, s.batchDelete),
		"StartImageScan":                          typed(s, s.startScan),
		"DescribeImageScanFindings":               typed(s, s.scanFindings),
		"GetRegistryScanningConfiguration":        typed(s, s.registrySettings),
		"PutRegistryScanningConfiguration":        typed(s, s.putRegistrySettings),
		"BatchGetRepositoryScanningConfiguration": typed(s, s.repositorySettings),
		"PutImageScanningConfiguration":           typed(s, s.putScanning),
	}
}

// typed makes an operation of a function with typed input and output, which it
// calls while nothing else happens in the registry.
func typed[I, O any](s *Service, f func(I) (O, error)) operation {
	return func(body []byte) (any, error) {
		var in I
		if err := json.Unmarshal(body, &in); err != nil { // only numbers beyond their Go type get here
			return nil, api.Errorf(api.Serialization, "The request has a number that is out of range")
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(in)
	}
}

// ecrHandler is ECR's JSON 1.1 API.
func (s *Service) ecrHandler() http.Handler {
	operations := s.ecrOperations()
	run := func(r *http.Request, body []byte) (any, error) {
		op, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
		if !ok || r.Method != http.MethodPost {
			return nil, api.Errorf(api.UnknownOperation, "Operations are POSTed to / with a header X-Amz-Target that begins with %s", targetPrefix)
		}
		if !s.ecr.Known(op) {
			return nil, api.Errorf(api.UnknownOperation, "ECR has no operation '%.100s'", op)
		}
		f, ok := operations[op]
		if !ok {
			return nil, api.Errorf(api.NotImplemented, "This local ECR does not offer %s", op)
		}
		clean, err := s.ecr.Input(op, body)
		if err != nil {
			return nil, err
		}
		return f(clean)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-amzn-RequestId", rand.Text())
		w.Header().Set("Content-Type", ecrContentType)
		body, ok, err := readAll(w, r)
		if !ok {
			return
		}
		var out any
		if err == nil {
			out, err = run(r, body)
		}
		if err == nil {
			s.write(w, http.StatusOK, out)
			return
		}
		refusal, status := s.refusal(err)
		w.Header().Set("x-amzn-ErrorType", refusal.Type)
		s.write(w, status, refusal)
	})
}

// readAll reads the body of a request. It reports false when the client has
// gone; an error is a refusal.
func readAll(w http.ResponseWriter, r *http.Request) ([]byte, bool, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, true, api.Errorf(api.TooLarge, "The request body is larger than %d bytes", maxBody)
	}
	return body, err == nil, nil
}

// refusal is what a client is told of err, and with which HTTP status.
func (s *Service) refusal(err error) (*api.Error, int) {
	refusal := (*api.Error)(nil)
	switch {
	case !errors.As(err, &refusal):
		s.log.Error("registry operation broke", "err", err)
		return api.Errorf(api.InternalFailure, "The local registry broke; see its log"), http.StatusInternalServerError
	case refusal.Type == api.TooLarge:
		return refusal, http.StatusRequestEntityTooLarge
	}
	return refusal, http.StatusBadRequest
}

func (s *Service) write(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		s.log.Error("registry answer is no JSON", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone misses its answer
}
