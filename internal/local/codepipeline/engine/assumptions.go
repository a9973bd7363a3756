package engine

import (
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

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
//   - A pipeline execution's statusSummary is empty, except where a rollback
//     could not be, and a stage's latestExecution is absent before its first
//     run. (state.go)
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
	actionTimeout   = time.Hour // of actions whose provider has no limit of its own
	jobTimeout      = 20 * time.Minute
	jobLimit        = 24 * time.Hour // all continuations of a job together
	outputLimit     = 122_880        // bytes of output variables of one action
	resolvedLimit   = 100 << 10      // bytes of a configuration with its variables filled in
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

// What is undocumented about conditions, rules and rollbacks, besides the
// choices below:
//   - A stage is entered, held and STARTED before its entry condition runs, and
//     keeps the lock while its success or failure condition does: an execution
//     has to be somewhere, and GetPipelineState has no other place for it.
//   - Conditions and rules emit no events: none is documented. (condition.go)
//   - A rule that fails decides its condition at once and the others are
//     Abandoned; a DeploymentWindow must not keep what cannot pass.
//     (condition.go)
//   - A rule that cannot be checked (unknown alarm, variable without a value,
//     function that cannot be invoked, unusable regular expression) is Failed
//     with ConfigurationError, as rules have no status Errored, and its
//     condition is Errored. That has the result of a failed one. (rule.go)
//   - DeploymentWindow waits for its window, since the user guide shows one
//     that runs and is overridden. The window is open for the minutes that the
//     expression names: "0 0 9-17 ? * MON-FRI *" is the first minute of each
//     hour. As in Quartz, one of the two days must be ?. (rulecheck.go, cron)
//   - CloudWatchAlarm succeeds in AlarmStates, by default OK and
//     INSUFFICIENT_DATA, or ALARM in a failure condition. WaitTime is how long
//     the alarm may take to get there, as the rule reference says, not how long
//     it must stay there, as a use case suggests. (rulealarm.go)
//   - MATCHES is about the whole value. Its Java expressions are read as Go's:
//     look-around and back references make the condition Errored. (rulecheck.go)
//   - LambdaInvoke runs the function once with the event of an Invoke action,
//     and what it returns decides: an error fails the rule or, as documented,
//     meets the criteria of a failure condition. Results put for its job id are
//     refused: no such job is known. (rulelambda.go)
//   - A stop or a change of the pipeline ends conditions at once: only actions
//     are waited for. They are Abandoned by a stop that abandons, else
//     Cancelled. (conditionflow.go)
//   - A condition that has failed an execution can be overridden until another
//     one enters the stage; the execution is RESUMED with the next attempt
//     number, and no retry is counted. (override.go)
//   - An automatic retry emits stage FAILED, then RESUMED for pipeline and
//     stage: the execution never ends in between. There is one for each stage
//     and execution, however often callers retry. (conditionflow.go)
//   - A retry does not check an entry condition again that was met. (retry.go)
//   - A rollback enters the stage directly, past a disabled transition and
//     before whoever waits, may exceed the limit of concurrent executions, which
//     RollbackStage does not list, and ends after the stage. It has no success
//     and failure conditions and is not rolled back itself, which could go on
//     for ever. (rollback.go, condition.go)
//   - An automatic rollback's trigger detail is the failed execution. Without an
//     execution to go back to the stage stays failed, and only then is an
//     execution's statusSummary set. (rollback.go)
//   - Rule values that can never work are refused at once, as actions' are.
//     ROLLBACK is refused where no rollback can be. (conditionvalid.go)

const (
	// windowLimit is how long a DeploymentWindow without timeout waits: as long
	// as an approval, which also waits for people's hours.
	windowLimit = approvalTimeout
	// ruleTimeout is for the rest: "all other actions" take an hour at most.
	ruleTimeout = time.Hour
	// commandsLimit is documented for the Commands rule.
	commandsLimit = 55 * time.Minute

	// defaultRetryMode is for an automatic retry that configures none: the mode
	// that does less.
	defaultRetryMode = "FAILED_ACTIONS"
)

// defaultRuleLimit is the timeout of a rule that declares none. In a strict
// world a deployment window has no longer one than other rules, which finds
// windows that count on waiting overnight.
func (e *Engine) defaultRuleLimit(provider string) time.Duration {
	if provider == ruleWindow && !e.opts.Strict {
		return windowLimit
	}
	return ruleTimeout
}

// gatesRollback reports whether the condition of a kind applies to rollbacks. A
// strict world keeps them out of stages that may not be entered.
func (e *Engine) gatesRollback(kind string) bool { return e.opts.Strict && kind == api.BeforeEntry }

// skips reports whether an entry condition with the result SKIP skips the
// stage. In a strict world one that could not be checked fails it instead.
func (e *Engine) skips(c *condition) bool { return c.status == failed || !e.opts.Strict }

// tellsSkipped reports whether a skipped stage emits SKIPPED, which no list of
// states has. A strict world does, so that consumers meet a state they do not
// know; otherwise nothing tells that the stage has ended.
func (e *Engine) tellsSkipped() bool { return e.opts.Strict }

// retriesCondition reports whether a stage that failed by a condition alone can
// be retried. The error's text says that there must be a failed action, which a
// strict world takes at its word.
func (e *Engine) retriesCondition(mode string) bool { return mode == allActions && !e.opts.Strict }

// outdatedTarget is the error for a rollback to an execution of another version
// of the pipeline, which the texts of both errors fit.
func (e *Engine) outdatedTarget() string {
	if e.opts.Strict {
		return "PipelineExecutionOutdatedException"
	}
	return unableToRollback
}

// errorMeets reports whether a function's error meets the criteria of c.
func (c *condition) errorMeets() bool { return c.kind == api.OnFailure }

// What is undocumented about providers, variables and jobs:
//   - Every start finds something new in every source, as if somebody had
//     pushed; a source that runs again in its execution finds the same. A
//     revision that was asked for and is malformed or missing fails its source
//     with RevisionUnavailable, as only the provider can know. (source*.go)
//   - The variables of S3 and of connections are the union of the guide's pages
//     and of captures; ImageURI ends in the digest, as imageDetail.json does.
//   - References to a namespace that is unknown, filled too late or part of a
//     cycle, and to pipeline variables that are not declared, are refused when
//     the pipeline is declared; a missing key fails the action. (references.go)
//   - What depends on another configuration value, such as ChangeSetName, fails
//     the action with ConfigurationError and not the declaration, since a
//     variable may bring it. (providercheck.go)
//   - Every CodeDeploy deployment is blue/green, 10, 50 and 100 % a third of its
//     time apart. Progress changes lastUpdateTime, not lastStatusChange, and
//     emits no event. A failing deployment never reaches its last step.
//   - An artifact keeps its key where it is copied to another Region's store,
//     and ids and ARNs of an action have the account of its role. (artifacts.go)
//   - The pipeline's role must be of its own account. Nothing is assumed: which
//     roles there are is told by Options.Roles. (validateplace.go)
//   - An approval whose topic refuses the message fails with ConfigurationError,
//     unless somebody was faster and has answered it. (notify.go)
//   - PollForJobs hands out one job by default, and one that nobody acknowledged
//     again with another nonce. A job that nobody acknowledged takes no result,
//     and one that continues is offered again at once. A custom action has a day
//     in all. (jobworker.go)
