package approval_test

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/event"
)

// rounds is how often the reconciler may run before it finds nothing.
const rounds = 30

// untilQuiet lets alarms ring and the reconciler run until nothing changes.
func (a *arena) untilQuiet() {
	quiet := 0
	for range rounds {
		before := a.writes()
		for _, l := range slices.Clone(a.alarms) {
			if !l.rung && !l.at.After(a.now) {
				a.ring(l)
			}
		}
		for what := range a.owed {
			a.fail("%s fails without a fault", what)
		}
		a.began, a.moment = a.now, a.now
		a.tell("the reconciler runs once more")
		if err := a.gate().ReconcileDue(a.ctx, event.ReconcileDue{Meta: event.Meta{Time: a.now}}); err != nil {
			a.fail("the reconciler: %v", err)
		}
		a.now = a.now.Add(5 * time.Minute)
		a.timeOut()
		if quiet++; a.writes() != before {
			quiet = 0
		}
		if quiet == 2 { // a lease may have been in the way at first
			return
		}
	}
	a.fail("the reconciler finds something to do for ever")
}

// writes grows with every write.
func (a *arena) writes() int64 {
	n := int64(len(a.trail))
	for _, r := range a.requests {
		n += r.Version
	}
	return n
}

// windUp brings a history to its end and checks what is left: once when
// everything has been delivered, and once more when CodePipeline has given up
// on what was still open.
func (a *arena) windUp() {
	a.settle()
	a.check()
	a.tell("a week and more passes")
	a.now = a.now.Add(9 * 24 * time.Hour)
	a.timeOut()
	a.untilQuiet()
	a.check()
	for _, r := range a.requests {
		if !r.State.Final() {
			a.fail("request %.4s stays open for ever: %s", r.ID, r.State)
		}
	}
	for _, l := range a.alarms {
		if !l.rung {
			a.fail("an alarm of %.4s is left", l.request)
		}
	}
	a.checkTrail()
}

// check compares CodePipeline, the records and the cards.
func (a *arena) check() {
	for _, at := range a.attempts {
		r, ok := a.requests[approval.RequestID(at.Waiting)]
		switch {
		case at.ending == nil && (!ok || r.State.Final()):
			a.fail("%s waits, and its request is there %v, %s", at.Token, ok, r.State)
		case at.ending == nil || !ok && at.told == 0:
		case !r.State.Final() || !r.Settled:
			a.fail("%s has ended, and request %.4s is %s, settled %v", at.Token, r.ID, r.State, r.Settled)
		case at.told == 1 && (r.Applied == nil || r.State != map[approval.How]approval.State{approval.EndedApproved: approval.Approved, approval.EndedRejected: approval.Rejected}[at.ending.How]):
			a.fail("%s was told %s, and request %.4s is %s", at.Token, at.ending.How, r.ID, r.State)
		case at.told == 0 && (r.State != approval.Closed || r.Ending.How != at.ending.How):
			a.fail("%s ended elsewhere, %s, and request %.4s is %s", at.Token, at.ending.How, r.ID, r.State)
		}
	}
	broken := 0
	for _, r := range a.requests {
		a.checkRequest(r)
		if r.Vote != nil && r.Vote.Override {
			broken++
		}
	}
	if a.pages < broken {
		a.fail("the glass was broken %d times, and there were %d pages", broken, a.pages)
	}
}

// checkRequest checks what holds for every request once all is settled.
func (a *arena) checkRequest(r approval.Request) {
	if len(r.Announcements) > 0 {
		a.fail("request %.4s has announcements that are not made", r.ID)
	}
	for _, c := range r.Cards {
		if s := a.card(c); s != nil && !sameCard(s.drawn, r) && (r.State.Final() || !a.shaky) {
			a.fail("card %s shows %s, and the record is %s", c.TS, face(s.drawn), face(r))
		}
	}
	if r.State.Final() {
		left := slices.ContainsFunc(a.alarms, func(l *alarm) bool { return !l.rung && l.request == r.ID })
		if !r.Wake.IsZero() || left && !a.leaky {
			a.fail("an alarm of request %.4s is left, which is %s", r.ID, r.State)
		}
		return
	}
	a.checkOpen(r)
	if r.Channel == "" || !slices.ContainsFunc(r.Cards, func(c approval.Card) bool { return c.Channel == r.Channel }) {
		a.fail("request %.4s was never shown in %q", r.ID, r.Channel)
	}
	for _, p := range r.Approvers {
		if p.Email != "" && !r.Rule.Tell.NoMail && !slices.Contains(r.Mailed, p.ID) {
			a.fail("%s was never mailed", p.ID)
		}
		shown := slices.ContainsFunc(r.Cards, func(c approval.Card) bool { return c.Place == p.Slack })
		if p.Slack != "" && r.Rule.Tell.Direct && !shown && !slices.Contains(r.Unreachable, p.Slack) {
			a.fail("%s was never asked directly", p.ID)
		}
	}
}

// sameCard reports whether two requests look the same on a card.
func sameCard(a, b approval.Request) bool {
	return a.State == b.State && (a.Applied == nil) == (b.Applied == nil) && a.HeldUntil.Equal(b.HeldUntil) && a.Waits() == b.Waits() &&
		len(standing(a)) == len(standing(b)) && len(a.Approvers) == len(b.Approvers)
}

func face(r approval.Request) string {
	return string(r.State) + " " + r.Waits()
}

func standing(r approval.Request) []approval.Vote {
	return slices.DeleteFunc(slices.Clone(r.Votes), func(v approval.Vote) bool { return v.Withdrawn != nil })
}

// checkTrail looks for what must not be in the trail, and in every eighth
// history, as that takes longer than all the rest, links it and has it verified.
func (a *arena) checkTrail() {
	all := make([]string, 0, 8*len(a.trail))
	for _, e := range a.trail {
		all = append(all, e.ID, e.Text, e.Reason, e.Identity, e.Actor.Name)
		for _, s := range e.Detail {
			all = append(all, s)
		}
		if e.Chain != audit.ChainOf(action.Account, action.Region, action.Pipeline) || e.At.IsZero() || e.Request == "" || e.Text == "" {
			a.fail("an entry of the trail lacks something: %+v", e)
		}
	}
	text := strings.Join(all, "\n")
	for _, secret := range append(a.secrets, "/approve?t=") {
		if secret != "" && strings.Contains(text, secret) {
			a.fail("the trail holds the secret %q", secret)
		}
	}
	if !a.linked {
		return
	}
	head := audit.Head{Chain: audit.ChainOf(action.Account, action.Region, action.Pipeline)}
	chain := make([]audit.Entry, len(a.trail))
	for i, e := range a.trail {
		chain[i], head = audit.Next(head, e)
	}
	if problems := audit.Verify(chain, &head); len(problems) > 0 {
		a.fail("the trail does not verify: %v", problems)
	}
}
