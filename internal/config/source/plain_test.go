package source_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/config/source"
)

// TestColonsInListsAreText: within braces, the YAML library makes mappings of
// names with a colon, which are texts everywhere else.
func TestColonsInListsAreText(t *testing.T) {
	t.Parallel()
	const text = `
version: 1
slack: {channel: C0RELEASES}
people: {
  dana: {name: Dana, slack: U0DANA00001, iam: [arn:aws:iam::111122223333:user/dana, "arn:aws:iam::111122223333:user/dw"]},
  lee: {name: Lee, slack: U0LEE000002}
}
groups: {qa: [dana]}
approvals: [{name: a, match: {pipeline: a}, require: [{name: QA, from: [group:qa, slack:S0QA0000001, lee]}]}]
`
	f, problems, _ := source.Compile([]byte(text), source.Setting{Today: today})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := strings.Join(f.People[0].IAM, " "); got != "arn:aws:iam::111122223333:user/dana arn:aws:iam::111122223333:user/dw" {
		t.Errorf("principals %s", got)
	}
	if got := outline(f.Policies[0]); got != "a||C0RELEASES|1 QA dana lee S0QA0000001" {
		t.Errorf("rule %s", got)
	}
}

// TestMappingsInListsStayMappings: with a space after the colon it is one, and
// with quotes it is what the quotes say.
func TestMappingsInListsStayMappings(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"[group: qa]", "[group : qa]", `["group":qa]`, "[{group:qa}]", "[group:]", "[a:b:c]"} {
		text := "version: 1\nslack: {channel: C0RELEASES}\npeople: {dana: {name: Dana, slack: U0DANA00001}}\ngroups: {qa: [dana]}\n" +
			"approvals: [{name: a, match: {pipeline: a}, approvers: " + from + "}]\n"
		if _, problems, _ := source.Compile([]byte(text), source.Setting{Today: today}); len(problems) == 0 {
			t.Errorf("%s is taken for a group", from)
		}
	}
}
