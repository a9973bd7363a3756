package event

import "time"

// executionDetail is the part that the three levels share.
type executionDetail struct {
	Pipeline    string `json:"pipeline"`
	ExecutionID string `json:"execution-id"`
	State       string `json:"state"`
	Attempt     number `json:"pipeline-execution-attempt"`
	StartTime   string `json:"start-time"`
}

func (d executionDetail) read(f *fields) Execution {
	return Execution{
		Pipeline:    f.text("detail.pipeline", d.Pipeline),
		ExecutionID: f.text("detail.execution-id", d.ExecutionID),
		State:       State(f.text("detail.state", d.State)),
		// Some events say 0, or nothing, before the first retry.
		Attempt:   max(1, f.whole("detail.pipeline-execution-attempt", d.Attempt)),
		StartedAt: optionalTime(d.StartTime, time.RFC3339),
	}
}

type pipelineDetail struct {
	executionDetail
	Trigger    *triggerDetail `json:"execution-trigger"`
	StopReason string         `json:"stop-execution-comments"`
}

// triggerDetail has two shapes under one name: the first two fields when a
// pipeline starts, the others when a pipeline with a connection ends.
type triggerDetail struct {
	Type   string `json:"trigger-type"`
	Detail string `json:"trigger-detail"`

	CommitID    string `json:"commit-id"`
	Message     string `json:"commit-message"`
	Repository  string `json:"full-repository-name"`
	Provider    string `json:"provider-type"`
	Branch      string `json:"branch-name"`
	Tag         string `json:"tag-name"`
	AuthorName  string `json:"author-display-name"`
	AuthorEmail string `json:"author-email"`
}

func pipelineChanged(m Meta, d pipelineDetail, f *fields) Event {
	e := PipelineChanged{Meta: m, Execution: d.read(f), StopReason: d.StopReason}
	t := d.Trigger
	if t == nil {
		return e
	}
	e.Trigger = Trigger{Type: t.Type, Detail: t.Detail}
	if t.CommitID != "" {
		e.Commit = &Commit{
			ID: t.CommitID, Message: t.Message, Repository: t.Repository, Provider: t.Provider,
			Branch: t.Branch, Tag: t.Tag, AuthorName: t.AuthorName, AuthorEmail: t.AuthorEmail,
		}
	}
	return e
}

type stageDetail struct {
	executionDetail
	Stage string `json:"stage"`
}

func stageChanged(m Meta, d stageDetail, f *fields) Event {
	return StageChanged{Meta: m, Execution: d.read(f), Stage: f.text("detail.stage", d.Stage)}
}

type actionDetail struct {
	executionDetail
	Stage             string `json:"stage"`
	Action            string `json:"action"`
	ActionExecutionID string `json:"action-execution-id"`
	Region            string `json:"region"`
	// Type also has a version, a string here and a number in aws-lambda-go;
	// nobody needs it.
	Type struct {
		Owner    string `json:"owner"`
		Category string `json:"category"`
		Provider string `json:"provider"`
	} `json:"type"`
	Result struct {
		ExternalID string `json:"external-execution-id"`
		Summary    string `json:"external-execution-summary"`
		URL        string `json:"external-execution-url"`
		ErrorCode  string `json:"error-code"`
	} `json:"execution-result"`
	Inputs  []artifactDetail `json:"input-artifacts"`
	Outputs []artifactDetail `json:"output-artifacts"`
}

type artifactDetail struct {
	Name     string `json:"name"`
	Location struct {
		Bucket string `json:"bucket"`
		Key    string `json:"key"`
	} `json:"s3location"`
}

func actionChanged(m Meta, d actionDetail, f *fields) Event {
	return ActionChanged{
		Meta:              m,
		Execution:         d.read(f),
		Stage:             f.text("detail.stage", d.Stage),
		Action:            f.text("detail.action", d.Action),
		ActionExecutionID: d.ActionExecutionID,
		ActionRegion:      d.Region,
		Type: ActionType{
			Owner:    f.text("detail.type.owner", d.Type.Owner),
			Category: f.text("detail.type.category", d.Type.Category),
			Provider: f.text("detail.type.provider", d.Type.Provider),
		},
		Result:  Result(d.Result),
		Inputs:  artifacts(d.Inputs),
		Outputs: artifacts(d.Outputs),
	}
}

func artifacts(details []artifactDetail) []Artifact {
	var all []Artifact
	for _, d := range details {
		all = append(all, Artifact{Name: d.Name, Bucket: d.Location.Bucket, Key: d.Location.Key})
	}
	return all
}
