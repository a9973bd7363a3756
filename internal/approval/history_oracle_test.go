package approval_test

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
)

// The oracle judges by the trail, by the scene and by the rule that was in
// force when the request was opened. It shares no code with what it judges.

// judge judges the entries that were just written about r.
func (a *arena) judge(before, r approval.Request, trail []audit.Entry) {
	for _, e := range trail {
		switch e.Kind {
		case audit.VoteCounted:
			a.judgeVote(before, e)
		case audit.Override:
			a.judgeOverride(e)
		case audit.Expired:
			o := a.opened[r.ID]
			if o.rule.Expire == 0 || !a.answerable(r.ID) || a.moment.Before(o.deadline()) && a.now.Before(o.deadline()) {
				a.fail("request %.4s expired before its time", r.ID)
			}
		case audit.Held:
			if !a.met(r.ID) {
				a.fail("request %.4s is held, and its quorums are not met", r.ID)
			}
		case audit.Decided:
			a.judgeDecision(e)
		}
	}
}

// deadline is until when a request may be answered that is not held.
func (o openedAs) deadline() time.Time {
	if d := o.rule.Expire; d > 0 && o.attempt.StartedAt.Add(d).Before(o.attempt.ExpiresAt) {
		return o.attempt.StartedAt.Add(d)
	}
	return o.attempt.ExpiresAt
}

// answerable reports whether there is anybody who could answer a request.
func (a *arena) answerable(request string) bool {
	o := a.opened[request]
	if !o.ruled || len(o.rule.BreakGlass) > 0 {
		return o.ruled
	}
	return slices.ContainsFunc(o.rule.Quorums, func(q approval.Quorum) bool { return len(q.Groups) > 0 }) ||
		slices.ContainsFunc(cast, func(p people.Person) bool { return len(a.circles(o, request, p, nil)) > 0 })
}

// judgeVote judges a vote that has been counted.
func (a *arena) judgeVote(before approval.Request, e audit.Entry) {
	o := a.opened[e.Request]
	b, p := a.ballotOf(e)
	a.seats[e.ID] = a.groupsOf(p)
	unfit := func(why string) { a.fail("the vote of %s counts (%s), although %s", e.Actor.Person, e.ID, why) }
	listed := len(a.circles(o, e.Request, p, a.seats[e.ID])) > 0
	switch {
	case !o.ruled:
		unfit("no rule matched")
	case p.ID == "" || e.Actor.Person != p.ID || e.Verdict != string(b.Verdict) || e.Actor.Door != string(b.Door):
		unfit("nobody cast it")
	case b.Door == approval.DoorSlack && accounts[p.Slack] != approval.SlackUser{}:
		unfit("the account may not vote")
	case !a.began.Before(o.attempt.ExpiresAt), before.State == approval.Pending && !a.began.Before(o.deadline()):
		unfit("it came too late")
	case b.Verdict == approval.Reject:
		if breaks := slices.Contains(o.rule.BreakGlass, p); !listed && !breaks || e.Reason == "" && !o.rule.RejectSilently {
			unfit("a rejection takes a reason, and somebody listed")
		}
	case b.Verdict != approval.Approve:
		unfit("it is no approval")
	case !listed:
		unfit("nobody listed them")
	case a.tied(o, p):
		unfit("they are tied to the release")
	case o.rule.HighRisk && b.Door == approval.DoorSlack:
		unfit("a click is not enough")
	case o.rule.ReasonToApprove && e.Reason == "":
		unfit("it has no reason")
	case o.rule.RefuseOutside && !a.clear(o):
		unfit("it came outside of the hours")
	}
}

func (a *arena) tied(o openedAs, p people.Person) bool {
	self := o.rule.Self
	return !self.Allow && (a.truth.people[p.ID] || a.truth.unknownStarter && !self.AllowUnknownStarter ||
		self.RefuseUnknownAuthor && (a.truth.unknownAuthor || !a.truth.complete))
}

func (a *arena) judgeOverride(e audit.Entry) {
	o := a.opened[e.Request]
	b, p := a.ballotOf(e)
	if p.ID == "" || e.Actor.Person != p.ID || b.Verdict != approval.Override || e.Reason == "" || !slices.Contains(o.rule.BreakGlass, p) ||
		b.Door == approval.DoorSlack && accounts[p.Slack] != (approval.SlackUser{}) || !o.ruled {
		a.fail("%s broke the glass with %s", e.Actor.Person, e.ID)
	}
}

// judgeDecision judges the outcome of a request by its trail.
func (a *arena) judgeDecision(e audit.Entry) {
	var last audit.Entry
	decided := 0
	for _, other := range a.trail {
		if other.Request != e.Request {
			continue
		}
		switch other.Kind {
		case audit.Decided:
			decided++
		case audit.VoteCounted, audit.Override, audit.Expired:
			last = other
		}
	}
	o := a.opened[e.Request]
	switch {
	case decided != 1:
		a.fail("request %.4s is decided %d times", e.Request, decided)
	case last.Kind == audit.Override && e.Verdict == "approve", last.Kind == audit.Expired && e.Verdict == "reject":
	case e.Verdict == "reject":
		if last.Verdict != "reject" {
			a.fail("request %.4s is rejected, and the last vote is %q", e.Request, last.Verdict)
		}
	case e.Verdict != "approve" || !a.met(e.Request):
		a.fail("request %.4s is decided %q without its quorums", e.Request, e.Verdict)
	case !a.clear(o):
		a.fail("request %.4s is approved outside of its hours, or in a freeze", e.Request)
	}
}

// confirm judges the answer that CodePipeline is just being told.
func (a *arena) confirm(r approval.Request, at *attempt) {
	i := slices.IndexFunc(a.trail, func(e audit.Entry) bool { return e.Request == r.ID && e.Kind == audit.Decided })
	switch {
	case at.told != 1:
		a.fail("CodePipeline is told %d times about %s", at.told, at.Token)
	case i < 0:
		a.fail("CodePipeline is told about %.4s before that is decided", r.ID)
	case a.opened[r.ID].attempt != at:
		a.fail("CodePipeline is told about %s by another request", at.Token)
	case (r.State == approval.Approved) != (a.trail[i].Verdict == "approve"), a.trail[i].Text != approval.Summary(r):
		a.fail("CodePipeline is told %s, %q, and the trail says %q", r.State, approval.Summary(r), a.trail[i].Text)
	}
}

// clear reports whether a release under o may start at any moment that the
// running step may take for now.
func (a *arena) clear(o openedAs) bool {
	return a.clearAt(o, a.began) || a.clearAt(o, a.now) || a.clearAt(o, a.moment)
}

func (a *arena) clearAt(o openedAs, t time.Time) bool {
	for _, f := range a.frozen {
		if len(f.Match.Pipelines) == 0 && !t.Before(f.From) && (f.Until.IsZero() || t.Before(f.Until)) {
			return false
		}
	}
	if len(o.rule.Hours.Windows) == 0 {
		return true
	}
	zone, err := time.LoadLocation(o.rule.Hours.Zone)
	if err != nil {
		return false
	}
	w, clock := o.rule.Hours.Windows[0], t.In(zone)
	shows := calendar.Clock(clock.Format("15:04"))
	on := func(day time.Weekday) bool {
		return slices.Contains(w.Days, calendar.Day(strings.ToLower(day.String()[:3])))
	}
	if w.From < w.To {
		return on(clock.Weekday()) && w.From <= shows && shows < w.To
	}
	return on(clock.Weekday()) && shows >= w.From || on((clock.Weekday()+6)%7) && shows < w.To
}

// checkOpen checks that an open request has nothing that it need not wait for.
func (a *arena) checkOpen(r approval.Request) {
	o := a.opened[r.ID]
	a.began, a.moment = a.now, a.now
	met := a.met(r.ID)
	switch {
	case r.State == approval.Pending && met:
		a.fail("request %.4s waits, and its quorums are met", r.ID)
	case r.State == approval.Held && !met:
		a.fail("request %.4s is held, and its quorums are not met", r.ID)
	case r.State == approval.Held && a.clearAt(o, a.now) && a.clearAt(o, a.now.Add(-20*time.Minute)):
		a.fail("request %.4s is held, and nothing is in the way", r.ID)
	case r.State == approval.Pending && o.ruled && a.answerable(r.ID) && o.rule.Expire > 0 && a.now.Sub(o.deadline()) > time.Hour:
		a.fail("request %.4s should have expired", r.ID)
	}
}
