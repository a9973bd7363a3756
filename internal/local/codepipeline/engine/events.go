package engine

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// Source is the source of every event.
const Source = "aws.codepipeline"

// An Event is one change of state as CodePipeline puts it on EventBridge. The
// bus adds the account and the Region.
type Event struct {
	// ID is a UUID of its own, which a repeated delivery keeps.
	ID string
	// DetailType is one of the three "CodePipeline … Execution State Change".
	DetailType string
	// Time is when it happened; EventBridge keeps whole seconds.
	Time time.Time
	// Resource is the pipeline's ARN.
	Resource string
	// Detail is the JSON object under "detail".
	Detail json.RawMessage
}

// A detail is the union of the three kinds of event.
type detail struct {
	Pipeline          string               `json:"pipeline"`
	ExecutionID       string               `json:"execution-id"`
	StartTime         string               `json:"start-time,omitempty"`
	Stage             string               `json:"stage,omitempty"`
	StageRetried      string               `json:"stage-last-retry-attempt-time,omitempty"`
	Result            *executionResult     `json:"execution-result,omitempty"`
	Trigger           map[string]string    `json:"execution-trigger,omitempty"`
	StopComments      string               `json:"stop-execution-comments,omitempty"`
	InputArtifacts    []api.ArtifactDetail `json:"input-artifacts,omitempty"`
	OutputArtifacts   []api.ArtifactDetail `json:"output-artifacts,omitempty"`
	ActionExecutionID string               `json:"action-execution-id,omitempty"`
	Action            string               `json:"action,omitempty"`
	State             string               `json:"state"`
	Region            string               `json:"region,omitempty"`
	Type              *api.ActionType      `json:"type,omitempty"`
	Version           float                `json:"version"`
	Attempt           float                `json:"pipeline-execution-attempt"`
}

type executionResult struct {
	URL       string `json:"external-execution-url,omitempty"`
	Summary   string `json:"external-execution-summary,omitempty"`
	ID        string `json:"external-execution-id,omitempty"`
	ErrorCode string `json:"error-code,omitempty"`
}

// A float is a whole number that CodePipeline prints as 3.0.
type float int

// MarshalJSON writes the number with its ".0".
func (f float) MarshalJSON() ([]byte, error) { return []byte(strconv.Itoa(int(f)) + ".0"), nil }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// eventState is how events spell a status: CANCELED has one L there.
func eventState(s status) string {
	if s == cancelled {
		return "CANCELED"
	}
	return strings.ToUpper(s)
}

func (e *Engine) emit(x *execution, level string, d detail) {
	d.Pipeline, d.ExecutionID = x.decl.Name, x.id
	d.Version, d.Attempt = float(x.decl.Version), float(x.attempt)
	raw, err := json.Marshal(d)
	if err != nil { // strings and numbers only
		return
	}
	e.opts.Effects.Publish(Event{
		ID: e.newID(), DetailType: "CodePipeline " + level + " Execution State Change",
		Time: e.now(), Resource: e.arn(x.decl.Name), Detail: raw,
	})
}

func (e *Engine) emitPipeline(x *execution, state string) {
	d := detail{State: state, StartTime: stamp(x.started)}
	switch state {
	case "STARTED":
		d.Trigger = map[string]string{"trigger-type": x.trigger.TriggerType}
		if x.trigger.TriggerDetail != "" {
			d.Trigger["trigger-detail"] = x.trigger.TriggerDetail
		}
	case "STOPPING":
		d.StopComments = x.stop.reason
	case "SUCCEEDED", "FAILED":
		d.Trigger = x.gitTrigger()
	}
	e.emit(x, "Pipeline", d)
}

// emitStage emits a stage event. RESUMED has no start time, and from then on
// every event of the stage has the time of the retry.
func (e *Engine) emitStage(x *execution, p *pass, state string) {
	d := detail{State: state, Stage: p.stage.Name, StartTime: stamp(p.started), StageRetried: stamp(p.retried)}
	if state == "RESUMED" {
		d.StartTime = ""
	}
	e.emit(x, "Stage", d)
}

func (e *Engine) emitAction(r *run, state string) {
	kind := r.action.Type
	d := detail{
		State: state, Stage: r.pass.stage.Name, Action: r.action.Name, ActionExecutionID: r.id,
		Type: &kind, StartTime: stamp(r.started), Region: e.regionOf(r.action),
	}
	switch state {
	case "STARTED":
		d.InputArtifacts = r.inputs
		if !startedNamesRegion(kind.Category) {
			d.Region = ""
		}
	case "ABANDONED":
		d.StartTime = ""
	case "SUCCEEDED":
		d.OutputArtifacts = r.outputs
		d.Result = r.outcome.result()
	case "FAILED":
		d.Result = r.outcome.result()
	}
	e.emit(r.execution, "Action", d)
}

func (o outcome) result() *executionResult {
	r := executionResult{URL: o.url, Summary: o.summary, ID: o.externalID, ErrorCode: o.code}
	if r == (executionResult{}) {
		return nil
	}
	if r.Summary == "" {
		r.Summary = o.message
	}
	return &r
}

// gitTrigger is the trigger in the end events of a pipeline with a connection
// source: the commit. It is missing when the source did not get that far.
func (x *execution) gitTrigger() map[string]string {
	for _, r := range x.revisions {
		if r.connection != "" {
			return map[string]string{
				"author-display-name":  r.commit.Author,
				"full-repository-name": r.repository,
				"provider-type":        gitProvider,
				"author-email":         r.commit.Email,
				"commit-message":       r.commit.Message,
				"author-date":          r.commit.At.UTC().Format(time.RFC3339),
				"branch-name":          r.branch,
				"commit-id":            r.id,
				"connection-arn":       r.connection,
				"author-id":            r.commit.authorID(),
			}
		}
	}
	return nil
}
