package codebuild

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/local/delivery"
)

// source is the source of every event.
const source = "aws.codebuild"

// A detail is the union of both kinds of event, in the order CodeBuild writes
// them.
type detail struct {
	Status         string      `json:"build-status,omitempty"`
	CompletedPhase string      `json:"completed-phase,omitempty"`
	Project        string      `json:"project-name"`
	BuildID        string      `json:"build-id"`
	PhaseContext   string      `json:"completed-phase-context,omitempty"`
	Info           information `json:"additional-information"`
	Current        string      `json:"current-phase,omitempty"`
	CurrentContext string      `json:"current-phase-context,omitempty"`
	PhaseStatus    string      `json:"completed-phase-status,omitempty"`
	PhaseDuration  *float      `json:"completed-phase-duration-seconds,omitempty"`
	Version        string      `json:"version"`
	PhaseStart     string      `json:"completed-phase-start,omitempty"`
	PhaseEnd       string      `json:"completed-phase-end,omitempty"`
}

type information struct {
	Cache         json.RawMessage  `json:"cache"`
	Number        float            `json:"build-number"`
	Timeout       float            `json:"timeout-in-minutes"`
	Complete      bool             `json:"build-complete"`
	Initiator     string           `json:"initiator"`
	Started       string           `json:"build-start-time"`
	Source        eventSource      `json:"source"`
	SourceVersion string           `json:"source-version,omitempty"`
	Artifact      eventArtifact    `json:"artifact"`
	Environment   eventEnvironment `json:"environment"`
	FileSystems   []struct{}       `json:"project-file-system-locations"`
	Logs          *eventLogs       `json:"logs,omitempty"`
	Phases        []eventPhase     `json:"phases"`
	QueuedTimeout float            `json:"queued-timeout-in-minutes"`
}

type eventSource struct {
	Type     string `json:"type"`
	Location string `json:"location,omitempty"`
}

type eventArtifact struct {
	Location string `json:"location"`
}

type eventEnvironment struct {
	Image           string     `json:"image"`
	Privileged      bool       `json:"privileged-mode"`
	PullCredentials string     `json:"image-pull-credentials-type"`
	ComputeType     string     `json:"compute-type"`
	Type            string     `json:"type"`
	Variables       []Variable `json:"environment-variables"`
}

type eventLogs struct {
	Group    string `json:"group-name"`
	Stream   string `json:"stream-name"`
	DeepLink string `json:"deep-link"`
}

// An eventPhase has no context while it runs, nor before PROVISIONING.
type eventPhase struct {
	Context  *[]string `json:"phase-context,omitempty"`
	Start    string    `json:"start-time"`
	End      string    `json:"end-time,omitempty"`
	Duration *float    `json:"duration-in-seconds,omitempty"`
	Type     string    `json:"phase-type"`
	Status   string    `json:"phase-status,omitempty"`
}

// A float is a whole number that CodeBuild prints as 60.0.
type float int64

// MarshalJSON writes the number with its ".0".
func (f float) MarshalJSON() ([]byte, error) {
	return []byte(strconv.FormatInt(int64(f), 10) + ".0"), nil
}

// stamp is how CodeBuild writes a time: without a zone, in UTC.
func stamp(t time.Time) string { return t.UTC().Format("Jan 2, 2006 3:04:05 PM") }

// emitState tells that b has begun or is over.
func (s *Service) emitState(b *build) {
	s.emit(b, "CodeBuild Build State Change", detail{
		Status: b.shown(), Current: b.current().name, CurrentContext: "[]",
	})
}

// emitPhase tells that the phase p of b is over; the next has begun already.
func (s *Service) emitPhase(b *build, p phase) {
	seconds := float(p.takes())
	s.emit(b, "CodeBuild Build Phase Change", detail{
		CompletedPhase: p.name, PhaseStatus: p.status, PhaseContext: "[" + p.reason.text() + "]",
		PhaseDuration: &seconds, PhaseStart: stamp(p.started), PhaseEnd: stamp(p.ended),
	})
}

func (s *Service) emit(b *build, kind string, d detail) {
	arn := s.arn("build/" + b.id())
	d.Project, d.BuildID, d.Version, d.Info = b.project, arn, "1", s.information(b)
	raw, err := json.Marshal(d)
	if err != nil { // strings and numbers only
		s.log.Error("codebuild event is no JSON", "build", b.id(), "err", err)
		return
	}
	// The detail has the values of the build's PLAINTEXT variables: it is
	// never logged.
	err = s.outbox.Put(delivery.Event{
		ID: s.newID(), Source: source, DetailType: kind, Time: s.now(), Resources: []string{arn}, Detail: raw,
	})
	if err != nil {
		s.log.Warn("codebuild event lost", "detail-type", kind, "build", b.id(), "err", err)
	}
}

func (s *Service) information(b *build) information {
	t := b.terms
	i := information{
		Cache: t.cache, Number: float(b.number), Timeout: float(t.timeout), QueuedTimeout: float(t.queuedTimeout),
		Complete: b.over(), Initiator: b.initiator, Started: stamp(b.started),
		Source:        eventSource{t.source.Type, t.source.Location},
		SourceVersion: t.sourceVersion, Artifact: eventArtifact{t.artifact},
		Environment: eventEnvironment{
			Image: t.environment.Image, Privileged: t.environment.PrivilegedMode,
			PullCredentials: t.environment.ImagePullCredentialsType, ComputeType: t.environment.ComputeType,
			Type: t.environment.Type, Variables: t.environment.EnvironmentVariables,
		},
		FileSystems: []struct{}{}, Phases: []eventPhase{},
	}
	if b.logged() {
		i.Logs = &eventLogs{Group: b.group(), Stream: b.stream(), DeepLink: s.deepLink(b)}
	}
	for _, p := range b.phases {
		i.Phases = append(i.Phases, p.event())
	}
	return i
}

func (p phase) event() eventPhase {
	e := eventPhase{Type: p.name, Status: p.status, Start: stamp(p.started)}
	if p.status == "" {
		return e
	}
	seconds := float(p.takes())
	e.End, e.Duration = stamp(p.ended), &seconds
	if p.says() {
		said := []string{}
		if text := p.reason.text(); text != "" {
			said = append(said, text)
		}
		e.Context = &said
	}
	return e
}

// text is how events show a reason; empty when there is none.
func (r reason) text() string {
	if r == (reason{}) {
		return ""
	}
	return r.code + ": " + r.message
}
