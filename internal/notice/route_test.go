package notice_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/people"
)

// tree is a routing tree as somebody would write it.
func tree(t *testing.T) notice.Route {
	t.Helper()
	const text = `{
		"channel": "C0RELEASES", "sinks": ["mail"], "direct": "failure",
		"templates": {"failed": "all {{stage}}"},
		"routes": [
			{"name": "noise", "match": {"pipelines": ["sandbox-*"]}, "mode": "off"},
			{"name": "audit", "match": {"environments": ["production"]}, "continue": true, "mode": "post", "channel": "C0AUDIT00", "direct": "none", "sinks": []},
			{"name": "payments", "match": {"pipelines": ["payments"]}, "channel": "C0PAYMENTS", "routes": [
				{"match": {"states": ["FAILED"]}, "sinks": ["teams", "mail"], "urgent": ["failed"], "templates": {"stuck": "own"}}
			]}
		]
	}`
	var root notice.Route
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

func places(all []notice.Delivery) string {
	var names []string
	for _, d := range all {
		names = append(names, d.Place())
	}
	return strings.Join(names, " ")
}

var dana = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}

func TestRoutesLeadWhereTheFirstMatchSays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		subject notice.Subject
		want    string
	}{
		{"nothing below matches", notice.Subject{Pipeline: "web"}, "channel:C0RELEASES sink:mail"},
		{"an author is known", notice.Subject{Pipeline: "web", Authors: []people.Person{dana, {ID: "kim"}}}, "channel:C0RELEASES sink:mail person:dana"},
		{"off is silence for all", notice.Subject{Pipeline: "sandbox-1", Authors: []people.Person{dana}}, ""},
		{"the first match ends it", notice.Subject{Pipeline: "payments", State: "STARTED"}, "channel:C0PAYMENTS sink:mail"},
		{"a child narrows", notice.Subject{Pipeline: "payments", State: "FAILED"}, "channel:C0PAYMENTS sink:teams sink:mail"},
		{"continue goes on", notice.Subject{Pipeline: "payments", Environment: "production"}, "channel:C0AUDIT00 channel:C0PAYMENTS sink:mail"},
		{"continue alone is the match", notice.Subject{Pipeline: "web", Environment: "production"}, "channel:C0AUDIT00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := places(tree(t).Deliveries(tt.subject)); got != tt.want {
				t.Errorf("goes to %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRouteInheritsWhatItLeavesUnset(t *testing.T) {
	t.Parallel()
	all := tree(t).Deliveries(notice.Subject{Pipeline: "payments", State: "FAILED"})
	want := notice.Delivery{
		Channel: "C0PAYMENTS", Route: "root/payments/0", Mode: notice.Card, Urgent: []notice.Kind{notice.Failed},
		Templates: map[notice.Kind]string{notice.Failed: "all {{stage}}", notice.Stuck: "own"},
	}
	if len(all) == 0 {
		t.Fatal("goes nowhere")
	}
	if diff := cmp.Diff(want, all[0]); diff != "" {
		t.Errorf("delivery (-want +got):\n%s", diff)
	}
	if again := tree(t); again.Routes[1].Sinks == nil || again.Routes[2].Sinks != nil {
		t.Error("an empty list and an unset one are the same; they must not be")
	}
	raw, err := json.Marshal(tree(t))
	if err != nil || !strings.Contains(string(raw), `"sinks":[]`) {
		t.Errorf("the empty list is lost in %s (%v)", raw, err)
	}
}

func TestExplainSaysWhyARouteWasPassedOver(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range tree(t).Explain(notice.Subject{Pipeline: "payments", State: "STARTED"}) {
		line := s.Path + ": " + s.Why
		if s.Chosen {
			line += " → " + places(s.Deliveries)
		}
		got = append(got, line)
	}
	want := []string{
		`root: matches, and so does a route below`,
		`root/noise: pipeline "payments" fits none of sandbox-*`,
		`root/audit: environment "" fits none of production`,
		`root/payments: matches → channel:C0PAYMENTS sink:mail`,
		`root/payments/0: state "STARTED" fits none of FAILED`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestPatternsMeanWhatApprovalsMean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"*", "", true}, {"*", "x/y", true}, {"?", "", false}, {"?", "é", true}, {"a*c", "abbc", true},
		{"a*c", "abcd", false}, {"*-prod", "web-prod-prod", true}, {"Web", "web", false}, {"[a]", "a", false},
		{"**a?*", "xab", true}, {strings.Repeat("*a", 50) + "b", strings.Repeat("a", 20000), false},
	}
	for _, tt := range tests {
		root := notice.Route{Mode: notice.Off, Routes: []notice.Route{{
			Match: notice.Match{Pipelines: []string{tt.pattern}}, Mode: notice.Card, Channel: "C0RELEASES",
		}}}
		if got := len(root.Deliveries(notice.Subject{Pipeline: tt.name})) == 1; got != tt.want {
			t.Errorf("%.20q fits %.20q: %v, want %v", tt.pattern, tt.name, got, tt.want)
		}
	}
}

func TestPlaceIsServedOnceAsTheFirstRouteSays(t *testing.T) {
	t.Parallel()
	root := notice.Route{Routes: []notice.Route{
		{Continue: true, Channel: "C0RELEASES", Mode: notice.Post, Sinks: []string{"mail"}},
		{Channel: "C0RELEASES", Mode: notice.Card, Sinks: []string{"teams", "mail"}},
	}}
	all := root.Deliveries(notice.Subject{})
	if got := places(all); got != "channel:C0RELEASES sink:mail sink:teams" || all[0].Mode != notice.Post {
		t.Errorf("goes to %q, first as %q", got, all[0].Mode)
	}
	if slices.ContainsFunc(all, func(d notice.Delivery) bool { return d.Route == "" }) {
		t.Error("a delivery does not say by which route")
	}
}
