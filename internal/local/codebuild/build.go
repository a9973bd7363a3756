package codebuild

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
)

// A build is one run of a project.
type build struct {
	project string
	uuid    string
	number  int
	// initiator is who started it: "codepipeline/PIPELINE" for a pipeline.
	initiator string
	terms     terms
	started   time.Time
	ended     time.Time // zero while it runs
	status    string
	phases    []phase

	// plan are the steps to come, the running one first.
	plan   []step
	script Script
	// deadline is when it times out in the phase it is in.
	deadline time.Time
	timer    clock.Timer
	// owner is the project as long as it is declared and the build runs.
	owner *project

	log      []line
	exported map[string]string
	reports  []*report
	// tell is who wants to know how it ended, besides the events.
	tell func(engine.BuildResult)
}

// terms are what a build was started with: the project with the overrides
// of the caller.
type terms struct {
	source        Source
	sourceVersion string
	resolved      string
	artifact      string // where its artifact goes; empty for none
	environment   Environment
	cache         json.RawMessage
	serviceRole   string
	encryptionKey string
	timeout       int // minutes
	queuedTimeout int // minutes
	logs          CloudWatchLogs
}

// A phase is a step that a build has or had.
type phase struct {
	name    string
	status  string // empty while it runs
	reason  reason
	started time.Time
	ended   time.Time
}

// takes is the length of the phase in whole seconds, as CodeBuild tells it.
func (p phase) takes() int64 { return int64(p.ended.Sub(p.started) / time.Second) }

// says reports whether CodeBuild shows contexts for the phase.
func (p phase) says() bool {
	return p.status != "" && p.name != phaseSubmitted && p.name != phaseQueued
}

// id is what the API and CodePipeline call a build.
func (b *build) id() string { return b.project + ":" + b.uuid }

func (b *build) over() bool { return !b.ended.IsZero() }

// current is the phase that b is in.
func (b *build) current() *phase { return &b.phases[len(b.phases)-1] }

func (b *build) stopTimer() {
	if b.timer != nil {
		b.timer.Stop()
	}
}

// logged reports whether the log of b goes to CloudWatch Logs.
func (b *build) logged() bool { return b.terms.logs.Status != "DISABLED" }

func (b *build) group() string {
	return cmp.Or(b.terms.logs.GroupName, "/aws/codebuild/"+b.project)
}

func (b *build) stream() string {
	if prefix := b.terms.logs.StreamName; prefix != "" {
		return prefix + "/" + b.uuid
	}
	return b.uuid
}

// deepLink leads to the log in AWS's console.
func (s *Service) deepLink(b *build) string {
	return "https://console.aws.amazon.com/cloudwatch/home?region=" + s.opts.Region +
		"#logEvent:group=" + b.group() + ";stream=" + b.stream()
}

// build finds a build by its id or ARN. The caller holds the lock.
func (s *Service) build(id string) *build {
	return s.byID[strings.TrimPrefix(id, s.arn("build/"))]
}

// remember adds b and forgets the oldest builds that are over and too many.
func (s *Service) remember(b *build) {
	s.byID[b.id()] = b
	s.history = append(s.history, b)
	for i := 0; len(s.history) > keepBuilds && i < len(s.history); {
		if !s.history[i].over() {
			i++
			continue
		}
		s.forget(s.history[i])
		s.history = append(s.history[:i], s.history[i+1:]...)
	}
}

func (s *Service) forget(b *build) {
	delete(s.byID, b.id())
	for _, r := range b.reports {
		delete(s.reports, r.arn)
	}
}
