package codebuild

import "time"

// This file holds every choice that AWS's documentation leaves open, so that a
// reader who knows better has one place to correct. Choices that are not
// constants, with the place that makes them:
//   - A request that breaks the service model is an InvalidInputException, the
//     only error of that kind that CodeBuild's operations list. (model.go)
//   - A failed INSTALL or PRE_BUILD goes on with FINALIZING; a failed BUILD
//     still runs POST_BUILD and UPLOAD_ARTIFACTS; whatever stops, times out or
//     faults goes on with FINALIZING. (plan.go)
//   - The timeout begins with PROVISIONING, the queued timeout with the start;
//     both end the build as TIMED_OUT. (phase.go)
//   - A build that is stopped is over before StopBuild answers. Stopping one
//     that is over changes nothing. (stop.go)
//   - IN_PROGRESS is told once, when a build enters QUEUED; there is no phase
//     event for COMPLETED. (event.go)
//   - Lists without a sort order have the newest first; projects are by name.
//     (list.go)
//   - A project with the source CODEPIPELINE is started by a pipeline alone,
//     unless the caller overrides the source. (start.go)
//   - Reports appear when UPLOAD_ARTIFACTS ends. Failed tests do not fail the
//     build: the command that ran them does. (report.go)
//   - StartBuild refuses the members that nothing here acts on, rather than
//     ignore them. (start.go)
//   - A running phase's log lines appear when the phase ends. (log.go)

const (
	// keepBuilds is how many builds are remembered; AWS keeps a year. One
	// takes some ten kilobytes here, so this is about ten megabytes.
	keepBuilds = 1000

	// maxRunning is how many builds may run at once. The real quota depends
	// on compute type and account.
	maxRunning = 1000

	// pageSize is how many ids a list shows at once (API reference, ListBuilds).
	pageSize = 100

	// maxLogs is the size of a GetLogEvents answer (API reference).
	maxLogs = 10_000
)

// Limits that AWS documents in the CodeBuild user guide, "Quotas", and in the
// API reference.
const (
	maxProjects    = 5000
	maxReports     = 5   // per build
	maxTestCases   = 500 // per report
	defaultTimeout = 60  // minutes
	defaultQueued  = 480 // minutes

	reportLife = 30 * 24 * time.Hour
	tokenLife  = 5 * time.Minute // of an idempotency token
)
