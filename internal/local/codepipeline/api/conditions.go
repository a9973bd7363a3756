package api

// The conditions that a stage can have, as OverrideStageCondition spells them.
// OnFailure is ours: a failure condition cannot be overridden.
const (
	BeforeEntry = "BEFORE_ENTRY"
	OnSuccess   = "ON_SUCCESS"
	OnFailure   = "ON_FAILURE"
)

// The results of a condition.
const (
	Fail     = "FAIL"
	Skip     = "SKIP"
	Rollback = "ROLLBACK"
	Retry    = "RETRY"
)

// Conditions are what must hold before a stage is entered or left. The model
// allows exactly one.
type Conditions struct {
	Conditions []Condition `json:"conditions"`
}

// FailureConditions say what follows when a stage fails: Result at once, or the
// result of the condition if that is met.
type FailureConditions struct {
	Result             string              `json:"result,omitempty"`
	RetryConfiguration *RetryConfiguration `json:"retryConfiguration,omitempty"`
	Conditions         []Condition         `json:"conditions,omitempty"`
}

// A RetryConfiguration says which actions an automatic retry runs again.
type RetryConfiguration struct {
	RetryMode string `json:"retryMode,omitempty"`
}

// A Condition is rules that must all succeed, and what happens otherwise; a
// failure condition's result happens when they do.
type Condition struct {
	Result string `json:"result,omitempty"`
	Rules  []Rule `json:"rules,omitempty"`
}

// A Rule is one check of a condition.
type Rule struct {
	Name             string            `json:"name"`
	Type             RuleType          `json:"ruleTypeId"`
	Configuration    map[string]string `json:"configuration,omitempty"`
	Commands         []string          `json:"commands,omitempty"`
	InputArtifacts   []ArtifactName    `json:"inputArtifacts,omitempty"`
	RoleARN          string            `json:"roleArn,omitempty"`
	Region           string            `json:"region,omitempty"`
	TimeoutInMinutes int               `json:"timeoutInMinutes,omitempty"`
}

// A RuleType says who carries a rule out.
type RuleType struct {
	Category string `json:"category"`
	Owner    string `json:"owner,omitempty"`
	Provider string `json:"provider"`
	Version  string `json:"version,omitempty"`
}

// A ConditionsState is where the conditions of one kind stand in a stage.
type ConditionsState struct {
	LatestExecution *ConditionsExecution `json:"latestExecution,omitempty"`
	ConditionStates []ConditionState     `json:"conditionStates"`
}

// A ConditionsExecution is how all conditions of one kind went together.
type ConditionsExecution struct {
	Status  string `json:"status"`
	Summary string `json:"summary,omitempty"`
}

// A ConditionState is one condition and its rules.
type ConditionState struct {
	LatestExecution *ConditionExecution `json:"latestExecution,omitempty"`
	RuleStates      []RuleState         `json:"ruleStates"`
}

// A ConditionExecution is one evaluation of a condition.
type ConditionExecution struct {
	Status           string `json:"status"`
	Summary          string `json:"summary,omitempty"`
	LastStatusChange Time   `json:"lastStatusChange"`
}

// A RuleState is the latest run of a rule.
type RuleState struct {
	RuleName        string         `json:"ruleName"`
	LatestExecution *RuleExecution `json:"latestExecution,omitempty"`
}

// A RuleExecution is one run of a rule, as GetPipelineState shows it.
type RuleExecution struct {
	RuleExecutionID     string        `json:"ruleExecutionId"`
	Status              string        `json:"status"`
	Summary             string        `json:"summary,omitempty"`
	LastStatusChange    Time          `json:"lastStatusChange"`
	LastUpdatedBy       string        `json:"lastUpdatedBy,omitempty"`
	ExternalExecutionID string        `json:"externalExecutionId,omitempty"`
	ErrorDetails        *ErrorDetails `json:"errorDetails,omitempty"`
}

// OverrideStageConditionInput lets an execution pass a condition that holds or
// has failed it.
type OverrideStageConditionInput struct {
	PipelineName        string `json:"pipelineName"`
	StageName           string `json:"stageName"`
	PipelineExecutionID string `json:"pipelineExecutionId"`
	ConditionType       string `json:"conditionType"`
}

// RollbackStageInput runs a stage again with what an earlier execution left
// there.
type RollbackStageInput struct {
	PipelineName              string `json:"pipelineName"`
	StageName                 string `json:"stageName"`
	TargetPipelineExecutionID string `json:"targetPipelineExecutionId"`
}

// RollbackMetadata says which execution a rollback repeats.
type RollbackMetadata struct {
	RollbackTargetPipelineExecutionID string `json:"rollbackTargetPipelineExecutionId"`
}

// ListRuleExecutionsInput asks for a page of rule runs.
type ListRuleExecutionsInput struct {
	PipelineName string `json:"pipelineName"`
	MaxResults   int    `json:"maxResults"`
	NextToken    string `json:"nextToken"`
	Filter       struct {
		PipelineExecutionID       string        `json:"pipelineExecutionId"`
		LatestInPipelineExecution *LatestFilter `json:"latestInPipelineExecution"`
	} `json:"filter"`
}

// ListRuleExecutionsOutput is one page, newest first.
type ListRuleExecutionsOutput struct {
	RuleExecutionDetails []RuleExecutionDetail `json:"ruleExecutionDetails"`
	NextToken            string                `json:"nextToken,omitempty"`
}

// A RuleExecutionDetail is one run of a rule in full.
type RuleExecutionDetail struct {
	PipelineExecutionID string     `json:"pipelineExecutionId"`
	RuleExecutionID     string     `json:"ruleExecutionId"`
	PipelineVersion     int        `json:"pipelineVersion"`
	StageName           string     `json:"stageName"`
	RuleName            string     `json:"ruleName"`
	StartTime           Time       `json:"startTime"`
	LastUpdateTime      Time       `json:"lastUpdateTime"`
	UpdatedBy           string     `json:"updatedBy,omitempty"`
	Status              string     `json:"status"`
	Input               RuleInput  `json:"input"`
	Output              RuleOutput `json:"output"`
}

// A RuleInput is what a rule was given. ResolvedConfiguration has its variables
// filled in.
type RuleInput struct {
	RuleType              RuleType          `json:"ruleTypeId"`
	Configuration         map[string]string `json:"configuration"`
	ResolvedConfiguration map[string]string `json:"resolvedConfiguration"`
	RoleARN               string            `json:"roleArn,omitempty"`
	Region                string            `json:"region"`
	InputArtifacts        []ArtifactDetail  `json:"inputArtifacts"`
}

// A RuleOutput is what came of a rule.
type RuleOutput struct {
	ExecutionResult *ExecutionResult `json:"executionResult,omitempty"`
}
