package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Notify is the environment of the function that folds events.
type Notify struct {
	Table         string
	CardsQueueURL string
	// File is the path of the compiled configuration file, for LoadFile.
	File     string
	LogLevel slog.Level
}

// Deliver is the environment of the function that tells people of releases.
type Deliver struct {
	Table         string
	CardsQueueURL string
	// SlackTokenSecret is the ARN of the secret with Slack's bot token.
	SlackTokenSecret string
	// SlackAPIURL ends in a slash.
	SlackAPIURL string
	SlackTeamID string
	// OperationsTopicARN is the SNS topic that is told what is out of order.
	OperationsTopicARN string
	// FunctionARN is this function's.
	FunctionARN string
	// PipelineRole, PipelineAccounts and PipelineRegions are as in Approval.
	PipelineRole     string
	PipelineAccounts []string
	PipelineRegions  []string
	// PublicURL is where people reach the HTTP API; it ends in no slash.
	PublicURL string
	// File is the path of the compiled configuration file, for LoadFile.
	File     string
	LogLevel slog.Level
}

// Queue is the environment of the function that retries, rolls back and stops.
type Queue struct {
	Table string
	// SlackTokenSecret is the ARN of the secret with Slack's bot token.
	SlackTokenSecret string
	// SlackAPIURL ends in a slash.
	SlackAPIURL string
	SlackTeamID string
	// FunctionARN is this function's.
	FunctionARN string
	// PipelineRole, PipelineAccounts and PipelineRegions are as in Approval.
	PipelineRole     string
	PipelineAccounts []string
	PipelineRegions  []string
	// File is the path of the compiled configuration file, for LoadFile.
	File     string
	LogLevel slog.Level
}

// LoadQueue reads a Queue through getenv, as LoadApproval does.
func LoadQueue(getenv func(string) string) (Queue, error) {
	r := reader{getenv: getenv}
	q := Queue{
		Table:            r.table(),
		SlackTokenSecret: r.required("SLACK_TOKEN_SECRET", secretARN),
		SlackAPIURL:      r.slackAPI(),
		SlackTeamID:      r.required("SLACK_TEAM_ID", teamID),
		FunctionARN:      r.required("FUNCTION_ARN", functionARN),
		PipelineRole:     r.optional("PIPELINE_ROLE", "", roleName),
		PipelineAccounts: r.list("PIPELINE_ACCOUNTS", accountIDs),
		PipelineRegions:  r.list("PIPELINE_REGIONS", regionNames),
		File:             r.file(),
		LogLevel:         r.level(),
	}
	r.roleFor(q.PipelineAccounts)
	return q, errors.Join(r.problems...)
}

// LoadNotify reads a Notify through getenv, as LoadApproval does.
func LoadNotify(getenv func(string) string) (Notify, error) {
	r := reader{getenv: getenv}
	n := Notify{
		Table:         r.table(),
		CardsQueueURL: r.required("CARDS_QUEUE_URL", cardsQueueURL),
		File:          r.file(),
		LogLevel:      r.level(),
	}
	return n, errors.Join(r.problems...)
}

// LoadDeliver reads a Deliver through getenv, as LoadApproval does.
func LoadDeliver(getenv func(string) string) (Deliver, error) {
	r := reader{getenv: getenv}
	d := Deliver{
		Table:              r.table(),
		CardsQueueURL:      r.required("CARDS_QUEUE_URL", cardsQueueURL),
		SlackTokenSecret:   r.required("SLACK_TOKEN_SECRET", secretARN),
		SlackAPIURL:        r.slackAPI(),
		SlackTeamID:        r.required("SLACK_TEAM_ID", teamID),
		OperationsTopicARN: r.required("OPERATIONS_TOPIC_ARN", operationsTopicARN),
		FunctionARN:        r.required("FUNCTION_ARN", functionARN),
		PipelineRole:       r.optional("PIPELINE_ROLE", "", roleName),
		PipelineAccounts:   r.list("PIPELINE_ACCOUNTS", accountIDs),
		PipelineRegions:    r.list("PIPELINE_REGIONS", regionNames),
		PublicURL:          strings.TrimRight(r.required("PUBLIC_URL", publicURL), "/"),
		File:               r.file(),
		LogLevel:           r.level(),
	}
	r.roleFor(d.PipelineAccounts)
	return d, errors.Join(r.problems...)
}

// roleFor requires PIPELINE_ROLE where there are other accounts.
func (r *reader) roleFor(accounts []string) {
	if len(accounts) > 0 && r.getenv("PIPELINE_ROLE") == "" {
		r.problems = append(r.problems, fmt.Errorf("PIPELINE_ROLE is not set, and PIPELINE_ACCOUNTS is: set it to %s", roleName.what))
	}
}

var cardsQueueURL = form{
	what: "the URL of the FIFO cards queue, https://HOST/ACCOUNT/NAME.fifo",
	ok:   isQueueURL,
}
