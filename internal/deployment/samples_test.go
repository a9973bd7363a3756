package deployment_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// account is that of the sample events; ours is another, and governs it.
const account = "111122223333"

// The rules of template.yaml that take events, by what an event is about.
var (
	approvals = []string{"ApprovalActionRule", "NotifyPipelineRule"}
	releases  = []string{"NotifyPipelineRule"}
	builds    = []string{"NotifyBuildRule"}
)

// takers are the rules for the files in events, by how their names begin. The
// longest beginning counts; a file that is not here is taken by no rule.
var takers = map[string][]string{
	"pipeline-": releases, "stage-": releases, "action-": releases, "lambda-gate-": releases, "approval-": approvals,
	"codebuild-": builds,
}

// TestRulesTakeTheEventsThatTheyShould matches every sample with every rule, at
// home and where events are forwarded.
func TestRulesTakeTheEventsThatTheyShould(t *testing.T) {
	t.Parallel()
	here, there := load(t), loadFile(t, elsewhere)
	taken := map[string]bool{}
	for name, sample := range samples(t) {
		want := taker(name)
		if diff := cmp.Diff(want, here.taking(t, sample)); diff != "" {
			t.Errorf("events/%s: the rules that should take it (-) and that do (+):\n%s", name, diff)
		}
		for _, rule := range want {
			taken[rule] = true
		}
		if forwarded := len(there.taking(t, sample)); forwarded != min(len(want), 1) {
			t.Errorf("events/%s: forwarded by %d rules of %s, and %d at home take it", name, forwarded, elsewhere, len(want))
		}
	}
	for _, rule := range here.resources(aRule) {
		if !taken[rule] {
			t.Errorf("%s takes no sample", rule)
		}
	}
}

// TestRulesLeaveTheEventsOfOthers: of accounts that were not named, and of
// builds that no pipeline has started.
func TestRulesLeaveTheEventsOfOthers(t *testing.T) {
	t.Parallel()
	here, there := load(t), loadFile(t, elsewhere)
	for name, sample := range samples(t) {
		sample["account"] = "999900009999"
		if got := append(here.taking(t, sample), there.taking(t, sample)...); len(got) > 0 {
			t.Errorf("events/%s, of another account: taken by %v", name, got)
		}
		info, ok := at(sample, "detail", "additional-information").(mapping)
		if !ok || !strings.HasPrefix(name, "codebuild-") {
			continue
		}
		sample["account"] = account
		for _, initiator := range []any{"dana", "GitHub-Hookshot/044aadd", "codepipeline-dana", "rule/codepipeline/orders", nil} {
			info["initiator"] = initiator
			if initiator == nil {
				delete(info, "initiator")
			}
			if got := append(here.taking(t, sample), there.taking(t, sample)...); len(got) > 0 {
				t.Errorf("events/%s, started by %v: taken by %v", name, initiator, got)
			}
		}
	}
}

func taker(name string) []string {
	longest := ""
	for beginning := range takers {
		if strings.HasPrefix(name, beginning) && len(beginning) > len(longest) {
			longest = beginning
		}
	}
	return takers[longest]
}

// samples are the events of EventBridge in events, by their file.
func samples(t *testing.T) map[string]mapping {
	t.Helper()
	files, err := filepath.Glob(root + "events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]mapping{}
	for _, file := range files {
		var sample mapping
		if err := json.Unmarshal([]byte(read(t, strings.TrimPrefix(file, root))), &sample); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if sample["source"] != nil {
			all[filepath.Base(file)] = sample
		}
	}
	if len(all) < 30 {
		t.Fatalf("only %d samples were found", len(all))
	}
	return all
}

// taking are the rules of t that take an event, in the parts of EventBridge's
// language that ours are written in.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
func (t template) taking(test *testing.T, sample mapping) []string {
	test.Helper()
	var all []string
	for _, id := range t.resources(aRule) {
		matched, err := matches(t.of(id, "EventPattern"), sample)
		if err != nil {
			test.Errorf("%s: %v", id, err)
		}
		if matched {
			all = append(all, id)
		}
	}
	return all
}

func matches(pattern, event any) (bool, error) {
	fields, ok := pattern.(mapping)
	if !ok || fields["Fn::If"] != nil {
		return matchesOne(list(pattern), event)
	}
	in, _ := event.(mapping)
	for _, name := range keys(fields) {
		if ok, err := matches(fields[name], in[name]); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func matchesOne(alternatives []any, value any) (bool, error) {
	for _, one := range alternatives {
		switch one := one.(type) {
		case string:
			if one == value {
				return true, nil
			}
		case mapping:
			if name := target(one); name == "AWS::AccountId" || references(one, "PipelineAccounts") {
				if value == account {
					return true, nil
				}
				continue
			}
			prefix, ok := one["prefix"].(string)
			if text, is := value.(string); ok && is && strings.HasPrefix(text, prefix) {
				return true, nil
			}
			if !ok || len(one) != 1 {
				return false, fmt.Errorf("%v is new here", one)
			}
		default:
			return false, fmt.Errorf("%v is new here", one)
		}
	}
	return false, nil
}

// TestPatternsAreMatchedAsEventBridgeDoes proves the matching itself.
func TestPatternsAreMatchedAsEventBridgeDoes(t *testing.T) {
	t.Parallel()
	pattern := mapping{"source": []any{"a", "b"}, "detail": mapping{"by": []any{mapping{"prefix": "x/"}}}}
	for want, events := range map[bool][]mapping{
		true:  {{"source": "a", "detail": mapping{"by": "x/1"}}, {"source": "b", "detail": mapping{"by": "x/", "more": 1.0}}},
		false: {{"source": "c", "detail": mapping{"by": "x/1"}}, {"source": "a"}, {"source": "a", "detail": mapping{"by": "y/x/"}}, {}},
	} {
		for _, e := range events {
			if got, err := matches(pattern, e); got != want || err != nil {
				t.Errorf("%v: %v, %v; want %v", e, got, err, want)
			}
		}
	}
	if _, err := matches(mapping{"a": []any{mapping{"suffix": "x"}}}, mapping{"a": "x"}); err == nil {
		t.Error("an operator that is not known here counts as matched")
	}
	if !slices.Contains(load(t).taking(t, mapping{
		"source": "aws.codebuild", "detail-type": "CodeBuild Build State Change", "account": account,
		"detail": mapping{"additional-information": mapping{"initiator": "codepipeline/orders"}},
	}), "NotifyBuildRule") {
		t.Error("a build of a pipeline is not taken")
	}
}
