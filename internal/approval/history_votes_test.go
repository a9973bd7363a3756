package approval_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
)

func (a *arena) vote(st step) {
	b := approval.Ballot{
		ID: fmt.Sprintf("b%d", len(a.ballots)), RequestID: "unknown", Door: approval.DoorSlack, At: a.now,
		Verdict: []approval.Verdict{
			approval.Approve, approval.Approve, approval.Approve, approval.Approve, approval.Approve, approval.Approve,
			approval.Reject, approval.Withdraw, approval.Withdraw, approval.Override,
		}[st.y%10],
	}
	if n := len(a.attempts); n > 0 {
		b.RequestID = approval.RequestID(a.attempts[(n-1)*min(1, st.z%4)].Waiting)
	}
	if a.requests[b.RequestID].State == approval.Held && st.z%3 == 0 {
		b.Verdict = approval.Reject // while it can be stopped
	}
	if (st.y/10)%3 > 0 {
		b.Reason = "because"
	}
	if skew := (st.y / 30) % 16; skew < 2 {
		b.At = a.now.Add([]time.Duration{26 * time.Hour, -26 * time.Hour}[skew])
	}
	voter := st.x % (len(cast) + len(outsiders))
	if listed := a.opened[b.RequestID].rule.Approvers(); len(listed) > 0 && st.x%5 > 0 {
		voter = slices.Index(cast, listed[(st.x/5)%len(listed)])
	}
	if glass := a.opened[b.RequestID].rule.BreakGlass; b.Verdict == approval.Override && len(glass) > 0 && st.x%3 > 0 {
		voter = slices.Index(cast, glass[(st.x/3)%len(glass)])
	}
	switch {
	case voter >= len(cast):
		b.SlackUser = outsiders[voter-len(cast)]
	case (st.x/16)%3 == 0:
		b.Door, b.PersonID = approval.DoorEmail, cast[voter].ID
	default:
		b.SlackUser = cast[voter].Slack
	}
	if shown := a.cardsOf(b.RequestID); len(shown) > 0 && b.Door == approval.DoorSlack {
		b.Card = shown[st.z%len(shown)]
	}
	a.ballots = append(a.ballots, b)
	a.tell("  %s by %s%s via %s on %.4s, reason %q", b.Verdict, b.SlackUser, b.PersonID, b.Door, b.RequestID, b.Reason)
	due := st.fault.kind == "" && st.meanwhile == nil && a.depth == 0 && a.mustReject(b)
	if err := a.owe("vote "+b.ID, func() error { return a.gate().Vote(a.ctx, b) }); due && (err != nil || a.requests[b.RequestID].State != approval.Rejected) {
		a.fail("the rejection %s of somebody listed does not count (%v)", b.ID, err)
	}
}

// cardsOf lists the messages about a request as Slack names them, also those of
// which nobody else knows.
func (a *arena) cardsOf(request string) (all []approval.Card) {
	for _, c := range a.cards {
		if c.drawn.ID == request {
			all = append(all, c.Card)
		}
	}
	return all
}

// mustReject reports whether b is a rejection that has to count.
func (a *arena) mustReject(b approval.Ballot) bool {
	r, ok := a.requests[b.RequestID]
	o := a.opened[b.RequestID]
	_, p := a.ballotOf(audit.Entry{ID: "/" + b.ID, Request: b.RequestID})
	return ok && o.ruled && b.Verdict == approval.Reject && b.Reason != "" && p.ID != "" && !r.State.Final() && a.now.Before(o.attempt.ExpiresAt) &&
		o.attempt.ending == nil && (r.State == approval.Held || a.now.Before(o.deadline())) &&
		(b.Door == approval.DoorEmail || accounts[p.Slack] == approval.SlackUser{}) &&
		len(a.circles(o, b.RequestID, p, a.groupsOf(p))) > 0
}

// ballotOf finds the ballot of a vote's entry, and who cast it.
func (a *arena) ballotOf(e audit.Entry) (approval.Ballot, people.Person) {
	id := e.ID[strings.LastIndexByte(e.ID, '/')+1:]
	for _, b := range a.ballots {
		if b.ID != id || b.RequestID != e.Request {
			continue
		}
		for _, p := range cast {
			if b.Door == approval.DoorEmail && p.ID == b.PersonID || b.Door == approval.DoorSlack && b.SlackUser != "" && p.Slack == b.SlackUser {
				return b, p
			}
		}
	}
	return approval.Ballot{}, people.Person{}
}
