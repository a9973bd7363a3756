package deployment_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// elsewhere is the template for the accounts and Regions that Signalbox governs
// and does not run in.
const elsewhere = "config/pipeline-account.yaml"

// regionsAndAccountsAreNamed: a permission for any Region or any account is one
// for those that were named, by a condition.
func regionsAndAccountsAreNamed(t template) []string {
	var found []string
	for _, id := range t.resources(aRole) {
		for _, s := range t.statements(id) {
			only := at(s, "Condition", "StringEquals")
			for _, resource := range targets(at(s, "Resource")) {
				// arn:partition:service:region:account:…, of which pseudo
				// parameters have colons of their own.
				arn := strings.Split(strings.ReplaceAll(resource, "${AWS::", "${"), ":")
				tracing := strings.HasPrefix(fmt.Sprint(words(at(s, "Action"))), "[xray:")
				if (resource == "*" && !tracing || len(arn) > 4 && arn[3] == "*") && !references(at(only, "aws:RequestedRegion"), "PipelineRegions") {
					found = append(found, fmt.Sprintf("%s: %v is for any Region", id, at(s, "Sid")))
				}
				if len(arn) > 4 && arn[4] == "*" && !references(at(only, "aws:ResourceAccount"), "PipelineAccounts") {
					found = append(found, fmt.Sprintf("%s: %v is for any account", id, at(s, "Sid")))
				}
			}
		}
	}
	return found
}

// busTakesFromNamedAccounts: an event of another account is acted on with the
// rights that we have there, and a rule for any account would take what some
// other rule of this account has asked for.
func busTakesFromNamedAccounts(t template) []string {
	var found []string
	for _, id := range t.resources(aRule) {
		accounts := list(t.of(id, "EventPattern", "account"))
		if len(accounts) == 0 {
			found = append(found, id+": takes events of any account")
		}
		for _, account := range accounts {
			if target(account) != "AWS::AccountId" && !references(account, "PipelineAccounts") {
				found = append(found, id+": takes events of accounts that were not named")
			}
		}
	}
	for _, id := range t.resources("AWS::Events::EventBusPolicy") {
		s := t.of(id, "Statement")
		if !references(at(s, "Principal", "AWS"), "PipelineAccounts") || at(t.mapping, "Resources", id, "Condition") != "HasPipelineAccounts" {
			found = append(found, id+": is for others than the accounts that were named")
		}
		if at(s, "Action") != "events:PutEvents" {
			found = append(found, id+": allows more than to send events")
		}
		// EventBridge refuses events of such sources from anybody but AWS.
		for key, field := range map[string]string{"events:source": "source", "events:detail-type": "detail-type"} {
			allowed := slices.Sorted(slices.Values(words(at(s, "Condition", "ForAllValues:StringEquals", key))))
			if wanted := t.wanted(field); !slices.Equal(allowed, wanted) {
				found = append(found, fmt.Sprintf("%s: lets others send events with a %s of %q, and ours take %q", id, field, allowed, wanted))
			}
		}
	}
	return found
}

// wanted are the values of a field of events that any rule takes, sorted.
func (t template) wanted(field string) []string {
	var all []string
	for _, id := range t.resources(aRule) {
		all = append(all, words(t.of(id, "EventPattern", field))...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestTheTemplateForOtherAccountsKeepsTheRules that are about what it has.
func TestTheTemplateForOtherAccountsKeepsTheRules(t *testing.T) {
	t.Parallel()
	there := loadFile(t, elsewhere)
	for _, check := range []func(template) []string{permissionsAreNarrow, regionsAndAccountsAreNamed, busTakesFromNamedAccounts} {
		for _, finding := range check(there) {
			t.Error(elsewhere + ": " + finding)
		}
	}
}

// TestOtherAccountsAreGovernedLikeOurOwn: the same events come, and the same
// calls are allowed.
func TestOtherAccountsAreGovernedLikeOurOwn(t *testing.T) {
	t.Parallel()
	if diff := differences(load(t), loadFile(t, elsewhere)); diff != "" {
		t.Errorf("template.yaml (-) and %s (+):\n%s", elsewhere, diff)
	}
	for name, spoil := range map[string]plant{
		"a permission less": {path: below("PipelineRole.Properties.Policies.0.PolicyDocument.Statement.0.Action"), value: "codepipeline:GetPipeline"},
		"another condition": {path: below("PipelineRole.Properties.Policies.0.PolicyDocument.Statement.2.Condition"), value: mapping{}},
		"a right more":      {path: below("PipelineReadRole.Properties.Policies.0.PolicyDocument.Statement.0.Action"), value: "codepipeline:PutApprovalResult"},
		"another reader":    {path: below("PipelineReadRole.Properties.AssumeRolePolicyDocument.Statement.0.Principal.AWS"), value: ref("ApprovalRoleArn")},
		"fewer events":      {path: below("ForwardRule.Properties.EventPattern.detail-type"), value: []any{"CodePipeline Action Execution State Change"}},
		"fewer builds":      {path: below("ForwardBuildRule.Properties.EventPattern.detail-type"), value: []any{"CodeBuild Build State Change"}},
		"more builds":       {path: below("ForwardBuildRule.Properties.EventPattern.detail"), value: mapping{}},
		"another name":      {path: below("Parameters.RoleName.Default"), value: "pipelines"},
		"other logs":        {path: below("Parameters.BuildLogGroups.Default"), value: "/builds/*"},
	} {
		there := loadFile(t, elsewhere)
		spoil.into(t, there)
		if differences(load(t), there) == "" {
			t.Errorf("%s is not seen", name)
		}
	}
}

func differences(here, there template) string {
	events := func(t template, rules ...string) []any {
		var all []any
		for _, id := range rules {
			all = append(all, t.of(id, "EventPattern", "source"), t.of(id, "EventPattern", "detail-type"), t.of(id, "EventPattern", "detail"))
		}
		return all
	}
	type terms struct{ Answers, Reads, Events, Role, ReadRole, Logs, Trust any }
	return cmp.Diff(terms{
		Answers:  here.aboutPipelines("ApprovalRole"),
		Reads:    here.aboutPipelines("DeliverRole"),
		Events:   events(here, "NotifyPipelineRule", "NotifyBuildRule"),
		Role:     at(here.mapping, "Parameters", "PipelineRoleName", "Default"),
		ReadRole: strings.ReplaceAll(target(here.of("DeliverFunction", "Environment", "Variables", "PIPELINE_ROLE", "Fn::If", "1")), "${PipelineRoleName}", "${RoleName}"),
		Logs:     at(here.mapping, "Parameters", "BuildLogGroups"),
		Trust:    []string{"ApprovalRoleArn", "DeliverRoleArn"},
	}, terms{
		Answers:  there.aboutPipelines("PipelineRole"),
		Reads:    there.aboutPipelines("PipelineReadRole"),
		Events:   events(there, "ForwardRule", "ForwardBuildRule"),
		Role:     at(there.mapping, "Parameters", "RoleName", "Default"),
		ReadRole: target(there.of("PipelineReadRole", "RoleName")),
		Logs:     withDescription(at(there.mapping, "Parameters", "BuildLogGroups"), at(here.mapping, "Parameters", "BuildLogGroups", "Description")),
		Trust:    []string{there.trusted("PipelineRole"), there.trusted("PipelineReadRole")},
	})
}

// aboutPipelines are the statements of a role that are about pipelines and their
// builds, and not about what is ours.
func (t template) aboutPipelines(role string) []any {
	var all []any
	for _, s := range t.statements(role) {
		service, operation, _ := strings.Cut(words(at(s, "Action"))[0], ":")
		if slices.Contains([]string{"codepipeline", "codebuild", "ecr"}, service) || operation == "GetLogEvents" {
			all = append(all, s)
		}
	}
	return all
}

// trusted is who may assume a role, if that is one.
func (t template) trusted(role string) string {
	return target(t.of(role, "AssumeRolePolicyDocument", "Statement", "0", "Principal", "AWS"))
}

// withDescription is a parameter with the description of another, since each
// template may say it in its own way.
func withDescription(parameter, description any) any {
	m, ok := parameter.(mapping)
	if !ok {
		return nil
	}
	m = maps.Clone(m)
	m["Description"] = description
	return m
}
