package config_test

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/config"
)

const (
	account    = "arn:aws:sns:eu-west-1:000000000000:approvals"
	operations = "arn:aws:sns:eu-west-1:000000000000:operations"
	role       = "arn:aws:iam::000000000000:role/signalbox-dev-ScheduleRole-1ABC"
	function   = "arn:aws:lambda:eu-west-1:000000000000:function:signalbox-dev-approval"
	letters    = "arn:aws:sqs:eu-west-1:000000000000:signalbox-dev-event-dead-letters"
	secret     = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:signalbox/slack-AbCdEf"
)

// approvalEnv, slackEnv and webEnv are what the template sets for each
// function, and nothing else may be read.
func approvalEnv() map[string]string {
	return map[string]string{
		"TABLE_NAME":         "signalbox-dev",
		"TOPIC_ARN":          account,
		"LINK_KEY_ID":        "1f0e3b5c-8a52-4c39-9a58-6d5a3f0c7d11",
		"SLACK_TOKEN_SECRET": secret,
		"SLACK_API_URL":      "http://127.0.0.1:41000/api",
		"SLACK_TEAM_ID":      "T0SIGNALBOX",
		"PUBLIC_URL":         "https://signalbox.example.com/",
		"SIGNALBOX_CONFIG":   "signalbox.json",
		"LOG_LEVEL":          "debug",

		"OPERATIONS_TOPIC_ARN":   operations,
		"SCHEDULE_GROUP":         "signalbox-dev",
		"SCHEDULE_ROLE_ARN":      role,
		"FUNCTION_ARN":           function,
		"EVENT_DEAD_LETTERS_ARN": letters,
		"PIPELINE_ROLE":          "release/signalbox-pipelines",
		"PIPELINE_ACCOUNTS":      "111122223333,444455556666",
		"PIPELINE_REGIONS":       "us-east-1",
		"AUDIT_BUCKET":           "signalbox-dev-auditbucket-1abc",
	}
}

func slackEnv() map[string]string {
	return map[string]string{
		"VOTES_QUEUE_URL":      "https://sqs.eu-west-1.amazonaws.com/000000000000/votes.fifo",
		"SLACK_SIGNING_SECRET": secret,
		"SLACK_TOKEN_SECRET":   secret,
		"SLACK_API_URL":        "",
		"SLACK_APP_ID":         "A0SIGNALBOX",
		"SLACK_TEAM_ID":        "T0SIGNALBOX",
		"LOG_LEVEL":            "",
	}
}

func webEnv() map[string]string {
	return map[string]string{
		"TABLE_NAME":      "signalbox-dev",
		"LINK_KEY_ID":     "alias/signalbox",
		"VOTES_QUEUE_URL": "http://localhost:4566/000000000000/votes.fifo",
		"PUBLIC_BADGES":   "true",
		"LOG_LEVEL":       "Warn",
	}
}

func get(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestLoadApproval(t *testing.T) {
	t.Parallel()
	env := approvalEnv()
	env["LAMBDA_TASK_ROOT"] = "/var/task"
	got, err := config.LoadApproval(get(env))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Approval{
		Table:            "signalbox-dev",
		TopicARN:         account,
		LinkKeyID:        "1f0e3b5c-8a52-4c39-9a58-6d5a3f0c7d11",
		SlackTokenSecret: secret,
		SlackAPIURL:      "http://127.0.0.1:41000/api/",
		SlackTeamID:      "T0SIGNALBOX",
		PublicURL:        "https://signalbox.example.com",
		File:             "/var/task/signalbox.json",
		LogLevel:         slog.LevelDebug,

		OperationsTopicARN:  operations,
		ScheduleGroup:       "signalbox-dev",
		ScheduleRoleARN:     role,
		FunctionARN:         function,
		EventDeadLettersARN: letters,
		PipelineRole:        "release/signalbox-pipelines",
		PipelineAccounts:    []string{"111122223333", "444455556666"},
		PipelineRegions:     []string{"us-east-1"},
		AuditBucket:         "signalbox-dev-auditbucket-1abc",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoadSlackFillsInDefaults(t *testing.T) {
	t.Parallel()
	got, err := config.LoadSlack(get(slackEnv()))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Slack{
		VotesQueueURL: "https://sqs.eu-west-1.amazonaws.com/000000000000/votes.fifo",
		SigningSecret: secret,
		TokenSecret:   secret,
		APIURL:        "https://slack.com/api/",
		AppID:         "A0SIGNALBOX",
		TeamID:        "T0SIGNALBOX",
		LogLevel:      slog.LevelInfo,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoadWeb(t *testing.T) {
	t.Parallel()
	got, err := config.LoadWeb(get(webEnv()))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Web{
		Table:         "signalbox-dev",
		LinkKeyID:     "alias/signalbox",
		VotesQueueURL: "http://localhost:4566/000000000000/votes.fifo",
		PublicBadges:  true,
		LogLevel:      slog.LevelWarn,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// loaders are the functions' loaders without their results.
var loaders = map[string]func(func(string) string) error{
	"approval": func(g func(string) string) error { _, err := config.LoadApproval(g); return err },
	"slack":    func(g func(string) string) error { _, err := config.LoadSlack(g); return err },
	"web":      func(g func(string) string) error { _, err := config.LoadWeb(g); return err },
}

// TestEachFunctionReadsExactlyItsVariables is the list that the template and
// docs/configuration.md have to agree with.
func TestEachFunctionReadsExactlyItsVariables(t *testing.T) {
	t.Parallel()
	envs := map[string]map[string]string{"approval": approvalEnv(), "slack": slackEnv(), "web": webEnv()}
	for function, load := range loaders {
		read := map[string]bool{}
		err := load(func(name string) string {
			if name != "LAMBDA_TASK_ROOT" { // set by Lambda
				read[name] = true
			}
			return envs[function][name]
		})
		if err != nil {
			t.Errorf("%s: %v", function, err)
		}
		want := slices.Sorted(maps.Keys(envs[function]))
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(read))); diff != "" {
			t.Errorf("variables of %s:\n%s", function, diff)
		}
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.LoadWeb(get(map[string]string{"LOG_LEVEL": "loud"}))
	want := strings.Join([]string{
		"TABLE_NAME is not set: set it to the name of the DynamoDB table",
		"LINK_KEY_ID is not set: set it to the id, alias or ARN of the KMS key that signs links",
		"VOTES_QUEUE_URL is not set: set it to the URL of the FIFO votes queue, https://HOST/ACCOUNT/NAME.fifo",
		`LOG_LEVEL is "loud": set it to DEBUG, INFO, WARN or ERROR`,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
