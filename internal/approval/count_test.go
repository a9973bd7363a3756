package approval_test

import (
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// ruled is an open request under a rule that asks n of the people for each
// quorum.
func ruled(quorums ...approval.Quorum) approval.Request {
	r := approval.Request{ID: "r", State: approval.Pending, Policy: "rule", Rule: approval.Rule{Name: "rule", Quorums: quorums}}
	r.Action, r.StartedAt, r.ExpiresAt = action, opened, opened.Add(7*24*time.Hour)
	r.Approvers = r.Rule.Approvers()
	return r
}

func circle(name string, need int, all ...people.Person) approval.Quorum {
	return approval.Quorum{Name: name, Need: need, People: all}
}

func yes(p people.Person) approval.Vote {
	return approval.Vote{Verdict: approval.Approve, By: p, Door: approval.DoorEmail, Ballot: "yes " + p.ID}
}

func no(p people.Person, reason string) approval.Vote {
	return approval.Vote{Verdict: approval.Reject, By: p, Door: approval.DoorSlack, Reason: reason, Ballot: "no " + p.ID}
}

func TestCount(t *testing.T) {
	t.Parallel()
	open := ruled(circle("Web", 1, dana, lee))
	end := open.ExpiresAt
	with := func(change func(*approval.Request)) approval.Request {
		r := open
		change(&r)
		return r
	}
	reason := func(v approval.Vote) approval.Vote { v.Reason = "because"; return v }
	as := func(v approval.Vote, verdict approval.Verdict) approval.Vote { v.Verdict = verdict; return v }
	slack := func(v approval.Vote) approval.Vote { v.Door = approval.DoorSlack; return v }
	tests := []struct {
		name    string
		request approval.Request
		vote    approval.Vote
		at      time.Time
		state   approval.State
		refusal approval.Refusal
	}{
		{"an approver's yes", open, yes(dana), opened, approval.Approved, ""},
		{"an approver's no with a reason", open, no(lee, "broken"), opened, approval.Rejected, ""},
		{"a no without a reason", open, no(lee, " \n"), opened, approval.Pending, approval.NoReason},
		{"a silent no where the rule takes it", with(func(r *approval.Request) { r.Rule.RejectSilently = true }), no(lee, ""), opened, approval.Rejected, ""},
		{"somebody who is not listed", open, yes(marco), opened, approval.Pending, approval.NotApprover},
		{"nobody", open, yes(people.Person{}), opened, approval.Pending, approval.NotApprover},
		{"no rule admits nobody", with(func(r *approval.Request) { r.Rule = approval.Rule{} }), yes(dana), opened, approval.Pending, approval.NobodyMay},
		{"an empty circle admits nobody", ruled(circle("Web", 1)), yes(dana), opened, approval.Pending, approval.NobodyMay},
		{"an approver without an id", ruled(circle("Web", 1, people.Person{Name: "?"})), yes(people.Person{Name: "?"}), opened, approval.Pending, approval.NotApprover},
		{"no verdict", open, as(yes(dana), "maybe"), opened, approval.Pending, approval.NoVerdict},
		{"a moment before the end", open, yes(dana), end.Add(-1), approval.Approved, ""},
		{"at the end", open, yes(dana), end, approval.Pending, approval.TooLate},
		{"after the rule's own expiry", with(func(r *approval.Request) { r.Rule.Expire = time.Hour }), yes(dana), opened.Add(time.Hour), approval.Pending, approval.TooLate},
		{"a decided request", with(func(r *approval.Request) { r.State = approval.Approved }), no(dana, "no"), opened, approval.Approved, approval.AlreadyDecided},
		{"a closed request", with(func(r *approval.Request) { r.State = approval.Closed }), yes(dana), opened, approval.Closed, approval.NotOpen},
		{"the zero request", approval.Request{}, yes(dana), opened, "", approval.AlreadyDecided},

		{"a yes that needs a reason", with(func(r *approval.Request) { r.Rule.ReasonToApprove = true }), yes(dana), opened, approval.Pending, approval.NoReason},
		{"a yes with its reason", with(func(r *approval.Request) { r.Rule.ReasonToApprove = true }), reason(yes(dana)), opened, approval.Approved, ""},
		{"high risk, by a click", with(func(r *approval.Request) { r.Rule.HighRisk = true }), slack(yes(dana)), opened, approval.Pending, approval.NeedsLink},
		{"high risk, through the link", with(func(r *approval.Request) { r.Rule.HighRisk = true }), yes(dana), opened, approval.Approved, ""},
		{"high risk, a no by a click", with(func(r *approval.Request) { r.Rule.HighRisk = true }), no(dana, "broken"), opened, approval.Rejected, ""},
		{"nothing to withdraw", open, as(yes(dana), approval.Withdraw), opened, approval.Pending, approval.NothingToWithdraw},

		{"the glass, by somebody who may not", open, reason(as(yes(dana), approval.Override)), opened, approval.Pending, approval.MayNotOverride},
		{"the glass, without a reason", with(breakable), as(yes(marco), approval.Override), opened, approval.Pending, approval.NoReason},
		{"the glass", with(breakable), reason(as(yes(marco), approval.Override)), opened, approval.Approved, ""},
		{"a plain yes by one who may only break the glass", with(breakable), yes(marco), opened, approval.Pending, approval.NotApprover},
		{"a no by one who may only break the glass", with(breakable), no(marco, "stop"), opened, approval.Rejected, ""},

		{"who started it", with(tie(dana, approval.Started)), yes(dana), opened, approval.Pending, approval.SelfStarted},
		{"who wrote it", with(tie(dana, approval.Authored)), yes(dana), opened, approval.Pending, approval.SelfAuthored},
		{"who committed it", with(tie(dana, approval.Committed)), yes(dana), opened, approval.Pending, approval.SelfCommitted},
		{"who wrote it may reject it", with(tie(dana, approval.Authored)), no(dana, "oops"), opened, approval.Rejected, ""},
		{"somebody else may approve it", with(tie(dana, approval.Authored)), yes(lee), opened, approval.Approved, ""},
		{"who wrote it, where the rule allows that", with(func(r *approval.Request) {
			tie(dana, approval.Authored)(r)
			r.Rule.Self.Allow = true
		}), yes(dana), opened, approval.Approved, ""},
		{"an unknown starter", with(func(r *approval.Request) { r.Ties.UnknownStarter = "x" }), yes(dana), opened, approval.Pending, approval.StarterUnknown},
		{"an unknown starter, where the rule allows that", with(func(r *approval.Request) {
			r.Ties.UnknownStarter, r.Rule.Self.AllowUnknownStarter = "x", true
		}), yes(dana), opened, approval.Approved, ""},
		{"unknown authors", with(func(r *approval.Request) { r.Ties.UnknownAuthors = []string{"x"} }), yes(dana), opened, approval.Approved, ""},
		{"unknown authors, where the rule refuses that", with(func(r *approval.Request) {
			r.Ties.UnknownAuthors, r.Rule.Self.RefuseUnknownAuthor = []string{"x"}, true
		}), yes(dana), opened, approval.Pending, approval.AuthorUnknown},
		{"authors that could not be read", with(func(r *approval.Request) { r.Ties.Unread = true }), yes(dana), opened, approval.Pending, approval.AuthorsUnread},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, refusal := tt.request.Count(tt.vote, approval.Rulebook{}, tt.at)
			if got.State != tt.state || refusal != tt.refusal {
				t.Errorf("Count = %q, %q; want %q, %q", got.State, refusal, tt.state, tt.refusal)
			}
			if (refusal == "") != (got.Vote != nil) {
				t.Errorf("Count left the vote %v with refusal %q", got.Vote, refusal)
			}
			if refusal != "" && approval.Explain(got, refusal) == "Your answer was not counted." {
				t.Errorf("%s is not explained", refusal)
			}
		})
	}
}

func breakable(r *approval.Request) { r.Rule.BreakGlass = []people.Person{marco} }

func tie(p people.Person, as approval.Part) func(*approval.Request) {
	return func(r *approval.Request) { r.Ties.People = []approval.Tie{{Person: p.ID, As: as}} }
}

func TestSummaryNamesTheHumanAndTheDoorWithinTheLimit(t *testing.T) {
	t.Parallel()
	r := approval.Request{Vote: &approval.Vote{By: dana, Verdict: approval.Reject, Door: approval.DoorSlack, Reason: "change\nfreeze"}}
	if got, want := approval.Summary(r), "Rejected by Dana Whitfield (dana@example.com) via Slack: change freeze"; got != want {
		t.Errorf("Summary = %q, want %q", got, want)
	}
	r.Vote.Reason = strings.Repeat("日", 600)
	if n := len([]rune(approval.Summary(r))); n != 512 {
		t.Errorf("a long summary has %d characters, want 512", n)
	}
	if got := approval.Summary(approval.Request{}); got != "" {
		t.Errorf("Summary without a vote = %q, want none", got)
	}
}

func TestExplainSaysWhoMayAnswer(t *testing.T) {
	t.Parallel()
	r := ruled(circle("Web", 1, dana, lee, marco))
	r.Environment = "production"
	tests := []struct {
		refusal approval.Refusal
		want    string
	}{
		{approval.NotApprover, "Dana Whitfield, Lee Okafor or Marco Silva can answer"},
		{approval.NobodyMay, "no approval rule"},
		{approval.NoReason, "needs a reason"},
		{approval.Guest, "Guest"},
		{approval.Bot, "Bots"},
		{approval.Foreign, "other workspaces"},
		{approval.Deactivated, "deactivated"},
		{approval.NotInSlack, "does not know"},
		{approval.NotKnown, "no longer knows"},
		{approval.NoVerdict, "Approve or Reject"},
		{"new", "not counted"},
	}
	for _, tt := range tests {
		if got := approval.Explain(r, tt.refusal); !strings.Contains(got, tt.want) {
			t.Errorf("Explain(%s) = %q, want it to say %q", tt.refusal, got, tt.want)
		}
	}
}

func TestRequestIDIsStableAndDependsOnEveryPart(t *testing.T) {
	t.Parallel()
	base := approval.Waiting{Action: action, Token: "t-1"}
	id := approval.RequestID(base)
	if len(id) != 26 || approval.RequestID(base) != id {
		t.Fatalf("RequestID = %q, then %q; want 26 stable characters", id, approval.RequestID(base))
	}
	changes := []func(*approval.Waiting){
		func(w *approval.Waiting) { w.Account += "1" },
		func(w *approval.Waiting) { w.Region += "1" },
		func(w *approval.Waiting) { w.Pipeline += "1" },
		func(w *approval.Waiting) { w.ExecutionID += "1" },
		func(w *approval.Waiting) { w.Stage += "1" },
		func(w *approval.Waiting) { w.Name += "1" },
		func(w *approval.Waiting) { w.Token += "1" },
	}
	for i, change := range changes {
		w := base
		change(&w)
		if approval.RequestID(w) == id {
			t.Errorf("change %d does not change the id", i)
		}
	}
}
