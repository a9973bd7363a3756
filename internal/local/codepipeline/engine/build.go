package engine

import (
	"cmp"
	"encoding/json"
	"errors"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// Builds is a CodeBuild that runs the builds of CodeBuild actions. The Engine
// calls it with its lock held, so it must neither block nor call back before
// it has returned.
type Builds interface {
	// StartBuild starts a build and returns its id, PROJECT:UUID. When the
	// build is over, ended is called once. An error, usually an *api.Error of
	// CodeBuild's StartBuild, fails the action.
	StartBuild(b Build, ended func(BuildResult)) (id string, err error)
	// StopBuild stops a build; one that is over stays as it is.
	StopBuild(id string)
}

// A Build is what CodePipeline asks CodeBuild for on behalf of an action.
type Build struct {
	Pipeline  string
	Execution string
	Project   string
	// Environment are the variables of the action's configuration, which win
	// over the project's own.
	Environment []BuildVariable
	// Source and Artifact are the S3 ARNs of the primary input artifact and of
	// the first output artifact; the latter is empty when there is none.
	Source   string
	Artifact string
	// Revision is the id of the source revision behind the primary input:
	// a commit, a digest or an object's version; empty when unknown.
	Revision string
	// Script says how the build ends when somebody scripted the action, and
	// is nil when the project decides.
	Script *Script
}

// A BuildVariable is an environment variable of a build.
type BuildVariable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Type is PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER.
	Type string `json:"type"`
}

// A BuildResult is how a build ended.
type BuildResult struct {
	// Status is SUCCEEDED, FAILED, FAULT, TIMED_OUT or STOPPED.
	Status string
	// Variables are those that the build exported.
	Variables map[string]string
}

const buildSucceeded = "SUCCEEDED"

// runsBuild reports whether a build of Builds stands behind an action.
func (e *Engine) runsBuild(a *api.Action) bool {
	return e.opts.Builds != nil && a.Type.Owner == ownerAWS && a.Type.Provider == providerCodeBuild
}

// takeScript is the script of r, used up with that, or nil without one.
func (r *run) takeScript() *Script {
	scripts := r.execution.pipeline.scripts
	s, ok := scripts[r.place()]
	if !ok {
		return nil
	}
	delete(scripts, r.place())
	return &s
}

// startBuild has CodeBuild run the build of r; s is its script if it has one.
func (e *Engine) startBuild(r *run, s *Script) {
	b, err := r.build()
	if err != nil {
		e.failSoon(r, outcome{code: configurationError, message: err.Error()})
		return
	}
	b.Script = s
	id, err := e.opts.Builds.StartBuild(b, func(result BuildResult) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if !e.closed {
			e.buildEnded(r, s, result)
		}
	})
	if err != nil {
		e.failSoon(r, outcome{code: jobFailed, message: startBuildFailure(err)})
		return
	}
	r.outcome = outcome{externalID: id, url: e.buildURL(r, id)} // known while it runs
}

// startBuildFailure is how CodePipeline repeats a refusal of CodeBuild.
func startBuildFailure(err error) string {
	refusal := (*api.Error)(nil)
	if !errors.As(err, &refusal) {
		return "Error calling startBuild: " + err.Error()
	}
	return "Error calling startBuild: " + refusal.Message +
		" (Service: AWSCodeBuild; Status Code: 400; Error Code: " + refusal.Type + ")"
}

func (e *Engine) buildURL(r *run, id string) string {
	return "https://console.aws.amazon.com/codebuild/home?region=" + e.regionOf(r.action) + "#/builds/" + id + "/view/new"
}

// buildEnded ends r as its build did, unless r has ended before.
func (e *Engine) buildEnded(r *run, s *Script, result BuildResult) {
	o := outcome{externalID: r.outcome.externalID, url: r.outcome.url}
	said := ""
	if s != nil {
		said = s.Summary
	}
	if result.Status == buildSucceeded {
		o.summary, o.outputs = said, result.Variables
		e.endAction(r, succeeded, o)
		return
	}
	o.summary = cmp.Or(said, "Build terminated with state: "+result.Status)
	o.code, o.message = jobFailed, o.summary
	e.endAction(r, failed, o)
}

// stopBuild stops the build of a run that is abandoned.
func (e *Engine) stopBuild(r *run) {
	if e.runsBuild(r.action) && r.outcome.externalID != "" {
		e.opts.Builds.StopBuild(r.outcome.externalID)
	}
}

// build is what the configuration and the artifacts of r ask for.
func (r *run) build() (Build, error) {
	x, conf := r.execution, r.resolved
	b := Build{Pipeline: x.decl.Name, Execution: x.id, Project: conf["ProjectName"]}
	if text := conf["EnvironmentVariables"]; text != "" {
		if err := json.Unmarshal([]byte(text), &b.Environment); err != nil {
			return b, errors.New("the configuration EnvironmentVariables of action " + r.action.Name +
				" is not a JSON list of variables with name, value and type: a value that a variable brought in may have broken it")
		}
	}
	for i, in := range r.inputs {
		if in.Name == conf["PrimarySource"] || i == 0 {
			b.Source = artifactARN(in)
			b.Revision = x.revisionOf(in.Name)
		}
	}
	if len(r.outputs) > 0 {
		b.Artifact = artifactARN(r.outputs[0])
	}
	return b, nil
}

func artifactARN(d api.ArtifactDetail) string {
	return "arn:aws:s3:::" + d.S3Location.Bucket + "/" + d.S3Location.Key
}

// revisionOf is the id of the revision in an artifact, or of the first source
// when a build or another action made the artifact.
func (x *execution) revisionOf(artifact string) string {
	for _, rev := range x.revisions {
		if rev.artifact == artifact {
			return rev.id
		}
	}
	if len(x.revisions) > 0 {
		return x.revisions[0].id
	}
	return ""
}
