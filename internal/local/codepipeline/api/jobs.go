package api

// PutJobSuccessResultInput reports that a job went well or, with a
// continuation token, that it goes on.
type PutJobSuccessResultInput struct {
	JobID             string            `json:"jobId"`
	ContinuationToken string            `json:"continuationToken"`
	ExecutionDetails  *JobProgress      `json:"executionDetails"`
	OutputVariables   map[string]string `json:"outputVariables"`
}

// JobProgress is what a job says about itself.
type JobProgress struct {
	Summary             string `json:"summary"`
	ExternalExecutionID string `json:"externalExecutionId"`
	PercentComplete     int    `json:"percentComplete"`
}

// PutJobFailureResultInput reports that a job failed.
type PutJobFailureResultInput struct {
	JobID          string `json:"jobId"`
	FailureDetails struct {
		Type                string `json:"type"`
		Message             string `json:"message"`
		ExternalExecutionID string `json:"externalExecutionId"`
	} `json:"failureDetails"`
}

// GetJobDetailsInput names a job.
type GetJobDetailsInput struct {
	JobID string `json:"jobId"`
}

// GetJobDetailsOutput is one job.
type GetJobDetailsOutput struct {
	JobDetails JobDetails `json:"jobDetails"`
}

// JobDetails are what a function may learn about its job.
type JobDetails struct {
	ID        string  `json:"id"`
	AccountID string  `json:"accountId"`
	Data      JobData `json:"data"`
}

// JobData is the work: its configuration, artifacts, and where in which
// pipeline it belongs.
type JobData struct {
	ActionType          ActionType          `json:"actionTypeId"`
	ActionConfiguration ActionConfiguration `json:"actionConfiguration"`
	PipelineContext     PipelineContext     `json:"pipelineContext"`
	InputArtifacts      []JobArtifact       `json:"inputArtifacts"`
	OutputArtifacts     []JobArtifact       `json:"outputArtifacts"`
	ArtifactCredentials JobCredentials      `json:"artifactCredentials"`
	ContinuationToken   string              `json:"continuationToken,omitempty"`
	EncryptionKey       *EncryptionKey      `json:"encryptionKey,omitempty"`
}

// ActionConfiguration is an action's configuration with its variables filled
// in.
type ActionConfiguration struct {
	Configuration map[string]string `json:"configuration"`
}

// A PipelineContext says where a job belongs.
type PipelineContext struct {
	PipelineName        string        `json:"pipelineName"`
	PipelineARN         string        `json:"pipelineArn"`
	PipelineExecutionID string        `json:"pipelineExecutionId"`
	Stage               StageContext  `json:"stage"`
	Action              ActionContext `json:"action"`
}

// A StageContext names a stage.
type StageContext struct {
	Name string `json:"name"`
}

// An ActionContext names an action and its run.
type ActionContext struct {
	Name              string `json:"name"`
	ActionExecutionID string `json:"actionExecutionId"`
}

// A JobArtifact is an artifact as jobs see it.
type JobArtifact struct {
	Name     string              `json:"name"`
	Revision *string             `json:"revision,omitempty"`
	Location JobArtifactLocation `json:"location"`
}

// A JobArtifactLocation is an S3 location as jobs see it.
type JobArtifactLocation struct {
	Type       string        `json:"type"`
	S3Location JobS3Location `json:"s3Location"`
}

// A JobS3Location is a bucket and a key as jobs see them.
type JobS3Location struct {
	BucketName string `json:"bucketName"`
	ObjectKey  string `json:"objectKey"`
}

// JobCredentials open the artifact bucket for one job.
type JobCredentials struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
}
