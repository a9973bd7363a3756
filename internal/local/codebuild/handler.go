package codebuild

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

const (
	buildsTarget = "CodeBuild_20161006."
	logsTarget   = "Logs_20140328."
)

// An operation answers a request whose body fits the model. The caller holds
// the lock.
type operation func(body []byte) (any, error)

// offered are all operations that this CodeBuild offers.
func (s *Service) offered() map[string]operation {
	return map[string]operation{
		"CreateProject":        typed(s.createProject),
		"UpdateProject":        typed(s.updateProject),
		"DeleteProject":        typed(s.deleteProject),
		"BatchGetProjects":     typed(s.batchGetProjects),
		"ListProjects":         typed(s.listProjects),
		"StartBuild":           typed(s.startBuild),
		"StopBuild":            typed(s.stopBuild),
		"BatchGetBuilds":       typed(s.batchGetBuilds),
		"ListBuilds":           typed(s.listBuilds),
		"ListBuildsForProject": typed(s.listBuildsForProject),
		"BatchGetReports":      typed(s.batchGetReports),
		"ListReports":          typed(s.listReports),
		"DescribeTestCases":    typed(s.describeTestCases),
	}
}

// typed makes an operation of a method with typed input and output.
func typed[I, O any](f func(I) (O, error)) operation {
	return func(body []byte) (any, error) {
		var in I
		if err := json.Unmarshal(body, &in); err != nil { // only numbers beyond their Go type get here
			return nil, api.Errorf(api.Serialization, "The request has a number that is out of range")
		}
		return f(in)
	}
}

// run checks a request of CodeBuild against the model and runs its operation.
func (s *Service) run(op string, body []byte) (any, error) {
	if !s.builds.Known(op) {
		return nil, api.Errorf(api.UnknownOperation, "CodeBuild has no operation '%.100s'", op)
	}
	f, ok := s.operations[op]
	if !ok {
		return nil, api.Errorf(api.NotImplemented, "This local CodeBuild does not offer %s", op)
	}
	return s.locked(s.builds, op, body, f)
}

// runLogs does the same for CloudWatch Logs, of which we have one operation.
func (s *Service) runLogs(op string, body []byte) (any, error) {
	if !s.logs.Known(op) {
		return nil, api.Errorf(api.NotImplemented, "This local CloudWatch Logs has no operation '%.100s'", op)
	}
	return s.locked(s.logs, op, body, typed(s.getLogEvents))
}

// locked runs f under the lock with a body that fits the model.
func (s *Service) locked(model *api.Model, op string, body []byte, f operation) (any, error) {
	clean, err := model.Input(op, body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return f(clean)
}

// Handler is the JSON 1.1 API of CodeBuild, and GetLogEvents of CloudWatch
// Logs for the logs of the builds.
func (s *Service) Handler() http.Handler {
	return api.Server{Service: "CodeBuild", Log: s.log, Run: s.dispatch}
}

func (s *Service) dispatch(target string, body []byte) (any, error) {
	if op, ok := strings.CutPrefix(target, buildsTarget); ok {
		return s.run(op, body)
	}
	if op, ok := strings.CutPrefix(target, logsTarget); ok {
		return s.runLogs(op, body)
	}
	return nil, api.Errorf(api.UnknownOperation,
		"The header X-Amz-Target begins neither with %s nor with %s", buildsTarget, logsTarget)
}
