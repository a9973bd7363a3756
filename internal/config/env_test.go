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
	account = "arn:aws:sns:eu-west-1:000000000000:approvals"
	secret  = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:signalbox/slack-AbCdEf"
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

func TestWrongValuesAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		function, name string
		values         []string
	}{
		{"approval", "TABLE_NAME", []string{"a table", "täble"}},
		{"approval", "TOPIC_ARN", []string{
			"approvals", "arn:aws:sqs:eu-west-1:000000000000:approvals", "arn:aws:sns:eu-west-1:0000:approvals",
			"arn:aws:sns::000000000000:approvals", "arn:aws:sns:eu-west-1:000000000000:", "arn:gcp:sns:eu-west-1:000000000000:a",
		}},
		{"approval", "LINK_KEY_ID", []string{"a key", "arn:aws:s3:eu-west-1:000000000000:key/x"}},
		{"slack", "SLACK_SIGNING_SECRET", []string{"8f742231b10e", "arn:aws:secretsmanager:eu-west-1:000000000000:x"}},
		{"slack", "SLACK_TEAM_ID", []string{"my-team", "T0", "t0signalbox", "A0SIGNALBOX"}},
		{"slack", "SLACK_APP_ID", []string{"T0SIGNALBOX", "A0-SIGNALBOX"}},
		{"slack", "SLACK_API_URL", []string{"http://slack.com/api/", "slack.com", "ftp://slack.com/", "https://a:b@slack.com/", "%"}},
		{"approval", "PUBLIC_URL", []string{
			"http://signalbox.example.com", "http://127.0.0.1.example.com", "https://", "https://x/?t=1", "https://x/#", "/approve",
		}},
		{"approval", "SIGNALBOX_CONFIG", []string{"a\nb"}},
		{"web", "VOTES_QUEUE_URL", []string{
			"votes.fifo", "https://sqs/000000000000/votes", "https://sqs/votes.fifo", "https://sqs/1/votes.fifo",
			"https://sqs/000000000000/.fifo", "ftp://sqs/000000000000/votes.fifo", "https:///000000000000/votes.fifo", "%",
		}},
		{"web", "LOG_LEVEL", []string{"verbose", "INFO+3"}},
	}
	envs := map[string]func() map[string]string{"approval": approvalEnv, "slack": slackEnv, "web": webEnv}
	for _, tt := range tests {
		for _, v := range tt.values {
			env := envs[tt.function]()
			env[tt.name] = v
			err := loaders[tt.function](get(env))
			if err == nil || !strings.HasPrefix(err.Error(), tt.name+" is ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s=%q: got %v, want one line about it", tt.name, v, err)
			}
		}
	}
}

func TestRightValuesAreAccepted(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"LINK_KEY_ID":      {"mrk-0123456789abcdef", "arn:aws:kms:eu-west-1:000000000000:key/1f0e", "alias/signalbox-dev"},
		"TOPIC_ARN":        {"arn:aws-us-gov:sns:us-gov-west-1:123456789012:a_b-C"},
		"SLACK_API_URL":    {"", "https://slack-gov.com/api/", "http://[::1]:9/api/", "http://localhost:1", "http://slack.localhost/"},
		"SIGNALBOX_CONFIG": {"/etc/signalbox.json", "build/signalbox.json"},
		"LOG_LEVEL":        {"", "info", "ERROR"},
	} {
		for _, v := range values {
			env := approvalEnv()
			env[name] = v
			if err := loaders["approval"](get(env)); err != nil {
				t.Errorf("%s=%q: %v", name, v, err)
			}
		}
	}
}

// TestAPastedSecretIsNotRepeated: an error ends in a log that many can read.
func TestAPastedSecretIsNotRepeated(t *testing.T) {
	t.Parallel()
	env := slackEnv()
	env["SLACK_TOKEN_SECRET"] = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy"
	err := loaders["slack"](get(env))
	if err == nil || strings.Contains(err.Error(), "xoxb") {
		t.Errorf("got %v, want an error without the value", err)
	}
}
