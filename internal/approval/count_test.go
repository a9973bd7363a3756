package approval_test

import (
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

func TestCount(t *testing.T) {
	t.Parallel()
	open := approval.Request{State: approval.Pending, Approvers: []people.Person{dana, lee}}
	open.ExpiresAt = opened.Add(time.Hour)
	with := func(change func(*approval.Request)) approval.Request {
		r := open
		change(&r)
		return r
	}
	tests := []struct {
		name    string
		request approval.Request
		vote    approval.Vote
		at      time.Time
		state   approval.State
		refusal approval.Refusal
	}{
		{"an approver's yes", open, approval.Vote{By: dana, Verdict: approval.Approve}, opened, approval.Approved, ""},
		{"an approver's no with a reason", open, approval.Vote{By: lee, Verdict: approval.Reject, Reason: "freeze"}, opened, approval.Rejected, ""},
		{"a no without a reason", open, approval.Vote{By: lee, Verdict: approval.Reject, Reason: " \n"}, opened, approval.Pending, approval.NoReason},
		{"somebody who is not listed", open, approval.Vote{By: marco, Verdict: approval.Approve}, opened, approval.Pending, approval.NotApprover},
		{"nobody", open, approval.Vote{Verdict: approval.Approve}, opened, approval.Pending, approval.NotApprover},
		{
			"an empty list admits nobody", with(func(r *approval.Request) { r.Approvers = nil }),
			approval.Vote{By: dana, Verdict: approval.Approve}, opened, approval.Pending, approval.NobodyMay,
		},
		{
			"an approver without an id admits nobody", with(func(r *approval.Request) { r.Approvers = []people.Person{{Name: "?"}} }),
			approval.Vote{By: people.Person{Name: "?"}, Verdict: approval.Approve}, opened, approval.Pending, approval.NotApprover,
		},
		{"no verdict", open, approval.Vote{By: dana, Verdict: "maybe"}, opened, approval.Pending, approval.NoVerdict},
		{"a moment before the deadline", open, approval.Vote{By: dana, Verdict: approval.Approve}, opened.Add(time.Hour - 1), approval.Approved, ""},
		{"at the deadline", open, approval.Vote{By: dana, Verdict: approval.Approve}, opened.Add(time.Hour), approval.Pending, approval.TooLate},
		{
			"a decided request", with(func(r *approval.Request) { r.State = approval.Approved }),
			approval.Vote{By: dana, Verdict: approval.Reject, Reason: "no"}, opened, approval.Approved, approval.AlreadyDecided,
		},
		{
			"a closed request", with(func(r *approval.Request) { r.State = approval.Closed }),
			approval.Vote{By: dana, Verdict: approval.Approve}, opened, approval.Closed, approval.NotOpen,
		},
		{
			"the zero request", approval.Request{}, approval.Vote{By: dana, Verdict: approval.Approve}, opened, "", approval.AlreadyDecided,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, refusal := tt.request.Count(tt.vote, tt.at)
			if got.State != tt.state || refusal != tt.refusal {
				t.Errorf("Count = %q, %q; want %q, %q", got.State, refusal, tt.state, tt.refusal)
			}
			if (refusal == "") != (got.Vote != nil) {
				t.Errorf("Count left the vote %v with refusal %q", got.Vote, refusal)
			}
		})
	}
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
	r := approval.Request{Environment: "production", Approvers: []people.Person{dana, lee, marco}}
	r.Action = action
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
