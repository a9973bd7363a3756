package codebuild

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// startBuildInput are the members of StartBuild that this CodeBuild follows.
type startBuildInput struct {
	ProjectName                    string      `json:"projectName"`
	SourceVersion                  string      `json:"sourceVersion"`
	ArtifactsOverride              *Artifacts  `json:"artifactsOverride"`
	EnvironmentVariablesOverride   []Variable  `json:"environmentVariablesOverride"`
	SourceTypeOverride             string      `json:"sourceTypeOverride"`
	SourceLocationOverride         string      `json:"sourceLocationOverride"`
	BuildspecOverride              string      `json:"buildspecOverride"`
	EnvironmentTypeOverride        string      `json:"environmentTypeOverride"`
	ImageOverride                  string      `json:"imageOverride"`
	ComputeTypeOverride            string      `json:"computeTypeOverride"`
	PrivilegedModeOverride         *bool       `json:"privilegedModeOverride"`
	ServiceRoleOverride            string      `json:"serviceRoleOverride"`
	EncryptionKeyOverride          string      `json:"encryptionKeyOverride"`
	TimeoutInMinutesOverride       int         `json:"timeoutInMinutesOverride"`
	QueuedTimeoutInMinutesOverride int         `json:"queuedTimeoutInMinutesOverride"`
	LogsConfigOverride             *LogsConfig `json:"logsConfigOverride"`
	IdempotencyToken               string      `json:"idempotencyToken"`
}

// unheeded are the members of StartBuild that nothing here acts on.
var unheeded = []string{
	"autoRetryLimitOverride", "buildStatusConfigOverride", "cacheOverride", "certificateOverride", "debugSessionEnabled",
	"fleetOverride", "gitCloneDepthOverride", "gitSubmodulesConfigOverride", "hostKernelOverride",
	"imagePullCredentialsTypeOverride", "insecureSslOverride", "registryCredentialOverride", "reportBuildStatusOverride",
	"secondaryArtifactsOverride", "secondarySourcesOverride", "secondarySourcesVersionOverride", "sourceAuthOverride",
}

// startBuild starts a build by the API.
func (s *Service) startBuild(members map[string]json.RawMessage) (buildAnswer, error) {
	in, err := readStart(members)
	if err != nil {
		return buildAnswer{}, err
	}
	if known, err := s.repeated(in.IdempotencyToken, members); err != nil {
		return buildAnswer{}, err
	} else if known != nil {
		return buildAnswer{s.show(known)}, nil
	}
	p, err := s.project(in.ProjectName)
	if err != nil {
		return buildAnswer{}, err
	}
	d := in.over(p.Project)
	if err := d.check(); err != nil {
		return buildAnswer{}, err
	}
	if d.Source.Type == typePipeline {
		return buildAnswer{}, invalid("the source type CODEPIPELINE is for builds that a pipeline starts; override it")
	}
	if err := s.hasRoom(p); err != nil {
		return buildAnswer{}, err
	}
	b := &build{initiator: "root", terms: termsOf(d), script: p.takeScript(nil)}
	s.launch(b, p)
	s.keepToken(in.IdempotencyToken, members, b)
	return buildAnswer{s.show(b)}, nil
}

func readStart(members map[string]json.RawMessage) (startBuildInput, error) {
	var in startBuildInput
	for _, name := range unheeded {
		if members[name] != nil {
			return in, api.Errorf(api.NotImplemented, "This local CodeBuild does not follow %s", name)
		}
	}
	raw, err := json.Marshal(members)
	if err != nil {
		return in, err
	}
	if err := json.Unmarshal(raw, &in); err != nil { // only numbers beyond their Go type get here
		return in, api.Errorf(api.Serialization, "The request has a number that is out of range")
	}
	return in, nil
}

// over is the project d with the overrides of in.
func (in startBuildInput) over(d Project) Project {
	if in.SourceTypeOverride != "" && in.SourceTypeOverride != d.Source.Type {
		d.Source = Source{Type: in.SourceTypeOverride, Buildspec: d.Source.Buildspec}
	}
	d.Source.Location = cmp.Or(in.SourceLocationOverride, d.Source.Location)
	d.Source.Buildspec = cmp.Or(in.BuildspecOverride, d.Source.Buildspec)
	d.SourceVersion = cmp.Or(in.SourceVersion, d.SourceVersion)
	if in.ArtifactsOverride != nil {
		d.Artifacts = *in.ArtifactsOverride
	}
	e := &d.Environment
	e.Type = cmp.Or(in.EnvironmentTypeOverride, e.Type)
	e.Image = cmp.Or(in.ImageOverride, e.Image)
	e.ComputeType = cmp.Or(in.ComputeTypeOverride, e.ComputeType)
	e.EnvironmentVariables = overridden(e.EnvironmentVariables, in.EnvironmentVariablesOverride)
	if in.PrivilegedModeOverride != nil {
		e.PrivilegedMode = *in.PrivilegedModeOverride
	}
	d.ServiceRole = cmp.Or(in.ServiceRoleOverride, d.ServiceRole)
	d.EncryptionKey = cmp.Or(in.EncryptionKeyOverride, d.EncryptionKey)
	d.TimeoutInMinutes = cmp.Or(in.TimeoutInMinutesOverride, d.TimeoutInMinutes)
	d.QueuedTimeoutInMinutes = cmp.Or(in.QueuedTimeoutInMinutesOverride, d.QueuedTimeoutInMinutes)
	d.LogsConfig = cmp.Or(in.LogsConfigOverride, d.LogsConfig)
	return d
}

// termsOf are the terms of a build of d.
func termsOf(d Project) terms {
	t := terms{
		source: d.Source, sourceVersion: d.SourceVersion, resolved: d.SourceVersion, environment: d.Environment,
		cache: d.Cache, serviceRole: d.ServiceRole, encryptionKey: d.EncryptionKey,
		timeout: d.TimeoutInMinutes, queuedTimeout: d.QueuedTimeoutInMinutes,
	}
	if a := d.Artifacts; a.Type == typeS3 {
		parts := []string{a.Location, strings.Trim(a.Path, "/"), cmp.Or(a.Name, d.Name)}
		t.artifact = "arn:aws:s3:::" + strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "/")
	}
	if d.LogsConfig != nil && d.LogsConfig.CloudWatchLogs != nil {
		t.logs = *d.LogsConfig.CloudWatchLogs
	}
	return t
}

// hasRoom refuses one more running build beyond the account's limit or the
// project's own.
func (s *Service) hasRoom(p *project) error {
	limit := maxRunning
	if own := p.ConcurrentBuildLimit; own > 0 && p.running >= own {
		limit = own
	} else if s.running < maxRunning {
		return nil
	}
	return api.Errorf(limitExceeded, "Cannot have more than %d builds in queue for the account", limit)
}

// StartBuild starts a build on behalf of a pipeline, whose artifacts take the
// place of the project's source and artifacts. It never blocks.
func (s *Service) StartBuild(o engine.Build, ended func(engine.BuildResult)) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.project(o.Project)
	if err != nil {
		return "", err
	}
	if err := s.hasRoom(p); err != nil {
		return "", err
	}
	t := termsOf(p.Project)
	t.source = Source{Type: typePipeline, Buildspec: p.Source.Buildspec}
	t.sourceVersion, t.resolved, t.artifact = o.Source, o.Revision, o.Artifact
	for _, v := range o.Environment {
		t.environment.EnvironmentVariables = overridden(t.environment.EnvironmentVariables, []Variable{Variable(v)})
	}
	b := &build{initiator: "codepipeline/" + o.Pipeline, terms: t, script: p.takeScript(o.Script), tell: ended}
	s.launch(b, p)
	return b.id(), nil
}
