package event

import "time"

// A State is where a pipeline, stage or action execution stands, as events
// spell it: CANCELED, where the API says Cancelled. AWS may add states, so a
// State can be none of the constants.
type State string

// The states. Superseded is for pipelines only, Abandoned for actions only.
const (
	Started    State = "STARTED"
	Succeeded  State = "SUCCEEDED"
	Failed     State = "FAILED"
	Canceled   State = "CANCELED"
	Superseded State = "SUPERSEDED"
	Stopping   State = "STOPPING"
	Stopped    State = "STOPPED"
	Resumed    State = "RESUMED"
	Abandoned  State = "ABANDONED"
)

// Execution is what the events of a pipeline, its stages and its actions have
// in common.
type Execution struct {
	Pipeline    string
	ExecutionID string
	State       State
	// Attempt is 1 for the first run of an execution and grows with each retry.
	Attempt int
	// StartedAt is when the pipeline, stage or action began; zero when the
	// event does not say.
	StartedAt time.Time
}

// PipelineChanged says that an execution of a pipeline started, ended or was
// resumed.
type PipelineChanged struct {
	Meta
	Execution
	// Trigger is what started the execution; only a Started event has it.
	Trigger Trigger
	// Commit is the Git revision of an execution that a connection started;
	// only its end has it.
	Commit *Commit
	// StopReason is the text given when it was stopped; only a Stopping event
	// has it.
	StopReason string
}

// A Trigger is what started an execution.
type Trigger struct {
	// Type is CodePipeline's trigger type, such as "StartPipelineExecution".
	Type string
	// Detail is the caller's ARN, a connection's ARN, or another text.
	Detail string
}

// A Commit is a Git revision as CodePipeline tells it: outside text, and
// nobody has verified the author.
type Commit struct {
	ID, Message, Repository, Provider string
	// Branch or Tag is empty.
	Branch, Tag             string
	AuthorName, AuthorEmail string
}

// StageChanged says that a stage of an execution started, ended or was
// resumed.
type StageChanged struct {
	Meta
	Execution
	Stage string
}

// ActionChanged says that an action started or ended.
type ActionChanged struct {
	Meta
	Execution
	Stage  string
	Action string
	// ActionExecutionID is this attempt of the action; empty in old events.
	ActionExecutionID string
	Type              ActionType
	// ActionRegion is where the action runs, when the event says; Meta.Region
	// is where the pipeline is.
	ActionRegion string
	// Result is how it ended; zero while it runs.
	Result          Result
	Inputs, Outputs []Artifact
}

// An ActionType says what an action does and who carries it out.
type ActionType struct {
	Owner    string
	Category string
	Provider string
}

// ManualApproval is the type of an action that waits for a person.
var ManualApproval = ActionType{Owner: "AWS", Category: "Approval", Provider: "Manual"}

// A Result is how an action ended. All of it is optional and outside text.
type Result struct {
	// ExternalID is the provider's own id: a commit, PROJECT:BUILD of
	// CodeBuild, the answered request of an approval.
	ExternalID string
	// Summary is the provider's text; a source on a connection puts JSON here.
	Summary string
	URL     string
	// ErrorCode is set on failures, such as "JobFailed".
	ErrorCode string
}

// An Artifact is where an action's input or output lies.
type Artifact struct {
	Name, Bucket, Key string
}

func (PipelineChanged) event() {}
func (StageChanged) event()    {}
func (ActionChanged) event()   {}
