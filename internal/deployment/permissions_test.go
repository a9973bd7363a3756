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

// permissionsAreNarrow: no role allows an action or a resource by a bare "*".
// X-Ray's two actions know no resource. In the key's own policy "*" means the
// key, and its rights are IAM's to give.
func permissionsAreNarrow(t template) []string {
	var found []string
	for _, id := range t.resources(aRole) {
		for _, s := range t.statements(id) {
			sid := fmt.Sprintf("%s: %v", id, at(s, "Sid"))
			tracing := true
			for _, action := range words(at(s, "Action")) {
				if strings.Contains(action, "*") {
					found = append(found, sid+" allows "+action)
				}
				tracing = tracing && strings.HasPrefix(action, "xray:Put")
			}
			for _, resource := range targets(at(s, "Resource")) {
				if anywhere.MatchString(resource) && !tracing {
					found = append(found, sid+" allows any resource")
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

// A pipeline's ARN is its bare name; an approval action's has stage and action.
const pipelines = "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:"

// needed are the permissions for the calls in a function's code and for what
// Lambda does on its behalf.
func (t template) needed(id string, calls []string) []string {
	var all []string
	for _, call := range calls {
		name, operation, _ := strings.Cut(call, ":")
		switch {
		case name == "secretsmanager":
			for variable, v := range t.environment(id) {
				if strings.HasSuffix(variable, "_SECRET") {
					all = append(all, call+" on "+target(v))
				}
			}
		case name == "codepipeline" && operation == "PutApprovalResult":
			all = append(all, call+" on "+pipelines+"*/*/*")
		case name == "codepipeline":
			all = append(all, call+" on "+pipelines+"*")
		default:
			all = append(all, call+" on "+map[string]string{
				"dynamodb": "Table", "kms": "LinkKey", "sns": "ApprovalsTopic", "sqs": "VotesQueue",
			}[name])
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
		function := strings.ToLower(strings.TrimSuffix(id, "Function"))
		made := calls(t, function)
		if len(made) < 2 {
			t.Errorf("only %v was found in functions/%s", made, function)
		}
		role := target(whole.of(id, "Role"))
		if diff := cmp.Diff(whole.needed(id, made), whole.allowed(role)); diff != "" {
			t.Errorf("functions/%s calls (-) and %s allows (+):\n%s", function, role, diff)
		}
	}
}

// TestRolesAreComparedWithTheCode proves that the comparison can fail.
func TestRolesAreComparedWithTheCode(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]string) []string{
		"a call that is not allowed":     func(c []string) []string { return append(c, "dynamodb:DeleteItem") },
		"a permission that nothing uses": func(c []string) []string { return c[1:] },
	} {
		whole := load(t)
		if cmp.Equal(whole.needed("WebFunction", change(calls(t, "web"))), whole.allowed("WebRole")) {
			t.Errorf("%s is not seen", name)
		}
	}
}

// TestKeysOfConditionsAreKeysOfTheTable: a condition on dynamodb:LeadingKeys
// with a word that the store does not write would refuse every call.
func TestKeysOfConditionsAreKeysOfTheTable(t *testing.T) {
	t.Parallel()
	whole, keys := load(t), read(t, "internal/store/keys.go")
	checked := 0
	for _, s := range whole.statements("WebRole") {
		for _, pattern := range words(at(s, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys")) {
			checked++
			if kind, ok := strings.CutSuffix(pattern, "#*"); !ok || !strings.Contains(keys, `join("`+kind+`"`) {
				t.Errorf("%v: no item's key begins like %s", at(s, "Sid"), pattern)
			}
		}
	}
	if checked < 2 {
		t.Error("the web function may touch items of every kind")
	}
}
