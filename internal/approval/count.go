package approval

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// MaxReason is the longest reason that is kept, in characters. It leaves room
// for the voter's name in the 512 characters of an approval summary.
const MaxReason = 500

// maxVotes is how many votes a request keeps. Somebody who approves and
// withdraws for ever would outgrow the record otherwise.
const maxVotes = 100

// Count returns r as it stands after v, or why v does not count. The vote is
// judged at now, under the freezes of book; v.At is when the voter answered,
// and v.Groups are the Slack user groups to which the voter belongs.
func (r Request) Count(v Vote, book Rulebook, now time.Time) (Request, Refusal) {
	if why := r.closedTo(v, now); why != "" {
		return r, why
	}
	v.Reason = clip(strings.TrimSpace(v.Reason), MaxReason)
	switch v.Verdict {
	case Withdraw:
		return r.withdraw(v, now)
	case Override:
		return r.override(v)
	case Reject:
		return r.reject(v)
	case Approve:
		return r.approve(v, book, now)
	}
	return r, NoVerdict
}

// closedTo says why no vote of v's voter counts, whatever it is.
func (r Request) closedTo(v Vote, now time.Time) Refusal {
	switch {
	case r.State == Closed:
		return NotOpen
	case r.State.Final():
		return AlreadyDecided
	case !now.Before(r.ExpiresAt), r.State == Pending && !now.Before(r.deadline()): // what is held can still be stopped
		return TooLate
	case !r.answerable(): // an empty list admits nobody
		return NobodyMay
	case !r.lists(v.By, v.Groups):
		return NotApprover
	case len(r.Votes) >= maxVotes && v.Verdict != Reject:
		return TooMany
	}
	return ""
}

func (r Request) reject(v Vote) (Request, Refusal) {
	if v.Reason == "" && !r.Rule.RejectSilently {
		return r, NoReason
	}
	return r.decided(v, Rejected), ""
}

// override passes the gate by the word of one person. Neither quorums, nor
// ties, nor hours stand in the way: that is what it is for.
func (r Request) override(v Vote) (Request, Refusal) {
	switch {
	case !contains(r.Rule.BreakGlass, v.By):
		return r, MayNotOverride
	case v.Reason == "":
		return r, NoReason
	}
	v.Verdict, v.Override = Approve, true
	r = r.decided(v, Approved)
	return r.announce(GlassBroken, v.At), ""
}

func (r Request) approve(v Vote, book Rulebook, now time.Time) (Request, Refusal) {
	if why := r.bars(v); why != "" {
		return r, why
	}
	way := r.Clearance(book, now)
	if !way.Open && r.Rule.RefuseOutside {
		return r, Outside
	}
	if !way.Open && !way.Opens.IsZero() && !way.Opens.Before(r.ExpiresAt) {
		return r, NeverOpens
	}
	r.Votes = append(slices.Clone(r.Votes), v)
	if !r.met() {
		return r, ""
	}
	return r.pass(v, way, now), ""
}

// bars says what keeps v, an approval by somebody listed, from counting.
func (r Request) bars(v Vote) Refusal {
	if why := r.tied(v.By); why != "" {
		return why
	}
	switch {
	case len(r.circles(v)) == 0:
		return NotApprover // may break the glass, and nothing else
	case r.standing(v.By) >= 0:
		return Counted
	case r.Rule.HighRisk && v.Door == DoorSlack:
		return NeedsLink // the page behind it asks for the reason
	case r.Rule.ReasonToApprove && v.Reason == "":
		return NoReason
	}
	return ""
}

// pass decides r, whose quorums are met by the last vote v, or holds it.
func (r Request) pass(v Vote, way Clearance, now time.Time) Request {
	if !way.Open {
		if r.State != Held {
			r = r.announce(Holding, now)
		}
		r.State, r.HeldUntil, r.HeldBecause, r.Looked = Held, way.Opens, way.Because, now
		return r
	}
	r.State, r.Vote = Approved, &v
	return r.unheld()
}

// decided is r once v alone has decided it.
func (r Request) decided(v Vote, s State) Request {
	r.Votes = append(slices.Clone(r.Votes), v)
	r.State, r.Vote = s, &v
	return r.unheld()
}

func (r Request) unheld() Request {
	r.HeldUntil, r.HeldBecause = time.Time{}, ""
	return r
}

// withdraw takes back the approval of v's voter. A held request whose quorums
// are no longer met waits for votes again.
func (r Request) withdraw(v Vote, now time.Time) (Request, Refusal) {
	i := r.standing(v.By)
	if i < 0 {
		return r, NothingToWithdraw
	}
	r.Votes = slices.Clone(r.Votes)
	r.Votes[i].Withdrawn, r.Votes[i].WithdrawnBy = &now, v.Ballot
	r.Votes[i].Reason = "" // the trail has it, and a record has its limits
	if r.State == Held && !r.met() {
		r.State = Pending
		r = r.unheld()
	}
	return r, ""
}

// standing finds the approval of p that counts, or returns -1.
func (r Request) standing(p people.Person) int {
	return slices.IndexFunc(r.Votes, func(v Vote) bool {
		return v.Verdict == Approve && v.Withdrawn == nil && v.By.ID == p.ID
	})
}

// knows reports whether a ballot has been counted already, so that it can only
// be a repetition.
func (r Request) knows(ballot string) bool {
	return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Ballot == ballot || v.WithdrawnBy == ballot })
}

// answerable reports whether r names anybody at all who could answer.
func (r Request) answerable() bool {
	return len(r.Rule.BreakGlass) > 0 || slices.ContainsFunc(r.Rule.Quorums, func(q Quorum) bool {
		return len(q.People)+len(q.Groups) > 0
	})
}

// lists reports whether p, a member of groups, may answer r in any way. People
// are compared by their configured id alone: the one name that nobody else can
// take.
func (r Request) lists(p people.Person, groups []string) bool {
	return len(r.circles(Vote{By: p, Groups: groups})) > 0 || contains(r.Rule.BreakGlass, p)
}

func contains(all []people.Person, p people.Person) bool {
	_, ok := people.ByID(all, p.ID)
	return ok
}

// clip cuts s to at most limit characters, the last of which is then an
// ellipsis.
func clip(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}
