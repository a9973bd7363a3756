package codebuild

import (
	"cmp"
	"slices"
	"time"
)

// The phases of a build.
const (
	phaseSubmitted      = "SUBMITTED"
	phaseQueued         = "QUEUED"
	phaseProvisioning   = "PROVISIONING"
	phaseDownloadSource = "DOWNLOAD_SOURCE"
	phaseInstall        = "INSTALL"
	phasePreBuild       = "PRE_BUILD"
	phaseBuild          = "BUILD"
	phasePostBuild      = "POST_BUILD"
	phaseUpload         = "UPLOAD_ARTIFACTS"
	phaseFinalizing     = "FINALIZING"
	phaseCompleted      = "COMPLETED"
)

// The statuses of builds and phases.
const (
	inProgress = "IN_PROGRESS"
	succeeded  = "SUCCEEDED"
	failed     = "FAILED"
	fault      = "FAULT"
	timedOut   = "TIMED_OUT"
	stopped    = "STOPPED"
)

// order is the way of a build that succeeds.
var order = []string{
	phaseSubmitted, phaseQueued, phaseProvisioning, phaseDownloadSource, phaseInstall, phasePreBuild,
	phaseBuild, phasePostBuild, phaseUpload, phaseFinalizing, phaseCompleted,
}

var (
	// timed are the phases that take time.
	timed = order[1 : len(order)-1]
	// breakable are the phases in which a script may let a build go wrong.
	breakable = order[2 : len(order)-2]
)

// share is what part of a build's time a phase takes (chosen).
var share = map[string]int64{
	phaseQueued: 4, phaseProvisioning: 20, phaseDownloadSource: 6, phaseInstall: 8, phasePreBuild: 10,
	phaseBuild: 40, phasePostBuild: 4, phaseUpload: 6, phaseFinalizing: 2,
}

// A step is a phase that a build is going to have.
type step struct {
	phase string
	// status is how it ends, and reason why, unless it succeeds.
	status string
	reason reason
	takes  time.Duration
}

// A reason is why a phase did not succeed: a code and a sentence.
type reason struct{ code, message string }

// plan are the steps of a build that goes as s says and takes total, where s
// says nothing else.
func (s Script) plan(total time.Duration) []step {
	end := cmp.Or(s.Outcome, succeeded)
	bad := cmp.Or(s.Phase, defaultPhase(end))
	var steps []step
	for _, phase := range way(end, bad) {
		st := step{phase: phase, status: succeeded}
		if phase == bad && end != succeeded {
			st.status, st.reason = end, s.reason(end, phase)
		}
		steps = append(steps, st)
	}
	s.time(steps, total)
	return steps
}

// way are the phases from QUEUED to FINALIZING of a build that ends as end
// because of the phase bad. A failed BUILD, and what fails after it, leaves out
// nothing.
func way(end, bad string) []string {
	i := slices.Index(order, bad)
	if end == succeeded || end == failed && i >= slices.Index(order, phaseBuild) {
		return timed
	}
	return append(slices.Clone(order[1:i+1]), phaseFinalizing)
}

func defaultPhase(end string) string {
	if end == fault {
		return phaseProvisioning
	}
	return phaseBuild
}

// time gives each step its own duration, or its share of total.
func (s Script) time(steps []step, total time.Duration) {
	if s.Delay != nil {
		total = *s.Delay
	}
	var shares int64
	for _, st := range steps {
		shares += share[st.phase]
	}
	left := total
	for i := range steps {
		st := &steps[i]
		st.takes = time.Duration(int64(total) / shares * share[st.phase])
		if i == len(steps)-1 {
			st.takes = left
		}
		left -= st.takes
	}
	for i := range steps {
		if own, ok := s.Durations[steps[i].phase]; ok {
			steps[i].takes = own
		}
	}
}

// reason is why a phase ends as end does, in CodeBuild's words unless the
// script has its own.
func (s Script) reason(end, phase string) reason {
	r := usualReason(end, phase)
	r.message = cmp.Or(s.Message, r.message)
	return r
}

func usualReason(end, phase string) reason {
	switch {
	case end == stopped:
		return reason{} // CodeBuild says nothing about it
	case end == timedOut:
		return timeoutReason
	case end == fault:
		return reason{"INTERNAL_SERVICE_ERROR", "CodeBuild is experiencing an issue"}
	case phase == phaseProvisioning:
		return reason{
			"BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
			"Unable to pull customer's container image. CannotPullContainerError: image not found",
		}
	case phase == phaseDownloadSource, phase == phaseUpload:
		return reason{"CLIENT_ERROR", "error while transferring files of the build: AccessDenied"}
	}
	return reason{"COMMAND_EXECUTION_ERROR", "Error while executing command: make test. Reason: exit status 2"}
}

var timeoutReason = reason{"BUILD_TIMED_OUT", "Build has timed out."}
