package deployment_test

import (
	"fmt"
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
		if at(s, "Condition", "ForAllValues:StringEquals", "events:source") != "aws.codepipeline" {
			found = append(found, id+": lets others send what they make up")
		}
	}
	return found
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
		"fewer events":      {path: below("ForwardRule.Properties.EventPattern.detail.state"), value: []any{"STARTED"}},
		"another name":      {path: below("Parameters.RoleName.Default"), value: "pipelines"},
	} {
		there := loadFile(t, elsewhere)
		spoil.into(t, there)
		if differences(load(t), there) == "" {
			t.Errorf("%s is not seen", name)
		}
	}
}

func differences(here, there template) string {
	type terms struct{ Permissions, Events, Details, Role any }
	var atHome []any
	for _, s := range here.statements("ApprovalRole") {
		service, _, _ := strings.Cut(words(at(s, "Action"))[0], ":")
		if slices.Contains([]string{"codepipeline", "codebuild", "ecr"}, service) {
			atHome = append(atHome, s)
		}
	}
	return cmp.Diff(terms{
		atHome, here.of("ApprovalActionRule", "EventPattern", "detail-type"), here.of("ApprovalActionRule", "EventPattern", "detail"),
		at(here.mapping, "Parameters", "PipelineRoleName", "Default"),
	}, terms{
		there.statements("PipelineRole"), there.of("ForwardRule", "EventPattern", "detail-type"), there.of("ForwardRule", "EventPattern", "detail"),
		at(there.mapping, "Parameters", "RoleName", "Default"),
	})
}
