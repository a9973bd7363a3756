package release

import (
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// A Record is all that is known about one execution of a pipeline: what events
// told, folded together by Fold, and Facts, which the API told. It is a plain
// value that is stored as JSON, of 100 KB at most.
//
// Its lists are sets of cells, one for each (stage, action, attempt), in an
// order that no event's arrival changes. Read them through the views: Train,
// WaitsFor, Outcome, Failure and the others.
type Record struct {
	ExecutionID
	// Version counts the writes of the record, for whoever stores it; nothing
	// here changes it.
	Version int     `json:"version"`
	Trigger Trigger `json:"trigger,omitzero"`
	// Git is the commit of an execution that a connection started; only its
	// end tells.
	Git Git `json:"git,omitzero"`
	// StopReason is what was given when somebody stopped it.
	StopReason string   `json:"stop_reason,omitempty"`
	Passes     []Pass   `json:"passes,omitempty"`
	Runs       []Run    `json:"runs,omitempty"`
	Results    []Result `json:"results,omitempty"`
	// Builds are CodeBuild's, also those that no action is known to have
	// started.
	Builds []Build `json:"builds,omitempty"`
	// MoreRuns and MoreBuilds count what was left out to keep the record small.
	MoreRuns   Tally `json:"more_runs,omitempty"`
	MoreBuilds Tally `json:"more_builds,omitempty"`
	Facts      Facts `json:"facts,omitzero"`
}

// An ExecutionID names one execution of a pipeline, wherever it is.
type ExecutionID struct {
	Account  string `json:"account"`
	Region   string `json:"region"`
	Pipeline string `json:"pipeline"`
	ID       string `json:"id"`
}

// A Trigger is what started an execution, in CodePipeline's words, such as
// "StartPipelineExecution" and the caller's ARN.
type Trigger struct {
	Type   string `json:"type"`
	Detail string `json:"detail,omitempty"`
}

// Git is a commit as an event tells it: outside text, unverified.
type Git struct {
	ID         string `json:"id"`
	Summary    string `json:"summary,omitempty"`
	Repository string `json:"repository,omitempty"`
	Branch     string `json:"branch,omitempty"`
	Tag        string `json:"tag,omitempty"`
	Author     string `json:"author,omitempty"`
	Email      string `json:"email,omitempty"`
}

// A Pass is one attempt of a stage or, with an empty Stage, of the execution.
type Pass struct {
	Stage string `json:"stage,omitempty"`
	// Attempt is the execution's: 1 at first and one more with each retry, so
	// that a stage entered after a retry begins with 2.
	Attempt int         `json:"attempt"`
	State   event.State `json:"state"`
	// Began is when the first attempt began, as events of this one tell it.
	Began time.Time `json:"began,omitzero"`
	// Since is when this attempt began, and Until when it ended.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// A Run is one attempt of an action. One that went on while a retry began is
// told of under both attempts, with one id.
type Run struct {
	Stage   string `json:"stage"`
	Action  string `json:"action"`
	Attempt int    `json:"attempt"`
	// ID is the action execution id, which no other attempt has; events of
	// 2022 have none.
	ID    string      `json:"id,omitempty"`
	State event.State `json:"state"`
	Kind
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// A Kind says what an action does, who carries it out, and where if that is
// told. Providers that nobody has heard of are kept as they are.
type Kind struct {
	Category string `json:"category,omitempty"`
	Owner    string `json:"owner,omitempty"`
	Provider string `json:"provider,omitempty"`
	Region   string `json:"region,omitempty"`
}

// A Result is how a run ended, in its provider's words: outside text.
type Result struct {
	Stage   string      `json:"stage"`
	Action  string      `json:"action"`
	Attempt int         `json:"attempt"`
	ID      string      `json:"id,omitempty"`
	State   event.State `json:"state"`
	Ending
}

// An Ending is what a provider says about the end of a run. All of it is
// optional.
type Ending struct {
	// Code is set on failures, such as "JobFailed".
	Code    string `json:"code,omitempty"`
	Summary string `json:"summary,omitempty"`
	// ExternalID is the provider's own id, such as PROJECT:BUILD of CodeBuild.
	ExternalID string `json:"external_id,omitempty"`
	URL        string `json:"url,omitempty"`
}

// Limits of what a record keeps. CodePipeline allows 50 stages; a pipeline of
// more actions than maxRuns is shown in part and the rest is counted.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const (
	maxTriesOfStage  = 4
	maxPasses        = 60
	maxTriesOfAction = 4
	maxRuns          = 72
	maxResults       = 24
	maxBuilds        = 8
)

// Limits of texts of a record, in bytes of JSON. CodePipeline's own names have
// 100 characters at most; whatever exceeds a limit is cut.
const (
	maxLabel   = 100 // a name of a stage or an action, an id
	maxWord    = 36  // a state, a category, a provider, a Region, an error code
	maxOutside = 300 // a text, the summary of a failure
	maxRemark  = 120 // the summary of anything else
	maxForeign = 200 // an external id; PROJECT:UUID of CodeBuild has 187 at most
	maxAddress = 220 // a link; a longer one is left out
)

// NewRecord is a record of an execution of which nothing is known yet.
func NewRecord(id ExecutionID) Record { return Record{ExecutionID: id} }

// ExecutionOf returns the execution that e is about. Events of CodeBuild are
// about none: they name the pipeline alone; see BuildOf.
func ExecutionOf(e event.Event) (ExecutionID, bool) {
	var x event.Execution
	switch e := e.(type) {
	case event.PipelineChanged:
		x = e.Execution
	case event.StageChanged:
		x = e.Execution
	case event.ActionChanged:
		x = e.Execution
	default:
		return ExecutionID{}, false
	}
	m := e.About()
	return ExecutionID{Account: m.Account, Region: m.Region, Pipeline: x.Pipeline, ID: x.ExecutionID}, true
}
