package api

// ListActionExecutionsInput asks for a page of action runs.
type ListActionExecutionsInput struct {
	PipelineName string `json:"pipelineName"`
	MaxResults   int    `json:"maxResults"`
	NextToken    string `json:"nextToken"`
	Filter       struct {
		PipelineExecutionID       string        `json:"pipelineExecutionId"`
		LatestInPipelineExecution *LatestFilter `json:"latestInPipelineExecution"`
	} `json:"filter"`
}

// A LatestFilter selects the runs of one execution: all of them, or the last
// of each action.
type LatestFilter struct {
	PipelineExecutionID string `json:"pipelineExecutionId"`
	StartTimeRange      string `json:"startTimeRange"`
}

// ListActionExecutionsOutput is one page, newest first.
type ListActionExecutionsOutput struct {
	ActionExecutionDetails []ActionExecutionDetail `json:"actionExecutionDetails"`
	NextToken              string                  `json:"nextToken,omitempty"`
}

// An ActionExecutionDetail is one run of an action in full.
type ActionExecutionDetail struct {
	PipelineExecutionID string       `json:"pipelineExecutionId"`
	ActionExecutionID   string       `json:"actionExecutionId"`
	PipelineVersion     int          `json:"pipelineVersion"`
	StageName           string       `json:"stageName"`
	ActionName          string       `json:"actionName"`
	StartTime           Time         `json:"startTime"`
	LastUpdateTime      Time         `json:"lastUpdateTime"`
	UpdatedBy           string       `json:"updatedBy,omitempty"`
	Status              string       `json:"status"`
	Input               ActionInput  `json:"input"`
	Output              ActionOutput `json:"output"`
}

// An ActionInput is what an action was given. ResolvedConfiguration has its
// variables filled in.
type ActionInput struct {
	ActionType            ActionType        `json:"actionTypeId"`
	Configuration         map[string]string `json:"configuration"`
	ResolvedConfiguration map[string]string `json:"resolvedConfiguration"`
	RoleARN               string            `json:"roleArn,omitempty"`
	Region                string            `json:"region"`
	InputArtifacts        []ArtifactDetail  `json:"inputArtifacts"`
	Namespace             string            `json:"namespace,omitempty"`
}

// An ActionOutput is what came of an action.
type ActionOutput struct {
	OutputArtifacts []ArtifactDetail  `json:"outputArtifacts"`
	ExecutionResult *ExecutionResult  `json:"executionResult,omitempty"`
	OutputVariables map[string]string `json:"outputVariables"`
}

// An ArtifactDetail is an artifact and where it lies. Events use the same
// shape.
type ArtifactDetail struct {
	Name       string     `json:"name"`
	S3Location S3Location `json:"s3location"`
}

// An S3Location is a bucket and a key.
type S3Location struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
}

// An ExecutionResult is how an action's provider says it went.
type ExecutionResult struct {
	ExternalExecutionID      string        `json:"externalExecutionId,omitempty"`
	ExternalExecutionSummary string        `json:"externalExecutionSummary,omitempty"`
	ExternalExecutionURL     string        `json:"externalExecutionUrl,omitempty"`
	ErrorDetails             *ErrorDetails `json:"errorDetails,omitempty"`
}

// PutApprovalResultInput answers an approval.
type PutApprovalResultInput struct {
	PipelineName string `json:"pipelineName"`
	StageName    string `json:"stageName"`
	ActionName   string `json:"actionName"`
	Result       struct {
		Summary string `json:"summary"`
		Status  string `json:"status"`
	} `json:"result"`
	Token string `json:"token"`
}

// PutApprovalResultOutput says when the answer counted.
type PutApprovalResultOutput struct {
	ApprovedAt Time `json:"approvedAt"`
}

// The two answers to an approval.
const (
	Approved = "Approved"
	Rejected = "Rejected"
)
