package approval_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

var shop = approval.Action{Pipeline: "web-shop", Stage: "Approval", Name: "ApproveProduction"}

func pipelines(patterns ...string) approval.Match { return approval.Match{Pipelines: patterns} }

func TestFirstMatchingRuleWins(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		rules approval.Policies
		want  string // the rule's name; empty when none may match
	}{
		{"no rules admit nobody", nil, ""},
		{"no rule matches", approval.Policies{{Name: "a", Match: pipelines("payments")}}, ""},
		{"a rule without a match fits everything", approval.Policies{{Name: "a"}}, "a"},
		{"the first of two", approval.Policies{
			{Name: "a", Match: pipelines("web-*")}, {Name: "b", Match: pipelines("web-shop")},
		}, "a"},
		{"the second, when the first differs", approval.Policies{
			{Name: "a", Match: approval.Match{Pipelines: []string{"web-shop"}, Stages: []string{"Other"}}},
			{Name: "b", Match: pipelines("web-shop")},
		}, "b"},
		{"one of several patterns is enough", approval.Policies{{Name: "a", Match: pipelines("payments", "web-????")}}, "a"},
		{"every part has to fit", approval.Policies{{Name: "a", Match: approval.Match{
			Pipelines: []string{"web-shop"}, Stages: []string{"Approval"}, Actions: []string{"ApproveStaging"},
		}}}, ""},
		{"case matters", approval.Policies{{Name: "a", Match: pipelines("Web-Shop")}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := approval.Rulebook{Policies: tt.rules}.For(shop)
			if got.Name != tt.want || ok != (tt.want != "") {
				t.Errorf("For = %q, %v; want %q", got.Name, ok, tt.want)
			}
			if !ok && len(got.Approvers()) > 0 {
				t.Errorf("no rule matches, yet %v may approve", got.Approvers())
			}
		})
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"web-shop", "web-shop", true},
		{"web-shop", "web-shop2", false},
		{"web", "web-shop", false},
		{"*", "", true},
		{"*", "web-shop", true},
		{"**", "web-shop", true},
		{"", "", true},
		{"", "w", false},
		{"?", "", false},
		{"?*", "", false},
		{"*?", "w", true},
		{"*-shop", "web-shop", true},
		{"*-shop", "web-shop-eu", false},
		{"web-*-eu", "web-shop-eu-eu", true},
		{"w?b-*", "web-", true},
		{"w?b-*", "wb-shop", false},
		{"?", "é", true},
		{"a/*", "a/b/c", true},
		{"[a-z]*", "web", false},
		{`\*`, "*", false},
		{"web.shop", "web-shop", false},
	}
	for _, tt := range tests {
		got := pipelines(tt.pattern).Differs(approval.Action{Pipeline: tt.name}, "") == ""
		if got != tt.want {
			t.Errorf("pattern %q fits %q: %v, want %v", tt.pattern, tt.name, got, tt.want)
		}
	}
}

// TestPatternIsNotSlow would take years with a matcher that tries every star.
func TestPatternIsNotSlow(t *testing.T) {
	t.Parallel()
	m := pipelines(strings.Repeat("*a", 50) + "b")
	if got := m.Differs(approval.Action{Pipeline: strings.Repeat("a", 100)}, ""); got != "pipeline" {
		t.Errorf("Differs = %q, want pipeline", got)
	}
}

func TestDiffersNamesThePart(t *testing.T) {
	t.Parallel()
	m := approval.Match{Pipelines: []string{"web-*"}, Stages: []string{"Approval"}, Actions: []string{"Approve*"}}
	for want, a := range map[string]approval.Action{
		"":         shop,
		"pipeline": {Pipeline: "payments", Stage: "Other", Name: "Other"},
		"stage":    {Pipeline: "web-shop", Stage: "Other", Name: "Other"},
		"action":   {Pipeline: "web-shop", Stage: "Approval", Name: "Other"},
	} {
		if got := m.Differs(a, ""); got != want {
			t.Errorf("Differs(%+v) = %q, want %q", a, got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		wide, narrow approval.Match
		want         bool
	}{
		{"the same", pipelines("web"), pipelines("web"), true},
		{"everything covers everything", approval.Match{}, approval.Match{}, true},
		{"everything covers one", approval.Match{}, pipelines("web"), true},
		{"a star is everything", pipelines("*"), approval.Match{}, true},
		{"one does not cover everything", pipelines("web"), approval.Match{}, false},
		{"a star covers a name", pipelines("web-*"), pipelines("web-shop"), true},
		{"a star covers a longer pattern", pipelines("web-*"), pipelines("web-shop-*"), true},
		{"a pattern does not cover a wider one", pipelines("web-shop-*"), pipelines("web-*"), false},
		{"one character does not cover any number", pipelines("web-?"), pipelines("web-*"), false},
		{"a letter does not cover any letter", pipelines("web-a"), pipelines("web-?"), false},
		{"two ways to write at least one", pipelines("*?"), pipelines("?*"), true},
		{"each of several", pipelines("a", "b", "c"), pipelines("c", "a"), true},
		{"not each of several", pipelines("a", "b"), pipelines("a", "c"), false},
		{"a further condition narrows", pipelines("a"), approval.Match{Pipelines: []string{"a"}, Stages: []string{"S"}}, true},
		{"a missing condition widens", approval.Match{Pipelines: []string{"a"}, Stages: []string{"S"}}, pipelines("a"), false},
		{"actions count too", approval.Match{Actions: []string{"A"}}, approval.Match{Actions: []string{"B"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.wide.Covers(tt.narrow); got != tt.want {
				t.Errorf("%+v covers %+v: %v, want %v", tt.wide, tt.narrow, got, tt.want)
			}
		})
	}
}

// TestPatternsAgreeWithRegularExpressions compares with an independent matcher.
func TestPatternsAgreeWithRegularExpressions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*?]{0,8}`).Draw(t, "pattern")
		name := rapid.StringMatching(`[ab]{0,8}`).Draw(t, "name")
		re := regexp.MustCompile("^" + strings.NewReplacer("*", ".*", "?", ".").Replace(pattern) + "$")
		got := pipelines(pattern).Differs(approval.Action{Pipeline: name}, "") == ""
		if want := re.MatchString(name); got != want {
			t.Fatalf("pattern %q fits %q: %v, want %v", pattern, name, got, want)
		}
	})
}

// TestACoveredRuleIsNeverReached is what makes refusing such a rule right.
func TestACoveredRuleIsNeverReached(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		patterns := rapid.SliceOfN(rapid.StringMatching(`[ab*?]{0,4}`), 0, 3)
		wide, narrow := pipelines(patterns.Draw(t, "wide")...), pipelines(patterns.Draw(t, "narrow")...)
		if !wide.Covers(narrow) {
			return
		}
		a := approval.Action{Pipeline: rapid.StringMatching(`[ab]{0,6}`).Draw(t, "name")}
		if narrow.Differs(a, "") == "" && wide.Differs(a, "") != "" {
			t.Fatalf("%v covers %v, yet only the latter fits %q", wide, narrow, a.Pipeline)
		}
	})
}

// TestRuleKeepsItsJSON guards the compiled file, which is written by one
// version's build and read by the same version's function.
func TestRuleKeepsItsJSON(t *testing.T) {
	t.Parallel()
	rule := approval.Rule{
		Name:        "web-shop production",
		Match:       pipelines("web-shop"),
		Environment: "production",
		Channel:     "C0RELEASES",
		Quorums:     []approval.Quorum{{Name: "Web", Need: 1, People: []people.Person{{ID: "dana", Name: "Dana Whitfield"}}}},
	}
	const want = `{"name":"web-shop production","match":{"pipelines":["web-shop"]},"environment":"production",` +
		`"channel":"C0RELEASES","quorums":[{"name":"Web","need":1,"people":[{"id":"dana","name":"Dana Whitfield"}]}]}`
	raw, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Error(diff)
	}
	var back approval.Rule
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rule, back); diff != "" {
		t.Error(diff)
	}
}
