package api

import "encoding/json"

// A Declaration is a pipeline as its owner writes it, in the shape of the
// model's PipelineDeclaration.
type Declaration struct {
	Name           string                   `json:"name"`
	RoleARN        string                   `json:"roleArn"`
	ArtifactStore  *ArtifactStore           `json:"artifactStore,omitempty"`
	ArtifactStores map[string]ArtifactStore `json:"artifactStores,omitempty"`
	Stages         []Stage                  `json:"stages"`
	Version        int                      `json:"version,omitempty"`
	ExecutionMode  string                   `json:"executionMode,omitempty"`
	PipelineType   string                   `json:"pipelineType,omitempty"`
	Variables      []Variable               `json:"variables,omitempty"`
	// Triggers are kept as given: nothing pushes to a local repository.
	Triggers json.RawMessage `json:"triggers,omitempty"`
}

// The execution modes and pipeline types.
const (
	Superseded = "SUPERSEDED"
	Queued     = "QUEUED"
	Parallel   = "PARALLEL"

	V1 = "V1"
	V2 = "V2"
)

// An ArtifactStore is where a pipeline keeps its artifacts.
type ArtifactStore struct {
	Type          string         `json:"type"`
	Location      string         `json:"location"`
	EncryptionKey *EncryptionKey `json:"encryptionKey,omitempty"`
}

// An EncryptionKey is the key that the artifacts are encrypted with.
type EncryptionKey struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// A Stage holds one execution at a time and runs its actions.
type Stage struct {
	Name        string             `json:"name"`
	Blockers    json.RawMessage    `json:"blockers,omitempty"`
	Actions     []Action           `json:"actions"`
	OnFailure   *FailureConditions `json:"onFailure,omitempty"`
	OnSuccess   *Conditions        `json:"onSuccess,omitempty"`
	BeforeEntry *Conditions        `json:"beforeEntry,omitempty"`
}

// An Action is one task of a stage.
type Action struct {
	Name                 string            `json:"name"`
	Type                 ActionType        `json:"actionTypeId"`
	RunOrder             int               `json:"runOrder,omitempty"`
	Configuration        map[string]string `json:"configuration"`
	Commands             []string          `json:"commands,omitempty"`
	OutputArtifacts      []ArtifactName    `json:"outputArtifacts"`
	InputArtifacts       []ArtifactName    `json:"inputArtifacts"`
	OutputVariables      []string          `json:"outputVariables,omitempty"`
	RoleARN              string            `json:"roleArn,omitempty"`
	Region               string            `json:"region,omitempty"`
	Namespace            string            `json:"namespace,omitempty"`
	TimeoutInMinutes     int               `json:"timeoutInMinutes,omitempty"`
	EnvironmentVariables json.RawMessage   `json:"environmentVariables,omitempty"`
}

// An ActionType says who carries an action out.
type ActionType struct {
	Category string `json:"category"`
	Owner    string `json:"owner"`
	Provider string `json:"provider"`
	Version  string `json:"version"`
}

// An ArtifactName names an artifact that an action reads or writes.
type ArtifactName struct {
	Name  string   `json:"name"`
	Files []string `json:"files,omitempty"`
}

// A Variable is a pipeline variable with its default.
type Variable struct {
	Name         string `json:"name"`
	DefaultValue string `json:"defaultValue,omitempty"`
	Description  string `json:"description,omitempty"`
}

// A Tag labels a resource.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}
