package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/people"
)

const everything = "../../internal/config/source/testdata/good/everything.yaml"

// TestExplainSaysAllThatARuleAsksFor has a rule with every setting.
func TestExplainSaysAllThatARuleAsksFor(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := signalbox(t, "", "config", "explain", "web-shop", "Production", "A", everything, "--account", "111122223333", "--region", "us-east-1")
	if code != exitOK {
		t.Fatal(stderr)
	}
	const want = `  everything                                                         matches
  tried out before the one that takes everything                     matches, and is only tried out
  tried out by a shadow that has no channel and is in nobody's way   matches, and is only tried out
  tried out before                                                   matches, and is only tried out

Asked in C0WEBSHOP for the shop. It takes 2 of QA and 1 of Ops, all different people:
  QA    Dana Whitfield                  Slack U0DANA00001, e-mail dana@example.com
        Lee Okafor                      Slack U0LEE000002, e-mail lee@example.com
        Priya Raman                     Slack U0PRIYA0003
  Ops   Priya Raman                     Slack U0PRIYA0003
        Slack user group S0OPS000002    whoever is in it then
        Slack user group S0OPS000002X   whoever is in it then

Priya Raman, Dana Whitfield or Lee Okafor may break the glass: pass it alone, with a reason.
High risk: a click in Slack has to be confirmed through the person's own link.
People may approve their own releases.
It may not have changes by somebody who is not under people.
An approval needs a reason.
A rejection needs no reason.
Reminders go out after 30m and 1h.
After 8h, Dana Whitfield can answer for Ops.
After 24h, it is brought to Dana Whitfield and Lee Okafor.
Rejected after 48h without enough approvals.
Releases start Mon–Thu 09:00–17:00, Mon, Fri, Sun 22:00–02:00 Europe/Berlin, not on holidays; approvals outside of them are refused.
No mails are sent.
Each approver also gets a direct message.
The card mentions S0OPS000002, U0DANA00001 and C0RELEASES instead of the approvers.
`
	if diff := cmp.Diff(want, stdout); diff != "" {
		t.Error(diff)
	}
}

// TestWhoeverMayBeMailedIsSubscribed: also those who become approvers later, and
// everybody who may be in a Slack user group.
func TestWhoeverMayBeMailedIsSubscribed(t *testing.T) {
	t.Parallel()
	a, b, c, d := people.Person{ID: "a"}, people.Person{ID: "b"}, people.Person{ID: "c"}, people.Person{ID: "d"}
	all := []people.Member{{Person: a}, {Person: b}, {Person: c}, {Person: d}}
	of := func(who ...people.Person) []approval.Quorum {
		return []approval.Quorum{{Name: "QA", Need: 1, People: who}}
	}
	for name, tt := range map[string]struct {
		rule approval.Rule
		want []people.Person
	}{
		"approvers":                {approval.Rule{Quorums: of(c, a)}, []people.Person{a, c}},
		"escalation to the circle": {approval.Rule{Quorums: of(a), Escalate: []approval.Escalation{{After: time.Hour, To: []people.Person{b}, For: "QA"}}}, []people.Person{a, b}},
		"escalation to tell":       {approval.Rule{Quorums: of(a), Escalate: []approval.Escalation{{After: time.Hour, To: []people.Person{b}}}}, []people.Person{a}},
		"a Slack user group":       {approval.Rule{Quorums: []approval.Quorum{{Need: 1, Groups: []string{"S0OPS000002"}}}}, []people.Person{a, b, c, d}},
		"no mails":                 {approval.Rule{Quorums: of(a), Tell: approval.Tell{NoMail: true}}, nil},
		"a shadow":                 {approval.Rule{Quorums: of(a), Shadow: true}, nil},
	} {
		got := approvers(config.File{People: all, Policies: approval.Policies{tt.rule}})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
