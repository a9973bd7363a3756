package api

// CreatePipelineInput declares a new pipeline.
type CreatePipelineInput struct {
	Pipeline Declaration `json:"pipeline"`
	Tags     []Tag       `json:"tags"`
}

// CreatePipelineOutput is the pipeline with its defaults filled in.
type CreatePipelineOutput struct {
	Pipeline Declaration `json:"pipeline"`
	Tags     []Tag       `json:"tags,omitempty"`
}

// UpdatePipelineInput replaces the declaration of the pipeline of that name.
type UpdatePipelineInput struct {
	Pipeline Declaration `json:"pipeline"`
}

// UpdatePipelineOutput is the pipeline with its new version.
type UpdatePipelineOutput struct {
	Pipeline Declaration `json:"pipeline"`
}

// GetPipelineInput asks for a version of a pipeline; zero is the newest.
type GetPipelineInput struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
}

// GetPipelineOutput is a pipeline and when it was made.
type GetPipelineOutput struct {
	Pipeline Declaration      `json:"pipeline"`
	Metadata PipelineMetadata `json:"metadata"`
}

// PipelineMetadata is what CodePipeline knows about a pipeline besides its
// declaration.
type PipelineMetadata struct {
	PipelineARN string `json:"pipelineArn"`
	Created     Time   `json:"created"`
	Updated     Time   `json:"updated"`
}

// DeletePipelineInput names the pipeline to forget.
type DeletePipelineInput struct {
	Name string `json:"name"`
}

// Nothing is the answer of operations that answer nothing.
type Nothing struct{}

// ListPipelinesInput asks for a page of pipelines.
type ListPipelinesInput struct {
	NextToken  string `json:"nextToken"`
	MaxResults int    `json:"maxResults"`
}

// ListPipelinesOutput is one page, by name.
type ListPipelinesOutput struct {
	Pipelines []PipelineSummary `json:"pipelines"`
	NextToken string            `json:"nextToken,omitempty"`
}

// A PipelineSummary is one row of ListPipelines.
type PipelineSummary struct {
	Name          string `json:"name"`
	Version       int    `json:"version"`
	PipelineType  string `json:"pipelineType"`
	ExecutionMode string `json:"executionMode"`
	Created       Time   `json:"created"`
	Updated       Time   `json:"updated"`
}

// StageTransitionInput names a transition, for Disable- and
// EnableStageTransition; only the former has a reason.
type StageTransitionInput struct {
	PipelineName   string `json:"pipelineName"`
	StageName      string `json:"stageName"`
	TransitionType string `json:"transitionType"`
	Reason         string `json:"reason"`
}

// GetPipelineStateInput names a pipeline.
type GetPipelineStateInput struct {
	Name string `json:"name"`
}

// GetPipelineStateOutput is where a pipeline stands.
type GetPipelineStateOutput struct {
	PipelineName    string       `json:"pipelineName"`
	PipelineVersion int          `json:"pipelineVersion"`
	StageStates     []StageState `json:"stageStates"`
	Created         Time         `json:"created"`
	Updated         Time         `json:"updated"`
}

// A StageState is where a stage stands: who is in it and who waits.
type StageState struct {
	StageName              string           `json:"stageName"`
	InboundExecution       *StageExecution  `json:"inboundExecution,omitempty"`
	InboundExecutions      []StageExecution `json:"inboundExecutions"`
	InboundTransitionState *TransitionState `json:"inboundTransitionState,omitempty"`
	ActionStates           []ActionState    `json:"actionStates"`
	LatestExecution        *StageExecution  `json:"latestExecution,omitempty"`
	RetryStageMetadata     *StageRetries    `json:"retryStageMetadata,omitempty"`

	BeforeEntryConditionState *ConditionsState `json:"beforeEntryConditionState,omitempty"`
	OnSuccessConditionState   *ConditionsState `json:"onSuccessConditionState,omitempty"`
	OnFailureConditionState   *ConditionsState `json:"onFailureConditionState,omitempty"`
}

// StageRetries counts the retries of a stage, by onFailure and by callers.
type StageRetries struct {
	AutoStageRetryAttempt   int    `json:"autoStageRetryAttempt,omitempty"`
	ManualStageRetryAttempt int    `json:"manualStageRetryAttempt,omitempty"`
	LatestRetryTrigger      string `json:"latestRetryTrigger"`
}

// A StageExecution is an execution in or in front of a stage.
type StageExecution struct {
	PipelineExecutionID string `json:"pipelineExecutionId"`
	Status              string `json:"status"`
	Type                string `json:"type"`
}

// A TransitionState says whether executions may enter a stage.
type TransitionState struct {
	Enabled        bool   `json:"enabled"`
	LastChangedBy  string `json:"lastChangedBy,omitempty"`
	LastChangedAt  Time   `json:"lastChangedAt,omitzero"`
	DisabledReason string `json:"disabledReason,omitempty"`
}

// An ActionState is the latest run of an action.
type ActionState struct {
	ActionName      string           `json:"actionName"`
	CurrentRevision *ActionRevision  `json:"currentRevision,omitempty"`
	LatestExecution *ActionExecution `json:"latestExecution,omitempty"`
	RevisionURL     string           `json:"revisionUrl,omitempty"`
}

// An ActionRevision is what a source action last found.
type ActionRevision struct {
	RevisionID       string `json:"revisionId"`
	RevisionChangeID string `json:"revisionChangeId"`
	Created          Time   `json:"created"`
}

// An ActionExecution is one run of an action, as GetPipelineState shows it.
type ActionExecution struct {
	ActionExecutionID    string        `json:"actionExecutionId"`
	Status               string        `json:"status"`
	Summary              string        `json:"summary,omitempty"`
	LastStatusChange     Time          `json:"lastStatusChange"`
	Token                string        `json:"token,omitempty"`
	LastUpdatedBy        string        `json:"lastUpdatedBy,omitempty"`
	ExternalExecutionID  string        `json:"externalExecutionId,omitempty"`
	ExternalExecutionURL string        `json:"externalExecutionUrl,omitempty"`
	PercentComplete      int           `json:"percentComplete,omitempty"`
	ErrorDetails         *ErrorDetails `json:"errorDetails,omitempty"`
}

// ErrorDetails say why an action failed.
type ErrorDetails struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}
