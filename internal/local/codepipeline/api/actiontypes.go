package api

// CreateCustomActionTypeInput declares an action type that a job worker of the
// account carries out.
type CreateCustomActionTypeInput struct {
	Category      string           `json:"category"`
	Provider      string           `json:"provider"`
	Version       string           `json:"version"`
	Settings      *ActionSettings  `json:"settings"`
	Configuration []ActionProperty `json:"configurationProperties"`
	Inputs        ArtifactCounts   `json:"inputArtifactDetails"`
	Outputs       ArtifactCounts   `json:"outputArtifactDetails"`
	Tags          []Tag            `json:"tags"`
}

// CreateCustomActionTypeOutput is the type as it can be used now.
type CreateCustomActionTypeOutput struct {
	ActionType ActionTypeDetail `json:"actionType"`
	Tags       []Tag            `json:"tags,omitempty"`
}

// DeleteCustomActionTypeInput names a custom action type.
type DeleteCustomActionTypeInput struct {
	Category string `json:"category"`
	Provider string `json:"provider"`
	Version  string `json:"version"`
}

// ListActionTypesInput asks for a page of action types.
type ListActionTypesInput struct {
	Owner     string `json:"actionOwnerFilter"`
	Region    string `json:"regionFilter"`
	NextToken string `json:"nextToken"`
}

// ListActionTypesOutput is one page.
type ListActionTypesOutput struct {
	ActionTypes []ActionTypeDetail `json:"actionTypes"`
	NextToken   string             `json:"nextToken,omitempty"`
}

// An ActionTypeDetail is what an action of a type looks like.
type ActionTypeDetail struct {
	ID            ActionType       `json:"id"`
	Settings      *ActionSettings  `json:"settings,omitempty"`
	Configuration []ActionProperty `json:"actionConfigurationProperties,omitempty"`
	Inputs        ArtifactCounts   `json:"inputArtifactDetails"`
	Outputs       ArtifactCounts   `json:"outputArtifactDetails"`
}

// ActionSettings are where a custom action's job worker shows its work. The
// templates hold {Config:NAME} and {ExternalExecutionId}.
type ActionSettings struct {
	ThirdPartyConfigurationURL string `json:"thirdPartyConfigurationUrl,omitempty"`
	EntityURLTemplate          string `json:"entityUrlTemplate,omitempty"`
	ExecutionURLTemplate       string `json:"executionUrlTemplate,omitempty"`
	RevisionURLTemplate        string `json:"revisionUrlTemplate,omitempty"`
}

// An ActionProperty is one key of an action's configuration.
type ActionProperty struct {
	Name        string `json:"name"`
	Required    bool   `json:"required"`
	Key         bool   `json:"key"`
	Secret      bool   `json:"secret"`
	Queryable   bool   `json:"queryable,omitempty"`
	Description string `json:"description,omitempty"`
	Type        string `json:"type,omitempty"`
}

// ArtifactCounts are how many artifacts an action may have.
type ArtifactCounts struct {
	Min int `json:"minimumCount"`
	Max int `json:"maximumCount"`
}

// PollForJobsInput asks for work of one custom action type.
type PollForJobsInput struct {
	ActionType   ActionType `json:"actionTypeId"`
	MaxBatchSize int        `json:"maxBatchSize"`
	// QueryParam selects by the value of the type's queryable property.
	QueryParam map[string]string `json:"queryParam"`
}

// PollForJobsOutput is the work.
type PollForJobsOutput struct {
	Jobs []Job `json:"jobs"`
}

// A Job is work for a job worker, who acknowledges it with Nonce.
type Job struct {
	ID        string  `json:"id"`
	AccountID string  `json:"accountId"`
	Nonce     string  `json:"nonce"`
	Data      JobData `json:"data"`
}

// AcknowledgeJobInput claims a job.
type AcknowledgeJobInput struct {
	JobID string `json:"jobId"`
	Nonce string `json:"nonce"`
}

// AcknowledgeJobOutput is where the job stands now.
type AcknowledgeJobOutput struct {
	Status string `json:"status"`
}
