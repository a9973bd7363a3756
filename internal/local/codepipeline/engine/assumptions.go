package engine

import "time"

// This file holds every choice that AWS's documentation leaves open, each with
// its reason, so that a reader who knows better has one place to correct.
//
// Choices that are not constants, with the place that makes them:
//   - A waiting QUEUED execution emits pipeline STARTED when it is started, not
//     when it leaves the queue in front of Source: the execution exists and is
//     InProgress from then on. (start.go)
//   - inboundExecutions lists the oldest first, and inboundExecution is its
//     head: the one that enters next. (state.go)
//   - Superseding emits a pipeline event and no stage event: stages have no
//     SUPERSEDED state. (flow.go)
//   - The order within one step is action end, stage end, next stage start,
//     next action start, with the pipeline's end last. Delivery may change it.
//     (flow.go)
//   - A pipeline execution's statusSummary is empty, and a stage's
//     latestExecution is absent before its first run. (state.go)
//   - An action that its stage's latest execution has not reached shows its
//     name alone, not an older run. (state.go)
//   - An Outbound transition is the Inbound one of the next stage:
//     GetPipelineState has nowhere else to show it. (transition.go)
//   - A token that was answered gives ApprovalAlreadyCompletedException. One
//     that is unknown, expired, or whose action was abandoned gives
//     InvalidApprovalTokenException. (approval.go)
//   - RetryStageExecution lists no "not found" for executions: an unknown one
//     gives NotLatestPipelineExecutionException. (retry.go)
//   - A continuation is a new job with a new id, since "future jobs" use the
//     token; the former job is over and answers InvalidJobStateException.
//     (job.go)
//   - A clientRequestToken that was seen before returns the execution it
//     started, for as long as that execution is kept. (start.go)
//   - A variable that was never produced fails its action with
//     ConfigurationError. (variables.go)
//   - UpdatePipeline lets actions that run, including approvals that wait, end
//     by themselves before their execution is cancelled. (update.go)
//   - UpdatePipeline of an unknown pipeline gives InvalidStructureException: it
//     lists no "not found". (update.go)
//   - DisableStageTransition of the first stage's Inbound or the last stage's
//     Outbound is refused: there is no such transition. (transition.go)
//   - Stage conditions are refused rather than ignored: a gate that silently
//     lets everything pass would be worse than none. (validate.go)

const (
	// keepExecutions is how many finished executions a pipeline remembers.
	// AWS keeps twelve months; a run of six actions takes some ten kilobytes
	// here, so this is about ten megabytes for a busy pipeline.
	keepExecutions = 1000

	// keepVersions is how many versions of a declaration GetPipeline finds.
	keepVersions = 100

	// continuationPause is the time between a continuation token and the next
	// job. Undocumented; half a minute is a common observation.
	continuationPause = 30 * time.Second

	// expiredSummary is the text of an approval that nobody answered. The
	// real one is unknown.
	expiredSummary = "The approval request expired before a response was received"

	// firstAttempt is the attempt number in events before any retry; samples
	// disagree between 1.0 and 0.
	firstAttempt = 1
)

// Limits that AWS documents in the CodePipeline user guide, "Quotas".
const (
	maxConcurrent      = 50 // executions of a QUEUED or PARALLEL pipeline
	maxParallelActions = 5  // running actions of a PARALLEL execution

	minStages          = 2
	maxStages          = 50
	maxActionsPerStage = 100
	maxVariables       = 50

	approvalTimeout = 7 * 24 * time.Hour
	jobTimeout      = 20 * time.Minute
	jobLimit        = 24 * time.Hour // all continuations of a job together
	outputLimit     = 122_880        // bytes of output variables of one action
)

// invokeRetries are Lambda's pauses before it runs a failing asynchronous
// invocation again (AWS Lambda developer guide, "Asynchronous invocation").
var invokeRetries = []time.Duration{time.Minute, 2 * time.Minute}

// startedNamesRegion reports whether the STARTED event of an action of this
// category names the action's Region: captures of approvals do, the documented
// sample of a build does not. Consumers must not need it.
func startedNamesRegion(category string) bool {
	return category == categoryApproval || category == categoryInvoke
}

// newToken is the token of an approval attempt. Captures of 2026 show the
// action execution id, but nothing promises that, so a strict world makes them
// differ and finds the code that confuses them.
func (e *Engine) newToken(actionExecutionID string) string {
	if e.opts.Strict {
		return e.newID()
	}
	return actionExecutionID
}
