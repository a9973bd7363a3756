package api

// StartPipelineExecutionInput asks for a run.
type StartPipelineExecutionInput struct {
	Name               string             `json:"name"`
	Variables          []VariableValue    `json:"variables"`
	ClientRequestToken string             `json:"clientRequestToken"`
	SourceRevisions    []RevisionOverride `json:"sourceRevisions"`
}

// A VariableValue sets a pipeline variable for one run.
type VariableValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A RevisionOverride pins a source action to a revision for one run.
type RevisionOverride struct {
	ActionName    string `json:"actionName"`
	RevisionType  string `json:"revisionType"`
	RevisionValue string `json:"revisionValue"`
}

// ExecutionID is the answer of Start-, Stop-, RetryStage- and RollbackStage-.
type ExecutionID struct {
	PipelineExecutionID string `json:"pipelineExecutionId"`
}

// StopPipelineExecutionInput stops a run: once its actions have ended, or at
// once when it is to be abandoned.
type StopPipelineExecutionInput struct {
	PipelineName        string `json:"pipelineName"`
	PipelineExecutionID string `json:"pipelineExecutionId"`
	Abandon             bool   `json:"abandon"`
	Reason              string `json:"reason"`
}

// RetryStageExecutionInput runs a failed stage again.
type RetryStageExecutionInput struct {
	PipelineName        string `json:"pipelineName"`
	StageName           string `json:"stageName"`
	PipelineExecutionID string `json:"pipelineExecutionId"`
	RetryMode           string `json:"retryMode"`
}

// GetPipelineExecutionInput names a run.
type GetPipelineExecutionInput struct {
	PipelineName        string `json:"pipelineName"`
	PipelineExecutionID string `json:"pipelineExecutionId"`
}

// GetPipelineExecutionOutput is one run.
type GetPipelineExecutionOutput struct {
	PipelineExecution PipelineExecution `json:"pipelineExecution"`
}

// A PipelineExecution is one run in full.
type PipelineExecution struct {
	PipelineName        string             `json:"pipelineName"`
	PipelineVersion     int                `json:"pipelineVersion"`
	PipelineExecutionID string             `json:"pipelineExecutionId"`
	Status              string             `json:"status"`
	StatusSummary       string             `json:"statusSummary,omitempty"`
	ArtifactRevisions   []ArtifactRevision `json:"artifactRevisions"`
	Variables           []ResolvedVariable `json:"variables"`
	Trigger             Trigger            `json:"trigger"`
	ExecutionMode       string             `json:"executionMode"`
	ExecutionType       string             `json:"executionType"`
	RollbackMetadata    *RollbackMetadata  `json:"rollbackMetadata,omitempty"`
}

// An ArtifactRevision is the source version behind an artifact.
type ArtifactRevision struct {
	Name                     string `json:"name"`
	RevisionID               string `json:"revisionId"`
	RevisionChangeIdentifier string `json:"revisionChangeIdentifier,omitempty"`
	RevisionSummary          string `json:"revisionSummary,omitempty"`
	Created                  Time   `json:"created"`
	RevisionURL              string `json:"revisionUrl,omitempty"`
}

// A ResolvedVariable is a pipeline variable as this run sees it.
type ResolvedVariable struct {
	Name          string `json:"name"`
	ResolvedValue string `json:"resolvedValue"`
}

// A Trigger is what started a run.
type Trigger struct {
	TriggerType   string `json:"triggerType"`
	TriggerDetail string `json:"triggerDetail,omitempty"`
}

// ListPipelineExecutionsInput asks for a page of runs.
type ListPipelineExecutionsInput struct {
	PipelineName string `json:"pipelineName"`
	MaxResults   int    `json:"maxResults"`
	NextToken    string `json:"nextToken"`
	Filter       struct {
		SucceededInStage struct {
			StageName string `json:"stageName"`
		} `json:"succeededInStage"`
	} `json:"filter"`
}

// ListPipelineExecutionsOutput is one page, newest first.
type ListPipelineExecutionsOutput struct {
	PipelineExecutionSummaries []ExecutionSummary `json:"pipelineExecutionSummaries"`
	NextToken                  string             `json:"nextToken,omitempty"`
}

// An ExecutionSummary is one row of ListPipelineExecutions.
type ExecutionSummary struct {
	PipelineExecutionID string            `json:"pipelineExecutionId"`
	Status              string            `json:"status"`
	StatusSummary       string            `json:"statusSummary,omitempty"`
	StartTime           Time              `json:"startTime"`
	LastUpdateTime      Time              `json:"lastUpdateTime"`
	SourceRevisions     []SourceRevision  `json:"sourceRevisions"`
	Trigger             Trigger           `json:"trigger"`
	StopTrigger         *StopTrigger      `json:"stopTrigger,omitempty"`
	ExecutionMode       string            `json:"executionMode"`
	ExecutionType       string            `json:"executionType"`
	RollbackMetadata    *RollbackMetadata `json:"rollbackMetadata,omitempty"`
}

// A StopTrigger is why a run was stopped.
type StopTrigger struct {
	Reason string `json:"reason,omitempty"`
}

// A SourceRevision is what a source action found.
type SourceRevision struct {
	ActionName      string `json:"actionName"`
	RevisionID      string `json:"revisionId,omitempty"`
	RevisionSummary string `json:"revisionSummary,omitempty"`
	RevisionURL     string `json:"revisionUrl,omitempty"`
}
