package scheduler

import (
	_ "embed" // for the model
	"net/http"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

//go:generate ../../../.venv/bin/python ../codepipeline/api/extract.py scheduler/2021-06-30 scheduler.json

//go:embed scheduler.json
var modelJSON []byte

// The error types that the service model lists.
const (
	validation = "ValidationException"
	notFound   = "ResourceNotFoundException"
	conflict   = "ConflictException"
)

// statuses are the HTTP statuses of the error types; the rest are 400.
// (Service model: scheduler 2021-06-30.)
var statuses = map[string]int{
	notFound:             http.StatusNotFound,
	conflict:             http.StatusConflict,
	api.TooLarge:         http.StatusRequestEntityTooLarge,
	api.UnknownOperation: http.StatusNotFound,
	api.InternalFailure:  http.StatusInternalServerError,
}

func invalid(format string, args ...any) *api.Error { return api.Errorf(validation, format, args...) }

// A declaration is what CreateSchedule and UpdateSchedule are given, and
// GetSchedule gives back, with the members that matter here.
type declaration struct {
	Name                       string
	GroupName                  string
	Description                string `json:",omitempty"`
	ScheduleExpression         string
	ScheduleExpressionTimezone string
	StartDate                  *float64 `json:",omitempty"` // epoch seconds
	EndDate                    *float64 `json:",omitempty"`
	FlexibleTimeWindow         flexibleTimeWindow
	Target                     target
	State                      string
	ActionAfterCompletion      string
	KmsKeyArn                  string `json:",omitempty"`
}

type flexibleTimeWindow struct {
	Mode                   string
	MaximumWindowInMinutes *int `json:",omitempty"`
}

type target struct {
	Arn, RoleArn     string
	Input            string            `json:",omitempty"`
	RetryPolicy      *retryPolicy      `json:",omitempty"`
	DeadLetterConfig *deadLetterConfig `json:",omitempty"`
}

type retryPolicy struct {
	MaximumEventAgeInSeconds *int `json:",omitempty"`
	MaximumRetryAttempts     *int `json:",omitempty"`
}

type deadLetterConfig struct {
	Arn string `json:",omitempty"`
}

// What is meant by a member that is left out. (API reference, CreateSchedule
// and RetryPolicy.)
const (
	defaultGroup    = "default"
	defaultZone     = "UTC"
	enabled         = "ENABLED"
	keep, remove    = "NONE", "DELETE" // actions after completion
	defaultAge      = 86400            // seconds
	defaultAttempts = 185
)

// complete fills in what was left out.
func (d *declaration) complete() {
	orElse(&d.GroupName, defaultGroup)
	orElse(&d.ScheduleExpressionTimezone, defaultZone)
	orElse(&d.State, enabled)
	orElse(&d.ActionAfterCompletion, keep)
	policy := retryPolicy{}
	if d.Target.RetryPolicy != nil {
		policy = *d.Target.RetryPolicy
	}
	if policy.MaximumEventAgeInSeconds == nil {
		policy.MaximumEventAgeInSeconds = new(defaultAge)
	}
	if policy.MaximumRetryAttempts == nil {
		policy.MaximumRetryAttempts = new(defaultAttempts)
	}
	d.Target.RetryPolicy = &policy
}

func orElse(text *string, other string) {
	if *text == "" {
		*text = other
	}
}
