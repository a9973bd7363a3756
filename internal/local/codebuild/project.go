package codebuild

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A Project is what can be built, as CreateProject declares it. Only the parts
// that builds need are here; a client of the API may give all of them.
type Project struct {
	Name        string      `json:"name"`
	Description string      `json:"description,omitempty"`
	Source      Source      `json:"source"`
	Artifacts   Artifacts   `json:"artifacts"`
	Environment Environment `json:"environment"`
	ServiceRole string      `json:"serviceRole"`
	// TimeoutInMinutes and QueuedTimeoutInMinutes are 60 and 480 when zero.
	TimeoutInMinutes       int             `json:"timeoutInMinutes,omitempty"`
	QueuedTimeoutInMinutes int             `json:"queuedTimeoutInMinutes,omitempty"`
	SourceVersion          string          `json:"sourceVersion,omitempty"`
	EncryptionKey          string          `json:"encryptionKey,omitempty"`
	Cache                  json.RawMessage `json:"cache,omitempty"`
	LogsConfig             *LogsConfig     `json:"logsConfig,omitempty"`
	// ConcurrentBuildLimit is how many builds may run at once; zero and -1
	// mean that only the account limits them.
	ConcurrentBuildLimit int `json:"concurrentBuildLimit,omitempty"`
}

// A Source is where a build's code comes from.
type Source struct {
	// Type is CODEPIPELINE, CODECOMMIT, GITHUB, S3, NO_SOURCE, …
	Type                string          `json:"type"`
	Location            string          `json:"location,omitempty"`
	Buildspec           string          `json:"buildspec,omitempty"`
	GitCloneDepth       int             `json:"gitCloneDepth,omitempty"`
	GitSubmodulesConfig json.RawMessage `json:"gitSubmodulesConfig,omitempty"`
	Auth                json.RawMessage `json:"auth,omitempty"`
	ReportBuildStatus   *bool           `json:"reportBuildStatus,omitempty"`
	BuildStatusConfig   json.RawMessage `json:"buildStatusConfig,omitempty"`
	InsecureSSL         *bool           `json:"insecureSsl,omitempty"`
	SourceIdentifier    string          `json:"sourceIdentifier,omitempty"`
}

// Artifacts are where a build puts what it made.
type Artifacts struct {
	// Type is CODEPIPELINE, S3 or NO_ARTIFACTS.
	Type     string `json:"type"`
	Location string `json:"location,omitempty"`
	Path     string `json:"path,omitempty"`
	Name     string `json:"name,omitempty"`
}

// An Environment is the machine that a build runs on.
type Environment struct {
	Type                     string          `json:"type"`
	Image                    string          `json:"image"`
	ComputeType              string          `json:"computeType"`
	EnvironmentVariables     []Variable      `json:"environmentVariables"`
	PrivilegedMode           bool            `json:"privilegedMode"`
	ImagePullCredentialsType string          `json:"imagePullCredentialsType,omitempty"`
	Certificate              string          `json:"certificate,omitempty"`
	ComputeConfiguration     json.RawMessage `json:"computeConfiguration,omitempty"`
	Fleet                    json.RawMessage `json:"fleet,omitempty"`
	RegistryCredential       json.RawMessage `json:"registryCredential,omitempty"`
	DockerServer             json.RawMessage `json:"dockerServer,omitempty"`
	HostKernel               string          `json:"hostKernel,omitempty"`
}

// A Variable is an environment variable. The value of a PLAINTEXT one is in
// every event of the build.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Type is PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER.
	Type string `json:"type,omitempty"`
}

// LogsConfig says where a build's log goes.
type LogsConfig struct {
	CloudWatchLogs *CloudWatchLogs `json:"cloudWatchLogs,omitempty"`
	S3Logs         json.RawMessage `json:"s3Logs,omitempty"`
}

// CloudWatchLogs is the part of LogsConfig that this CodeBuild follows.
type CloudWatchLogs struct {
	// Status is ENABLED or DISABLED.
	Status     string `json:"status"`
	GroupName  string `json:"groupName,omitempty"`
	StreamName string `json:"streamName,omitempty"`
}

// A project is a declaration and what is known about its builds.
type project struct {
	Project
	// definition has every member that a client gave, by name, so that the
	// ones we do not read are shown again all the same.
	definition map[string]json.RawMessage
	created    time.Time
	modified   time.Time
	// builds counts the builds ever started and running those that run.
	builds  int
	running int
	// usual is how builds end, and next how the next one does.
	usual Script
	next  *Script
}

// badgeEnabled is the member of CreateProject that an answer shows differently.
const badgeEnabled = "badgeEnabled"

// view is p as BatchGetProjects shows it.
func (s *Service) view(p *project) map[string]any {
	v := make(map[string]any, len(p.definition)+8)
	for k, raw := range p.definition {
		if k != badgeEnabled {
			v[k] = raw
		}
	}
	v["arn"] = s.arn("project/" + p.Name)
	v["created"] = api.Time{Time: p.created}
	v["lastModified"] = api.Time{Time: p.modified}
	v["environment"] = p.Environment
	v["timeoutInMinutes"], v["queuedTimeoutInMinutes"] = p.TimeoutInMinutes, p.QueuedTimeoutInMinutes
	v["encryptionKey"], v["cache"] = p.EncryptionKey, p.Cache
	if v["tags"] == nil {
		v["tags"] = []struct{}{}
	}
	if p.ConcurrentBuildLimit <= 0 {
		delete(v, "concurrentBuildLimit")
	}
	badge, given := p.definition[badgeEnabled]
	if !given {
		badge = json.RawMessage("false")
	}
	v["badge"] = map[string]json.RawMessage{badgeEnabled: badge}
	return v
}

// read is a definition as we use it, with the defaults filled in. It refuses
// one that CodeBuild would.
func (s *Service) read(definition map[string]json.RawMessage) (Project, error) {
	raw, err := json.Marshal(definition)
	if err != nil {
		return Project{}, err
	}
	var d Project
	if err := json.Unmarshal(raw, &d); err != nil { // only numbers beyond their Go type get here
		return Project{}, api.Errorf(api.Serialization, "The request has a number that is out of range")
	}
	if d.TimeoutInMinutes == 0 {
		d.TimeoutInMinutes = defaultTimeout
	}
	if d.QueuedTimeoutInMinutes == 0 {
		d.QueuedTimeoutInMinutes = defaultQueued
	}
	if d.EncryptionKey == "" {
		d.EncryptionKey = "arn:aws:kms:" + s.opts.Region + ":" + s.opts.Account + ":alias/aws/s3"
	}
	if d.Cache == nil {
		d.Cache = json.RawMessage(`{"type":"NO_CACHE"}`)
	}
	if d.Environment.ImagePullCredentialsType == "" {
		d.Environment.ImagePullCredentialsType = "CODEBUILD"
	}
	d.Environment.EnvironmentVariables = overridden(nil, d.Environment.EnvironmentVariables)
	return d, d.check()
}

// overridden are the variables base with those of over in place of their
// namesakes. It never changes base.
func overridden(base, over []Variable) []Variable {
	all := append([]Variable{}, base...)
	for _, v := range over {
		if v.Type == "" {
			v.Type = "PLAINTEXT"
		}
		i := slices.IndexFunc(all, func(o Variable) bool { return o.Name == v.Name })
		if i < 0 {
			all = append(all, v)
		} else {
			all[i] = v
		}
	}
	return all
}

// project finds a project by its name or ARN. The caller holds the lock.
func (s *Service) project(name string) (*project, error) {
	name = strings.TrimPrefix(name, s.arn("project/"))
	if p := s.projects[name]; p != nil {
		return p, nil
	}
	return nil, api.Errorf(notFound, "Project cannot be found: %s", s.arn("project/"+name))
}

// names are the projects' names in order.
func (s *Service) names() []string { return slices.Sorted(maps.Keys(s.projects)) }
