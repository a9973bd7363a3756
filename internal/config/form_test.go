package config_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/config"
)

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
		{"approval", "OPERATIONS_TOPIC_ARN", []string{"operations", "arn:aws:sqs:eu-west-1:000000000000:operations"}},
		{"approval", "SCHEDULE_GROUP", []string{"a/b", strings.Repeat("a", 65)}},
		{"approval", "SCHEDULE_ROLE_ARN", []string{
			"role", "arn:aws:iam:eu-west-1:000000000000:role/a", "arn:aws:iam::000000000000:user/a", "arn:aws:iam::0:role/a", "arn:aws:iam::000000000000:role/",
		}},
		{"approval", "FUNCTION_ARN", []string{"approval", "arn:aws:lambda::000000000000:function:a", "arn:aws:lambda:eu-west-1:000000000000:layer:a"}},
		{"approval", "EVENT_DEAD_LETTERS_ARN", []string{"https://sqs/000000000000/letters", "arn:aws:sns:eu-west-1:000000000000:letters"}},
		{"approval", "PIPELINE_ROLE", []string{"a role", "/path/name", "arn:aws:iam::000000000000:role/a"}},
		{"approval", "PIPELINE_ACCOUNTS", []string{"1", "111122223333,", "111122223333, 444455556666", "11112222333a"}},
		{"approval", "PIPELINE_REGIONS", []string{"us-east-1,", "europe", "EU-WEST-1", "us-east-1 eu-west-1"}},
		{"approval", "AUDIT_BUCKET", []string{"ab", "Audit", "s3://audit", strings.Repeat("a", 64)}},
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

		"SCHEDULE_ROLE_ARN": {"arn:aws-us-gov:iam::123456789012:role/path/to/name+=,.@_-"},
		"PIPELINE_ACCOUNTS": {"", "111122223333"},
		"PIPELINE_REGIONS":  {"", "us-gov-west-1,ap-southeast-4"},
		"AUDIT_BUCKET":      {"", "a.b-c"},
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

// TestOtherAccountsAreVisitedUnderARole: without other accounts there is none
// to name.
func TestOtherAccountsAreVisitedUnderARole(t *testing.T) {
	t.Parallel()
	env := approvalEnv()
	env["PIPELINE_ROLE"] = ""
	if err := loaders["approval"](get(env)); err == nil || !strings.HasPrefix(err.Error(), "PIPELINE_ROLE is not set, and PIPELINE_ACCOUNTS is") {
		t.Errorf("got %v, want a line about PIPELINE_ROLE", err)
	}
	env["PIPELINE_ACCOUNTS"] = ""
	if got, err := config.LoadApproval(get(env)); err != nil || got.PipelineRole != "" || got.PipelineAccounts != nil {
		t.Errorf("got %q in %q, %v", got.PipelineRole, got.PipelineAccounts, err)
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
