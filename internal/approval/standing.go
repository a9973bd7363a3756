package approval

import (
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// A Standing says where a request stands and what it waits for, for people who
// ask why.
type Standing struct {
	Request  Request
	Progress []Progress
	// Clearance says whether it could start now if it were approved.
	Clearance Clearance
	// Outdated: the policy has changed since the request was opened.
	Outdated bool
	// Yours says why the one who asks cannot approve it, or nothing when they
	// can. NotApprover is the answer to those who are not concerned.
	Yours Refusal
}

// Standing looks at r with the eyes of p.
func (k *Asker) Standing(r Request, p people.Person, groups []string) Standing {
	s := Standing{Request: r, Progress: r.Tally(), Clearance: r.Clearance(k.Book, k.Now()), Outdated: k.Outdated(r)}
	// Through a link: a click may have to be confirmed, and can be.
	_, s.Yours = r.Count(Vote{Verdict: Approve, By: p, Door: DoorEmail, Reason: "?", Groups: groups}, k.Book, k.Now())
	return s
}

// Waits says what r waits for, in a sentence: "Waits for 1 more of QA and 1 of
// Ops." It is empty once r is final.
func (r Request) Waits() string {
	switch {
	case r.State == Held:
		return "Approved, and held. " + r.Starts()
	case r.State.Final():
		return ""
	case !r.answerable():
		return "Nobody can answer it here."
	}
	var parts []string
	for _, p := range r.Tally() {
		if n := p.Missing(); n > 0 {
			parts = append(parts, p.needs(n))
		}
	}
	if len(parts) == 0 {
		return "Nobody can approve it: the rule names nobody but those who may break the glass."
	}
	return "Waits for " + list(parts, "and") + "."
}

// needs is "1 of QA", or "1 more of QA" once somebody has approved.
func (p Progress) needs(n int) string {
	s := strconv.Itoa(n)
	if len(p.Have) > 0 {
		s += " more"
	}
	if p.Name == "" {
		return s + " of the approvers"
	}
	return s + " of " + p.Name
}

// Starts says when a held request goes on.
func (r Request) Starts() string {
	if r.HeldUntil.IsZero() {
		return r.HeldBecause + " It goes on by itself when nothing holds it any longer."
	}
	return r.HeldBecause + " It starts " + r.Local(r.HeldUntil) + "."
}

// Local prints a moment in the time zone of the rule's hours, for people.
func (r Request) Local(t time.Time) string {
	if r.Rule.Hours.Zone == "" {
		return utc(t)
	}
	return r.Rule.Hours.Describe(t)
}

// CouldAnswer lists those who could still approve r, as far as it knows them:
// not those who have, nor those who are tied to the release.
func (r Request) CouldAnswer() []people.Person {
	var all []people.Person
	for _, p := range r.Approvers {
		if r.standing(p) < 0 && r.tied(p) == "" {
			all = append(all, p)
		}
	}
	return all
}

// list joins parts for a sentence: "a, b and c".
func list(parts []string, conjunction string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " " + conjunction + " " + parts[last]
}

// span prints a duration as people say it: "90 minutes", "24 hours", "7 days".
func span(d time.Duration) string {
	unit, n := "minute", int(d/time.Minute)
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		unit, n = "day", int(d/(24*time.Hour))
	case d >= time.Hour && d%time.Hour == 0:
		unit, n = "hour", int(d/time.Hour)
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit
}
