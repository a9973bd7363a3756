package codebuild

import (
	"regexp"
	"time"
)

// A line is one event of a build's log, without the newline at its end.
type line struct {
	at   time.Time
	text string
}

// commandFailure is the sentence of a command that failed: the command and how
// it ended.
var commandFailure = regexp.MustCompile(`(?s)^Error while executing command: (.+)\. Reason: (.+)$`)

// writePhase logs the phase p of b, which is over, as the container of a build
// does. Before the container runs there is nothing to log with.
func (s *Service) writePhase(b *build, p phase) {
	switch p.name {
	case phaseProvisioning:
		if p.status == succeeded {
			b.container(p.ended, "Running on CodeBuild On-demand")
			b.container(p.ended, "Waiting for agent ping")
		}
		return
	case phaseQueued, phaseFinalizing:
		return
	case phaseDownloadSource:
		b.container(p.started, "Waiting for DOWNLOAD_SOURCE")
		b.container(p.ended, "Phase is DOWNLOAD_SOURCE")
	case phaseUpload:
	default:
		b.container(p.started, "Entering phase "+p.name)
	}
	b.writeCommands(p)
	b.container(p.ended, "Phase complete: "+p.name+" State: "+p.status)
	b.container(p.ended, "Phase context status code: "+p.reason.code+" Message: "+p.reason.message)
}

// writeCommands logs what ran in p: the lines of the script, and the command
// that failed.
func (b *build) writeCommands(p phase) {
	failure := commandFailure.FindStringSubmatch(p.reason.message)
	if failure != nil {
		b.container(p.started, "Running command "+failure[1])
	}
	if p.name == b.script.speaks() {
		for i, text := range b.script.Log {
			within := p.ended.Sub(p.started) / time.Duration(len(b.script.Log)+1) * time.Duration(i+1)
			b.log = append(b.log, line{p.started.Add(within), text})
		}
	}
	if failure != nil {
		b.container(p.ended, "Command did not exit successfully "+failure[1]+" "+failure[2])
	}
}

// speaks is the phase whose commands print the script's log: the one that goes
// wrong, or BUILD.
func (s Script) speaks() string {
	if s.Phase == "" || s.Outcome == "" || s.Outcome == succeeded {
		return phaseBuild
	}
	return s.Phase
}

// container logs what the build's container says about itself.
func (b *build) container(at time.Time, text string) {
	b.log = append(b.log, line{at, "[Container] " + at.UTC().Format("2006/01/02 15:04:05.000000") + " " + text})
}
