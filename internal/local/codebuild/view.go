package codebuild

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// A buildView is a build as the API shows it.
type buildView struct {
	ID                     string          `json:"id"`
	ARN                    string          `json:"arn"`
	BuildNumber            int             `json:"buildNumber"`
	StartTime              api.Time        `json:"startTime"`
	EndTime                *api.Time       `json:"endTime,omitempty"`
	CurrentPhase           string          `json:"currentPhase"`
	BuildStatus            string          `json:"buildStatus"`
	SourceVersion          string          `json:"sourceVersion,omitempty"`
	ResolvedSourceVersion  string          `json:"resolvedSourceVersion,omitempty"`
	ProjectName            string          `json:"projectName"`
	Phases                 []phaseView     `json:"phases"`
	Source                 Source          `json:"source"`
	SecondarySources       []struct{}      `json:"secondarySources"`
	Artifacts              artifactsView   `json:"artifacts"`
	Cache                  json.RawMessage `json:"cache"`
	Environment            Environment     `json:"environment"`
	ServiceRole            string          `json:"serviceRole"`
	Logs                   logsView        `json:"logs"`
	TimeoutInMinutes       int             `json:"timeoutInMinutes"`
	QueuedTimeoutInMinutes int             `json:"queuedTimeoutInMinutes"`
	BuildComplete          bool            `json:"buildComplete"`
	Initiator              string          `json:"initiator"`
	EncryptionKey          string          `json:"encryptionKey"`
	ExportedVariables      []exportedView  `json:"exportedEnvironmentVariables"`
	ReportARNs             []string        `json:"reportArns"`
}

type phaseView struct {
	PhaseType         string        `json:"phaseType"`
	PhaseStatus       string        `json:"phaseStatus,omitempty"`
	StartTime         api.Time      `json:"startTime"`
	EndTime           *api.Time     `json:"endTime,omitempty"`
	DurationInSeconds *int64        `json:"durationInSeconds,omitempty"`
	Contexts          []contextView `json:"contexts,omitempty"`
}

type contextView struct {
	StatusCode string `json:"statusCode"`
	Message    string `json:"message"`
}

type artifactsView struct {
	Location string `json:"location"`
}

type exportedView struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type logsView struct {
	GroupName      string         `json:"groupName,omitempty"`
	StreamName     string         `json:"streamName,omitempty"`
	DeepLink       string         `json:"deepLink,omitempty"`
	ARN            string         `json:"cloudWatchLogsArn,omitempty"`
	CloudWatchLogs CloudWatchLogs `json:"cloudWatchLogs"`
	S3Logs         s3LogsView     `json:"s3Logs"`
}

type s3LogsView struct {
	Status             string `json:"status"`
	EncryptionDisabled bool   `json:"encryptionDisabled"`
}

// show is b as it stands now.
func (s *Service) show(b *build) buildView {
	v := buildView{
		ID: b.id(), ARN: s.arn("build/" + b.id()), BuildNumber: b.number, ProjectName: b.project,
		StartTime: api.Time{Time: b.started}, CurrentPhase: b.current().name, BuildStatus: b.shown(),
		BuildComplete: b.over(), Initiator: b.initiator,
		SourceVersion: b.terms.sourceVersion, ResolvedSourceVersion: b.terms.resolved, Source: b.terms.source,
		SecondarySources: []struct{}{}, Artifacts: artifactsView{b.terms.artifact}, Cache: b.terms.cache,
		Environment: b.terms.environment, ServiceRole: b.terms.serviceRole, EncryptionKey: b.terms.encryptionKey,
		TimeoutInMinutes: b.terms.timeout, QueuedTimeoutInMinutes: b.terms.queuedTimeout,
		Phases: []phaseView{}, Logs: s.showLogs(b), ExportedVariables: []exportedView{}, ReportARNs: []string{},
	}
	if b.over() {
		v.EndTime = &api.Time{Time: b.ended}
	}
	for _, p := range b.phases {
		v.Phases = append(v.Phases, p.show())
	}
	for _, name := range slices.Sorted(maps.Keys(b.exported)) {
		v.ExportedVariables = append(v.ExportedVariables, exportedView{name, b.exported[name]})
	}
	for _, r := range b.reports {
		v.ReportARNs = append(v.ReportARNs, r.arn)
	}
	return v
}

func (p phase) show() phaseView {
	v := phaseView{PhaseType: p.name, PhaseStatus: p.status, StartTime: api.Time{Time: p.started}}
	if p.status == "" {
		return v
	}
	seconds := p.takes()
	v.EndTime, v.DurationInSeconds = &api.Time{Time: p.ended}, &seconds
	if p.says() {
		v.Contexts = []contextView{{p.reason.code, p.reason.message}}
	}
	return v
}

// showLogs leads to the log of b.
func (s *Service) showLogs(b *build) logsView {
	v := logsView{CloudWatchLogs: b.terms.logs, S3Logs: s3LogsView{Status: "DISABLED"}}
	if v.CloudWatchLogs.Status == "" {
		v.CloudWatchLogs.Status = "ENABLED"
	}
	if b.logged() {
		v.GroupName, v.StreamName, v.DeepLink = b.group(), b.stream(), s.deepLink(b)
		v.ARN = "arn:aws:logs:" + s.opts.Region + ":" + s.opts.Account + ":log-group:" + b.group() + ":log-stream:" + b.stream()
	}
	return v
}
