package deployment_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/config"
)

// loaders read the environment of each function.
var loaders = map[string]func(getenv func(string) string) error{
	"ApprovalFunction": func(g func(string) string) error { _, err := config.LoadApproval(g); return err },
	"DeliverFunction":  func(g func(string) string) error { _, err := config.LoadDeliver(g); return err },
	"NotifyFunction":   func(g func(string) string) error { _, err := config.LoadNotify(g); return err },
	"SlackFunction":    func(g func(string) string) error { _, err := config.LoadSlack(g); return err },
	"WebFunction":      func(g func(string) string) error { _, err := config.LoadWeb(g); return err },
}

// deployed are values that CloudFormation could put for what a variable of the
// template refers to.
var deployed = map[string]string{
	"Table":                  "signalbox-Table-1ABC",
	"CardsQueue":             "https://sqs.eu-west-1.amazonaws.com/111122223333/signalbox-cards.fifo",
	"VotesQueue":             "https://sqs.eu-west-1.amazonaws.com/111122223333/signalbox-votes.fifo",
	"ApprovalsTopic":         "arn:aws:sns:eu-west-1:111122223333:signalbox-approvals",
	"OperationsTopic":        "arn:aws:sns:eu-west-1:111122223333:signalbox-operations",
	"LinkKey":                "1234abcd-12ab-34cd-56ef-1234567890ab",
	"SlackBotTokenSecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signalbox/token-AbCdEf",
	"SlackSigningSecretArn":  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signalbox/signing-AbCdEf",
	"SlackApiUrl":            "https://slack.com/api/",
	"SlackAppId":             "A0123456789",
	"SlackTeamId":            "T0123456789",
	"PublicUrl":              "https://releases.example.com",
	"PublicBadges":           "false",
	"HttpApi":                "https://abcdefghij.execute-api.eu-west-1.amazonaws.com",
	"ScheduleGroup":          "signalbox",
	"ScheduleRole":           "arn:aws:iam::111122223333:role/signalbox-ScheduleRole-1ABC",
	"EventDeadLetters":       "arn:aws:sqs:eu-west-1:111122223333:signalbox-event-dead-letters",
	"PipelineRoleName":       "signalbox-pipelines",
	"PipelineAccounts":       "444455556666,777788889999",
	"PipelineRegions":        "us-east-1",
	"AuditBucket":            "signalbox-auditbucket-1abc",
	"LogLevel":               "INFO",
}

// TestFunctionsStartWithWhatTheTemplateSets reads it with every condition true
// and with every one false. That no variable is missing or left over,
// internal/arch sees to.
func TestFunctionsStartWithWhatTheTemplateSets(t *testing.T) {
	t.Parallel()
	whole := load(t)
	global, _ := at(whole.mapping, "Globals", "Function", "Environment", "Variables").(mapping)
	for _, id := range whole.resources(aFunction) {
		if loaders[id] == nil {
			t.Errorf("nothing is known to read the environment of %s", id)
			continue
		}
		for _, outcome := range []int{1, 2} {
			err := loaders[id](func(name string) string {
				v := whole.environment(id)[name]
				if v == nil {
					v = global[name]
				}
				return filled(t, v, outcome)
			})
			if err != nil {
				t.Errorf("%s does not start when conditions are %t: %v", id, outcome == 1, err)
			}
		}
	}
}

// filled is the value of a variable after deployment, if every condition has
// the outcome: 1 for true, 2 for false.
func filled(t *testing.T, v any, outcome int) string {
	t.Helper()
	if outcomes, ok := at(v, "Fn::If").([]any); ok {
		return filled(t, outcomes[outcome], outcome)
	}
	text, ok := v.(string)
	if !ok {
		text = target(v)
		switch {
		case v == nil:
			return ""
		case at(v, "Fn::Sub") != nil:
		case outcome == 2 && strings.HasPrefix(text, "Pipeline"): // empty, as by default
			return ""
		case deployed[text] == "":
			t.Errorf("no value is known for %s", text)
			return ""
		default:
			return deployed[text]
		}
	}
	return strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::Region}", "eu-west-1", "${AWS::AccountId}", "111122223333",
		"${AWS::StackName}", "signalbox", "${PipelineRoleName}", deployed["PipelineRoleName"]).Replace(text)
}
