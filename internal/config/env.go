// Package config reads what is configured: the environment of each function,
// and the compiled configuration file that is packaged with it.
//
// Nothing else reads either. This package is linked into functions, whose
// cold starts people wait for, so it knows only JSON; YAML, the schema and the
// diagnostics are in internal/config/source, which runs before a deployment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
)

// Approval is the environment of the function that asks, counts and decides.
type Approval struct {
	// Table is the name of the DynamoDB table.
	Table string
	// TopicARN is the SNS topic of the approval mails.
	TopicARN string
	// LinkKeyID is the KMS key that signs the links in them.
	LinkKeyID string
	// SlackTokenSecret is the ARN of the secret with Slack's bot token.
	SlackTokenSecret string
	// SlackAPIURL ends in a slash.
	SlackAPIURL string
	SlackTeamID string
	// PublicURL is where people reach the HTTP API; it ends in no slash.
	PublicURL string
	// File is the path of the compiled configuration file, for LoadFile.
	File     string
	LogLevel slog.Level

	// OperationsTopicARN is the SNS topic that break-glass is told to.
	OperationsTopicARN string
	// ScheduleGroup is the name of the Scheduler group for one-time schedules,
	// ScheduleRoleARN the role that they run under, and FunctionARN the function
	// that they invoke: this one.
	ScheduleGroup   string
	ScheduleRoleARN string
	FunctionARN     string
	// EventDeadLettersARN is the SQS queue for what could not be delivered to
	// this function.
	EventDeadLettersARN string
	// PipelineRole is the name, with its path, of the role to assume in
	// PipelineAccounts. It is set when there are any.
	PipelineRole string
	// PipelineAccounts are the other accounts with pipelines to govern, and
	// PipelineRegions the Regions with pipelines besides this one. Both are
	// usually empty.
	PipelineAccounts []string
	PipelineRegions  []string
	// AuditBucket is the bucket that the audit trail is exported to; empty for
	// no export.
	AuditBucket string
}

// Slack is the environment of the function behind Slack's requests.
type Slack struct {
	VotesQueueURL string
	// SigningSecret and TokenSecret are ARNs of secrets.
	SigningSecret string
	TokenSecret   string
	// APIURL ends in a slash.
	APIURL   string
	AppID    string
	TeamID   string
	LogLevel slog.Level
}

// Web is the environment of the function behind the links in mails.
type Web struct {
	Table         string
	LinkKeyID     string
	VotesQueueURL string
	// PublicBadges shows badges to whoever knows the name of a pipeline.
	PublicBadges bool
	LogLevel     slog.Level
}

// LoadApproval reads an Approval through getenv, usually os.Getenv. The error
// has one line for each variable that is missing or wrong.
func LoadApproval(getenv func(string) string) (Approval, error) {
	r := reader{getenv: getenv}
	a := Approval{
		Table:            r.table(),
		TopicARN:         r.required("TOPIC_ARN", topicARN),
		LinkKeyID:        r.required("LINK_KEY_ID", keyID),
		SlackTokenSecret: r.required("SLACK_TOKEN_SECRET", secretARN),
		SlackAPIURL:      r.slackAPI(),
		SlackTeamID:      r.required("SLACK_TEAM_ID", teamID),
		PublicURL:        strings.TrimRight(r.required("PUBLIC_URL", publicURL), "/"),
		File:             r.file(),
		LogLevel:         r.level(),

		OperationsTopicARN:  r.required("OPERATIONS_TOPIC_ARN", operationsTopicARN),
		ScheduleGroup:       r.required("SCHEDULE_GROUP", scheduleGroup),
		ScheduleRoleARN:     r.required("SCHEDULE_ROLE_ARN", roleARN),
		FunctionARN:         r.required("FUNCTION_ARN", functionARN),
		EventDeadLettersARN: r.required("EVENT_DEAD_LETTERS_ARN", queueARN),
		PipelineRole:        r.optional("PIPELINE_ROLE", "", roleName),
		PipelineAccounts:    r.list("PIPELINE_ACCOUNTS", accountIDs),
		PipelineRegions:     r.list("PIPELINE_REGIONS", regionNames),
		AuditBucket:         r.optional("AUDIT_BUCKET", "", bucketName),
	}
	r.roleFor(a.PipelineAccounts)
	return a, errors.Join(r.problems...)
}

// LoadSlack reads a Slack through getenv, as LoadApproval does.
func LoadSlack(getenv func(string) string) (Slack, error) {
	r := reader{getenv: getenv}
	s := Slack{
		VotesQueueURL: r.required("VOTES_QUEUE_URL", queueURL),
		SigningSecret: r.required("SLACK_SIGNING_SECRET", secretARN),
		TokenSecret:   r.required("SLACK_TOKEN_SECRET", secretARN),
		APIURL:        r.slackAPI(),
		AppID:         r.required("SLACK_APP_ID", appID),
		TeamID:        r.required("SLACK_TEAM_ID", teamID),
		LogLevel:      r.level(),
	}
	return s, errors.Join(r.problems...)
}

// LoadWeb reads a Web through getenv, as LoadApproval does.
func LoadWeb(getenv func(string) string) (Web, error) {
	r := reader{getenv: getenv}
	w := Web{
		Table:         r.table(),
		LinkKeyID:     r.required("LINK_KEY_ID", keyID),
		VotesQueueURL: r.required("VOTES_QUEUE_URL", queueURL),
		PublicBadges:  r.optional("PUBLIC_BADGES", "false", truth) == "true",
		LogLevel:      r.level(),
	}
	return w, errors.Join(r.problems...)
}

// defaultSlackAPI is Slack's Web API:
// https://docs.slack.dev/apis/web-api/
const defaultSlackAPI = "https://slack.com/api/"

// A reader reads variables and collects what is wrong with them. Its Load…
// function returns the collection; nothing else may use it.
type reader struct {
	getenv   func(string) string
	problems []error
}

// required reads a variable that must be set and have the form f.
func (r *reader) required(name string, f form) string {
	v := r.getenv(name)
	if v == "" {
		r.problems = append(r.problems, fmt.Errorf("%s is not set: set it to %s", name, f.what))
		return ""
	}
	return r.checked(name, v, f)
}

// optional is required, except that an empty variable means fallback.
func (r *reader) optional(name, fallback string, f form) string {
	v := r.getenv(name)
	if v == "" {
		return fallback
	}
	return r.checked(name, v, f)
}

// list reads a variable that holds values of the form f separated by commas. An
// empty variable is an empty list.
func (r *reader) list(name string, f form) []string {
	v := r.optional(name, "", f)
	if v == "" {
		return nil
	}
	return strings.Split(v, ",")
}

func (r *reader) checked(name, v string, f form) string {
	if f.ok(v) {
		return v
	}
	shown := fmt.Sprintf("%.100q", v)
	if f.hidden {
		shown = "something else, not shown as it may be the secret itself"
	}
	r.problems = append(r.problems, fmt.Errorf("%s is %s: set it to %s", name, shown, f.what))
	return ""
}

func (r *reader) table() string { return r.required("TABLE_NAME", tableName) }

func (r *reader) slackAPI() string {
	return strings.TrimRight(r.optional("SLACK_API_URL", defaultSlackAPI, slackURL), "/") + "/"
}

// file finds the compiled file beside the program, where the build puts it.
// Lambda sets LAMBDA_TASK_ROOT; without it, a relative path stays as it is.
func (r *reader) file() string {
	path := r.required("SIGNALBOX_CONFIG", filePath)
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.getenv("LAMBDA_TASK_ROOT"), path)
}

func (r *reader) level() slog.Level {
	return levels[strings.ToUpper(r.optional("LOG_LEVEL", "INFO", logLevel))]
}
