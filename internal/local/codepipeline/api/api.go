// Package api is the vocabulary of CodePipeline's JSON 1.1 API: its requests,
// answers and errors, and the service model that says which of them are valid.
//
// It knows shapes only. What an operation does is in package engine, and how
// it arrives over HTTP is in package codepipeline.
package api

import (
	"fmt"
	"strconv"
	"time"
)

//go:generate ../../../../.venv/bin/python extract.py

// An Error is a refusal that a client receives: HTTP 400 with these two
// members.
type Error struct {
	// Type is the error's name in the service model, such as
	// "PipelineNotFoundException".
	Type string `json:"__type"`
	// Message says what was wrong and names the member or resource.
	Message string `json:"message"`
}

// Error is the type and the message.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Errorf is an Error of the type kind with a formatted message.
func Errorf(kind, format string, args ...any) *Error {
	return &Error{Type: kind, Message: fmt.Sprintf(format, args...)}
}

// The error types that more than one operation answers with.
const (
	Validation        = "ValidationException"
	Serialization     = "SerializationException"
	PipelineNotFound  = "PipelineNotFoundException"
	ExecutionNotFound = "PipelineExecutionNotFoundException"
	StageNotFound     = "StageNotFoundException"
	ActionNotFound    = "ActionNotFoundException"
	InvalidNextToken  = "InvalidNextTokenException" //nolint:gosec // the name of an error, no credential
	JobNotFound       = "JobNotFoundException"
	InvalidJobState   = "InvalidJobStateException"
)

// The errors of the protocol, which no operation lists. NotImplemented is ours:
// the operation exists in AWS and not here.
const (
	UnknownOperation = "UnknownOperationException"
	NotImplemented   = "NotImplementedException"
	TooLarge         = "RequestEntityTooLargeException"
	InternalFailure  = "InternalFailure"
)

var protocolErrors = []string{Serialization, UnknownOperation, NotImplemented, TooLarge, InternalFailure}

// A Time travels as epoch seconds with milliseconds, as JSON 1.1 has it.
type Time struct{ time.Time }

// MarshalJSON writes the epoch seconds, as in 1773134102.417.
func (t Time) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(t.UnixMilli())/1000, 'f', 3, 64), nil
}
