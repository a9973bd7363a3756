package approval

import (
	"fmt"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
)

// Trail is what the audit trail says about a change of a request: whatever
// differs between before and after has happened. Every write of a request
// passes through it, so that nothing can change without being recorded. The
// zero before is a request that has just been opened.
func Trail(before, after Request, now time.Time) []audit.Entry {
	t := trail{request: after, now: now}
	if before.ID == "" {
		t.opened()
	}
	t.votes(before)
	t.steps(before)
	t.outcome(before)
	t.asked(before)
	t.shadows(before)
	return t.entries
}

// A trail collects the entries of one change.
type trail struct {
	request Request
	now     time.Time
	entries []audit.Entry
}

// add records one thing: id tells it from all else that happens to the request.
func (t *trail) add(kind audit.Kind, id, text string, change func(*audit.Entry)) {
	e := entry(t.request, kind, id, text, t.now)
	if change != nil {
		change(&e)
	}
	t.entries = append(t.entries, e)
}

// entry is an entry about r.
func entry(r Request, kind audit.Kind, id, text string, at time.Time) audit.Entry {
	return audit.Entry{
		Chain: audit.ChainOf(r.Account, r.Region, r.Pipeline), ID: r.ID + "/" + id, At: at.UTC(), Kind: kind,
		Pipeline: r.Pipeline, Execution: r.ExecutionID, Stage: r.Stage, Action: r.Name, Request: r.ID, Attempt: r.ActionExecutionID,
		Environment: r.Environment, Policy: r.Policy, PolicyHash: r.PolicyHash, Text: text,
	}
}

func actor(p people.Person, door Door) audit.Actor {
	return audit.Actor{Person: p.ID, Name: p.Name, Email: p.Email, SlackUser: p.Slack, Door: string(door)}
}

func (t *trail) opened() {
	r := t.request
	text := "Opened under the rule " + r.Policy + ". " + r.Asks()
	if r.Policy == "" {
		text = "Opened. No rule matches, so nobody may answer here."
	}
	t.add(audit.RequestOpened, "opened", text, func(e *audit.Entry) {
		e.Detail = map[string]string{"started_by": r.StartedBy, "trigger": r.Trigger, "expires_at": r.Deadline().UTC().Format(time.RFC3339)}
		for i, rev := range r.Revisions {
			e.Detail["revision_"+strconv.Itoa(i+1)] = rev.Source + " " + rev.ID
		}
	})
}

// votes records what was counted and what was taken back.
func (t *trail) votes(before Request) {
	for i, v := range t.request.Votes {
		if i < len(before.Votes) {
			if was := before.Votes[i]; was.Withdrawn == nil && v.Withdrawn != nil {
				t.add(audit.VoteWithdrawn, "withdrawn/"+v.WithdrawnBy, v.By.Name+" took the approval back.", func(e *audit.Entry) {
					e.Actor = actor(v.By, v.Door)
				})
			}
			continue
		}
		kind, text := audit.VoteCounted, v.By.Name+" answered: "+string(v.Verdict)+"."
		switch {
		case v.Override:
			kind, text = audit.Override, v.By.Name+" passed the gate alone."
		case v.Door == DoorPolicy:
			kind, text = audit.Expired, v.Reason
		}
		t.add(kind, "vote/"+v.Ballot, text, func(e *audit.Entry) {
			e.Actor, e.Verdict, e.Reason = actor(v.By, v.Door), string(v.Verdict), v.Reason
			e.Detail = map[string]string{"answered_at": v.At.UTC().Format(time.RFC3339Nano)}
		})
	}
}

// steps records what time brought: holding, reminders, escalations.
func (t *trail) steps(before Request) {
	r := t.request
	if r.State == Held && (before.State != Held || !before.HeldUntil.Equal(r.HeldUntil)) {
		t.add(audit.Held, "held/"+strconv.FormatInt(r.Looked.UnixNano(), 10), "Approved, and held. "+r.HeldBecause, nil)
	}
	if before.State == Held && r.State == Approved {
		t.add(audit.Released, "released", "Nothing holds it any longer.", nil)
	}
	if r.Reminded > before.Reminded {
		t.add(audit.Reminded, "reminded/"+strconv.Itoa(r.Reminded), "Those who could answer were reminded.", nil)
	}
	for i := before.Escalated; i < r.Escalated && i < len(r.Rule.Escalate); i++ {
		t.add(audit.Escalated, "escalated/"+strconv.Itoa(i+1), "Brought in "+people.Names(r.Rule.Escalate[i].To, "and")+".", nil)
	}
}

// outcome records the decision, and what CodePipeline made of it.
func (t *trail) outcome(before Request) {
	r := t.request
	if before.Vote == nil && r.Vote != nil {
		t.add(audit.Decided, "decided", Summary(r), func(e *audit.Entry) {
			e.Actor, e.Verdict, e.Reason = actor(r.Vote.By, r.Vote.Door), string(r.Vote.Verdict), r.Vote.Reason
		})
	}
	if before.Applied == nil && r.Applied != nil {
		t.add(audit.Applied, "applied", "CodePipeline accepted the answer.", nil)
	}
	if before.State != Closed && r.State == Closed {
		t.add(audit.Closed, "closed", sentence(r.ended()), func(e *audit.Entry) {
			e.Identity, e.Detail = r.Ending.By, map[string]string{"how": string(r.Ending.How), "summary": r.Ending.Summary}
			e.Verdict = string(elsewhere[r.Ending.How])
		})
	}
}

// elsewhere are the verdicts given outside of Signalbox.
var elsewhere = map[How]Verdict{EndedApproved: Approve, EndedRejected: Reject}

// asked records who was asked, and where.
func (t *trail) asked(before Request) {
	for _, c := range t.request.Cards {
		if !hasCard(before.Cards, c) {
			kind := audit.CardPosted
			if c.Place != "" && c.Place != t.request.Channel {
				kind = audit.MessageSent
			}
			t.add(kind, "card/"+c.Channel+"/"+c.TS, "Shown in Slack.", func(e *audit.Entry) {
				e.Detail = map[string]string{"channel": c.Channel, "ts": c.TS, "place": c.Place}
			})
		}
	}
	for _, id := range t.request.Mailed {
		if contains(idsOf(before.Mailed), people.Person{ID: id}) {
			continue
		}
		p, _ := people.ByID(t.request.Approvers, id)
		t.add(audit.MailSent, "mail/"+id, "Mailed to "+p.Name+".", func(e *audit.Entry) { e.Actor = actor(p, DoorEmail) })
	}
}

func idsOf(ids []string) []people.Person {
	var all []people.Person
	for _, id := range ids {
		all = append(all, people.Person{ID: id})
	}
	return all
}

// shadows records what rules in shadow mode would have decided, once they have,
// or once the request is over without that.
func (t *trail) shadows(before Request) {
	over := t.request.State.Final() && !before.State.Final()
	for i, s := range t.request.Shadows {
		decided := s.State.Final() && (i >= len(before.Shadows) || !before.Shadows[i].State.Final())
		if !decided && (!over || s.State.Final()) {
			continue
		}
		text := fmt.Sprintf("The rule %s, in shadow mode, would be %s.", s.Rule.Name, s.verdict())
		t.add(audit.Shadow, fmt.Sprintf("shadow/%d/%v", i, over && !decided), text, func(e *audit.Entry) {
			e.Policy, e.PolicyHash = s.Rule.Name, s.Rule.Hash()
			e.Detail = map[string]string{"state": string(s.State), "live": string(t.request.State)}
		})
	}
}

// refused is the entry about a vote that did not count.
func refused(r Request, b Ballot, p people.Person, why Refusal, now time.Time) audit.Entry {
	e := entry(r, audit.VoteRefused, "refused/"+b.ID, Explain(r, why), now)
	e.Actor = actor(p, b.Door)
	if e.Actor.SlackUser == "" {
		e.Actor.SlackUser = b.SlackUser
	}
	e.Verdict, e.Refusal, e.Reason = string(b.Verdict), string(why), clip(b.Reason, MaxReason)
	return e
}
