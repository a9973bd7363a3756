package deployment_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// anywhere is a resource that allows every one.
var anywhere = regexp.MustCompile(`^\*$|:\*:\*$`)

// placeless are the actions that know no resource.
// https://docs.aws.amazon.com/service-authorization/latest/reference/
var placeless = []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords", "codepipeline:ListPipelines"}

// permissionsAreNarrow: no role allows an action or a resource by a bare "*",
// but for actions that know no resource. In the key's own policy "*" means the
// key, and its rights are IAM's to give.
func permissionsAreNarrow(t template) []string {
	var found []string
	for _, id := range t.resources(aRole) {
		for _, s := range t.statements(id) {
			sid := fmt.Sprintf("%s: %v", id, at(s, "Sid"))
			for _, action := range words(at(s, "Action")) {
				if strings.Contains(action, "*") {
					found = append(found, sid+" allows "+action)
				}
				for _, resource := range targets(at(s, "Resource")) {
					if anywhere.MatchString(resource) && !slices.Contains(placeless, action) {
						found = append(found, sid+" allows any resource")
					}
				}
			}
			if at(s, "NotAction") != nil || at(s, "NotResource") != nil || at(s, "Effect") != "Allow" {
				found = append(found, sid+" says what is not allowed")
			}
		}
	}
	return append(found, unexplained(t.text)...)
}

// unexplained are the lines with a bare "*" for a resource that no comment
// accounts for: at their end, or in the statement before them.
func unexplained(text string) []string {
	var found []string
	reason := 0 // lines since a comment that speaks of "*"
	for n, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "#") && strings.Contains(line, `"*"`) {
			reason = 0
		} else if reason++; strings.Contains(line, `Resource: "*"`) && reason > 6 {
			found = append(found, fmt.Sprintf("line %d: a resource of any kind, without a word why", n+1))
		}
	}
	return found
}

func TestAnUnexplainedResourceIsFound(t *testing.T) {
	t.Parallel()
	spoilt := strings.Replace(load(t).text, ` # X-Ray knows no resource`, "", 1)
	if found := unexplained(spoilt); len(found) == 0 {
		t.Error("a comment less is not seen")
	}
}

// statements are those of all policies of a role.
func (t template) statements(role string) []any {
	var all []any
	for _, p := range list(t.of(role, "Policies")) {
		all = append(all, list(at(p, "PolicyDocument", "Statement"))...)
	}
	return all
}

// allowed are the permissions of a role, each as "action on resource".
func (t template) allowed(role string) []string {
	var all []string
	for _, s := range t.statements(role) {
		for _, action := range words(at(s, "Action")) {
			for _, resource := range targets(at(s, "Resource")) {
				all = append(all, action+" on "+resource)
			}
		}
	}
	slices.Sort(all)
	return all
}

// everyPlace begins the ARN of something in this account. Its Regions are
// limited by a condition, see regionsAndAccountsAreNamed.
func everyPlace(service string) string {
	return "arn:${AWS::Partition}:" + service + ":*:${AWS::AccountId}:"
}

// needed are the permissions for the calls in a function's code and for what
// Lambda does on its behalf.
func (t template) needed(id string, calls []string) []string {
	var all []string
	for _, call := range calls {
		for _, resource := range t.resourcesOf(id, call) {
			all = append(all, strings.TrimSuffix(call, " of an index")+" on "+resource)
		}
		if call == "scheduler:CreateSchedule" { // it hands a role to Scheduler
			all = append(all, "iam:PassRole on "+target(t.environment(id)["SCHEDULE_ROLE_ARN"]))
		}
	}
	all = append(all,
		"logs:CreateLogStream on "+target(t.of(id, "LoggingConfig", "LogGroup")),
		"logs:PutLogEvents on "+target(t.of(id, "LoggingConfig", "LogGroup")),
		"xray:PutTelemetryRecords on *", "xray:PutTraceSegments on *")
	if parked := t.of(id, "EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"); parked != nil {
		all = append(all, "sqs:SendMessage on "+target(parked))
	}
	for _, source := range t.resources("AWS::Lambda::EventSourceMapping") {
		if target(t.of(source, "FunctionName")) == id {
			for _, action := range []string{"ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"} {
				all = append(all, "sqs:"+action+" on "+target(t.of(source, "EventSourceArn")))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// resourcesOf are what a call of the function id is for.
func (t template) resourcesOf(id, call string) []string {
	// A pipeline's ARN is its bare name; an approval action's has stage and
	// action.
	for calls, resource := range map[string]string{
		indexQuery:                       "${Table.Arn}/index/Open",
		"codepipeline:ListPipelines":     "*",
		"codepipeline:PutApprovalResult": everyPlace("codepipeline") + "*/*/*",
		"codebuild:BatchGetBuilds":       everyPlace("codebuild") + "project/*",
		"codebuild:BatchGetReports":      everyPlace("codebuild") + "report-group/*",
		"codebuild:DescribeTestCases":    everyPlace("codebuild") + "report-group/*",
		"logs:GetLogEvents":              everyPlace("logs") + "log-group:${BuildLogGroups}:log-stream:*",
		"s3:PutObject":                   "${AuditBucket.Arn}/audit/*",
	} {
		if call == calls {
			return []string{resource}
		}
	}
	name, _, _ := strings.Cut(call, ":")
	suffix := map[string]string{"secretsmanager": "_SECRET", "sns": "TOPIC_ARN", "sqs": "_QUEUE_URL"}[name]
	if suffix == "" {
		return []string{map[string]string{
			"dynamodb": "Table", "kms": "LinkKey", "codepipeline": everyPlace("codepipeline") + "*",
			"ecr": everyPlace("ecr") + "repository/*", "sts": "arn:${AWS::Partition}:iam::*:role/" + t.pipelineRole(id),
			"scheduler": "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/*-*",
		}[name]}
	}
	var all []string // those that its environment names
	for variable, v := range t.environment(id) {
		if strings.HasSuffix(variable, suffix) {
			all = append(all, target(v))
		}
	}
	if more := sinks[name]; id == "DeliverFunction" && more != "" {
		all = append(all, more)
	}
	return all
}

// sinks are the parameters that name what the sinks in the configuration need,
// by the service.
var sinks = map[string]string{"secretsmanager": "SinkSecretArns", "sns": "SinkTopicArns"}

// pipelineRole is the role that a function assumes in other accounts.
func (t template) pipelineRole(id string) string {
	role := at(t.environment(id)["PIPELINE_ROLE"], "Fn::If", "1")
	if name, ok := at(role, "Ref").(string); ok {
		return "${" + name + "}"
	}
	return target(role)
}

func (t template) environment(id string) mapping {
	variables, _ := t.of(id, "Environment", "Variables").(mapping)
	return variables
}

// TestRolesAllowWhatTheCodeCalls compares both ways: what is missing fails in
// production, what is left over is a gift to whoever takes the function over.
func TestRolesAllowWhatTheCodeCalls(t *testing.T) {
	t.Parallel()
	whole := load(t)
	for _, id := range whole.resources(aFunction) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			function := strings.ToLower(strings.TrimSuffix(id, "Function"))
			made := calls(t, function)
			if len(made) < 2 {
				t.Errorf("only %v was found in functions/%s", made, function)
			}
			role := target(whole.of(id, "Role"))
			if diff := cmp.Diff(whole.needed(id, made), whole.allowed(role)); diff != "" {
				t.Errorf("functions/%s calls (-) and %s allows (+):\n%s", function, role, diff)
			}
		})
	}
}

// TestRolesAreComparedWithTheCode proves that the comparison can fail.
func TestRolesAreComparedWithTheCode(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]string) []string{
		"a call that is not allowed":     func(c []string) []string { return append(c, "dynamodb:UpdateItem") },
		"a permission that nothing uses": func(c []string) []string { return c[1:] },
	} {
		whole := load(t)
		if cmp.Equal(whole.needed("NotifyFunction", change(calls(t, "notify"))), whole.allowed("NotifyRole")) {
			t.Errorf("%s is not seen", name)
		}
	}
}

// limited are the roles that reach only some kinds of items. That of the
// approval function keeps most kinds itself.
var limited = []string{"DeliverRole", "NotifyRole", "WebRole"}

var spaces = regexp.MustCompile(` +`)

// TestKeysOfConditionsAreKeysOfTheTable: a condition on dynamodb:LeadingKeys
// with a word that the store does not write would refuse every call.
func TestKeysOfConditionsAreKeysOfTheTable(t *testing.T) {
	t.Parallel()
	whole := load(t)
	code := spaces.ReplaceAllString(read(t, "internal/store/keys.go"), " ") + read(t, "internal/store/open.go") + read(t, "internal/store/execution_index.go") + read(t, "internal/store/held.go")
	for _, role := range limited {
		for _, s := range whole.statements(role) {
			if !strings.HasPrefix(words(at(s, "Action"))[0], "dynamodb:") {
				continue
			}
			patterns := words(at(s, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"))
			inIndex := words(at(s, "Condition", "ForAllValues:StringEquals", "dynamodb:LeadingKeys"))
			if len(patterns)+len(inIndex) == 0 {
				t.Errorf("%s: %v reaches items of every kind", role, at(s, "Sid"))
			}
			for _, pattern := range patterns {
				kind, ok := strings.CutSuffix(pattern, "#*")
				if !ok || !strings.Contains(code, `join("`+kind+`"`) && !strings.Contains(code, `Kind = "`+kind+`"`) {
					t.Errorf("%s: %v: no item's key begins like %s", role, at(s, "Sid"), pattern)
				}
			}
			for _, kind := range inIndex {
				if !strings.Contains(code, `"`+kind+`"`) {
					t.Errorf("%s: %v: nothing is in the index as %q", role, at(s, "Sid"), kind)
				}
			}
		}
	}
}
