// Package event reads what AWS sends to a Lambda function: EventBridge events,
// SQS batches and HTTP requests, and turns each into a plain value. It is the
// only package that knows their JSON. Our own schedules send events of the same
// form, so that a function needs no other way in.
//
// It does not decide anything. Events are hints: they come twice, late, out of
// order, or never, so whoever acts on one reads the truth through the API.
//
// The types are our own, because a real event has numbers such as 3.0 where
// aws-lambda-go's type for it wants an integer and fails.
package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// An Event is one thing that happened. Its dynamic type is one of this
// package's event types, or Ignored.
//
//sumtype:decl
type Event interface {
	// About returns the envelope.
	About() Meta
	event()
}

// Meta is the envelope of an event.
type Meta struct {
	// ID is the same when EventBridge delivers an event again. AWS may also
	// report one change under two ids.
	ID      string
	Account string
	Region  string
	// Time is when the event was made, in whole seconds: too coarse to order by.
	Time time.Time
}

// About returns m; event types have it by embedding Meta.
func (m Meta) About() Meta { return m }

// A Kind says what an event is about.
type Kind struct {
	Source     string
	DetailType string
}

// Ignored is an event of a kind that we do not read. It is not an error: AWS
// adds kinds, and a wide pattern may deliver more than we asked for.
type Ignored struct {
	Meta
	Kind Kind
}

func (Ignored) event() {}

// envelope is the outer JSON of an EventBridge event.
type envelope struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	Source     string          `json:"source"`
	DetailType string          `json:"detail-type"`
	Account    string          `json:"account"`
	Region     string          `json:"region"`
	Time       string          `json:"time"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// A decoder makes an event of the detail of one kind.
type decoder func(Meta, envelope, *fields) Event

// decoders lists every kind that we read.
var decoders = map[Kind]decoder{
	{"aws.codepipeline", "CodePipeline Pipeline Execution State Change"}: detail(pipelineChanged),
	{"aws.codepipeline", "CodePipeline Stage Execution State Change"}:    detail(stageChanged),
	{"aws.codepipeline", "CodePipeline Action Execution State Change"}:   detail(actionChanged),
	{"aws.codebuild", "CodeBuild Build State Change"}:                    detail(buildChanged),
	{"aws.codebuild", "CodeBuild Build Phase Change"}:                    detail(buildPhaseChanged),
	{"aws.ecr", "ECR Image Action"}:                                      detail(imageChanged),
	{"aws.ecr", "ECR Image Scan"}:                                        detail(imageScanned),
	{"aws.ecr", "ECR Pull Through Cache Action"}:                         detail(imageCached),
	{"aws.ecr", "ECR Replication Action"}:                                detail(imageReplicated),
	{"aws.ecr", "ECR Referrer Action"}:                                   detail(referrerChanged),
	{"aws.ecr", "ECR Scan Resource Change"}:                              detail(scanSettingsChanged),
	{"aws.inspector2", "Inspector2 Scan"}:                                detail(inspectorScanned),
	{"aws.inspector2", "Inspector2 Finding"}:                             detail(findingChanged),
	{"aws.inspector2", "Inspector2 Coverage"}:                            coverageChanged,
	{Ours, AlarmType}:     detail(alarmRang),
	{Ours, ReconcileType}: detail(reconcileDue),
	{Ours, SweepType}:     detail(sweepDue),
}

// detail makes a decoder of a function that reads a detail of type D.
func detail[D any](read func(Meta, D, *fields) Event) decoder {
	return func(m Meta, env envelope, f *fields) Event {
		var d D
		f.json("detail", env.Detail, &d)
		return read(m, d, f)
	}
}

// Parse reads one EventBridge event. An event of a kind that we do not know is
// Ignored. Broken JSON, or JSON without a field that we need, is a
// *MalformedError; running it again will not help.
func Parse(raw json.RawMessage) (Event, error) {
	var env envelope
	f := &fields{}
	f.json("", raw, &env)
	kind := Kind{Source: f.text("source", env.Source), DetailType: f.text("detail-type", env.DetailType)}
	decode, known := decoders[kind]
	if f.err == nil && !known {
		return Ignored{Meta: Meta{ID: env.ID, Account: env.Account, Region: env.Region}, Kind: kind}, nil
	}
	var ev Event
	if f.err == nil {
		ev = decode(f.meta(env), env, f)
	}
	if f.err != nil {
		return nil, &MalformedError{ID: env.ID, Kind: kind, Field: f.bad, Err: f.err}
	}
	return ev, nil
}

// A MalformedError is JSON that cannot be read. It names the place, never the
// content.
type MalformedError struct {
	// ID and Kind are those of an event; empty when it is too broken to say,
	// or no event.
	ID   string
	Kind Kind
	// Field is the path of the first field at fault, or empty for the whole.
	Field string
	Err   error
}

// Error says which event, what kind and which field.
func (e *MalformedError) Error() string {
	where := "malformed JSON"
	if e.Kind != (Kind{}) {
		where = fmt.Sprintf("malformed %q event %s from %s", clip(e.Kind.DetailType), clip(e.ID), clip(e.Kind.Source))
	}
	if e.Field != "" {
		where += ": " + e.Field
	}
	return where + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *MalformedError) Unwrap() error { return e.Err }

var errMissing = errors.New("missing")
