package approval

import (
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// recheck is how long a held request waits before it is looked at again when
// nobody knows when it may start.
const recheck = time.Hour

// An Announcement is something that people are to be told once, besides what
// the cards show. It is stored before it is made, and forgotten after it.
type Announcement struct {
	Kind AnnouncementKind `json:"kind"`
	At   time.Time        `json:"at"`
	// Until is the lease of whoever is making it.
	Until time.Time `json:"until,omitzero"`
	// To are people who are named, besides those who may still answer.
	To []people.Person `json:"to,omitempty"`
}

// An AnnouncementKind says what is announced.
type AnnouncementKind string

// The announcements.
const (
	// Reminding: it still waits.
	Reminding AnnouncementKind = "REMINDING"
	// Escalating: it has waited long, and further people are brought in.
	Escalating AnnouncementKind = "ESCALATING"
	// Holding: it is approved, and starts later.
	Holding AnnouncementKind = "HOLDING"
	// GlassBroken: somebody passed the gate alone.
	GlassBroken AnnouncementKind = "GLASS_BROKEN"
	// TimedOut: nobody answered in the time that the rule gives.
	TimedOut AnnouncementKind = "TIMED_OUT"
)

func (r Request) announce(kind AnnouncementKind, at time.Time, to ...people.Person) Request {
	r.Announcements = append(slices.Clone(r.Announcements), Announcement{Kind: kind, At: at, To: to})
	return r
}

// deadline is when r expires under its rule; the end of time when the rule sets
// none.
func (r Request) deadline() time.Time {
	if r.Rule.Expire <= 0 {
		return r.ExpiresAt
	}
	at := r.StartedAt.Add(r.Rule.Expire)
	if at.After(r.ExpiresAt) {
		return r.ExpiresAt
	}
	return at
}

// Deadline is when people can no longer answer r: the expiry of the rule, or
// CodePipeline's own.
func (r Request) Deadline() time.Time { return r.deadline() }

// Next is when something falls due for r without anybody doing anything: a
// reminder, an escalation, the expiry, or the start of a held release. It is
// zero when nothing does.
func (r Request) Next() time.Time {
	switch r.State {
	case Held:
		if r.HeldUntil.IsZero() {
			return r.Looked.Add(recheck)
		}
		return r.HeldUntil
	case Pending:
	default:
		return time.Time{}
	}
	var next time.Time
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if r.Reminded < len(r.Rule.Remind) {
		sooner(r.StartedAt.Add(r.Rule.Remind[r.Reminded]))
	}
	if r.Escalated < len(r.Rule.Escalate) {
		sooner(r.StartedAt.Add(r.Rule.Escalate[r.Escalated].After))
	}
	if r.Rule.Expire > 0 && r.answerable() {
		sooner(r.deadline())
	}
	return next
}

// Awake returns r as it stands once all that is due at now has been done, and
// whether anything was. Several reminders that are due at once become one.
func (r Request) Awake(book Rulebook, now time.Time) (Request, bool) {
	next := r.Next()
	if next.IsZero() || now.Before(next) {
		return r, false
	}
	if r.State == Held {
		return r.start(book, now)
	}
	if r.Rule.Expire > 0 && r.answerable() && !now.Before(r.deadline()) {
		return r.expire(now), true
	}
	escalated := r.escalated(now)
	reminded := escalated.reminded(now)
	if reminded.Reminded > r.Reminded && escalated.Escalated == r.Escalated {
		reminded = reminded.announce(Reminding, now) // an escalation says as much
	}
	if escalated.Escalated > r.Escalated && reminded.met() {
		return reminded.start(book, now) // somebody who has approved is now in the circle that lacked one
	}
	return reminded, true
}

// reminded is r with the reminders counted that are due at now.
func (r Request) reminded(now time.Time) Request {
	for r.Reminded < len(r.Rule.Remind) && !now.Before(r.StartedAt.Add(r.Rule.Remind[r.Reminded])) {
		r.Reminded++
	}
	return r
}

// escalated is r with the escalations made that are due at now.
func (r Request) escalated(now time.Time) Request {
	for r.Escalated < len(r.Rule.Escalate) && !now.Before(r.StartedAt.Add(r.Rule.Escalate[r.Escalated].After)) {
		r = r.escalate(r.Rule.Escalate[r.Escalated], now)
	}
	return r
}

// start releases a held request, or holds it on when something is still, or
// again, in the way.
func (r Request) start(book Rulebook, now time.Time) (Request, bool) {
	last := r.Votes[0]
	for _, v := range r.Votes {
		if v.Verdict == Approve && v.Withdrawn == nil {
			last = v
		}
	}
	return r.pass(last, r.Clearance(book, now), now), true
}

// expire rejects r, for which nobody answered in time.
func (r Request) expire(now time.Time) Request {
	v := Vote{
		Verdict: Reject, By: people.Person{Name: "Signalbox"}, Door: DoorPolicy, At: now,
		Reason: "Not enough approvals within " + span(r.Rule.Expire) + ".", Ballot: "expiry",
	}
	return r.decided(v, Rejected).announce(TimedOut, now)
}

// escalate brings the people of e in.
func (r Request) escalate(e Escalation, now time.Time) Request {
	r.Escalated++
	if e.For != "" {
		r.Rule.Quorums = slices.Clone(r.Rule.Quorums)
		for i, q := range r.Rule.Quorums {
			if q.Name == e.For {
				r.Rule.Quorums[i].People = join(slices.Clone(q.People), e.To)
				r.Approvers = join(slices.Clone(r.Approvers), e.To)
			}
		}
	}
	return r.announce(Escalating, now, e.To...)
}
