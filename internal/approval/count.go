package approval

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// A Refusal says why a vote did not count. It is an answer for the voter to
// read, not an error: nothing broke and nothing should be retried.
type Refusal string

// The refusals. The empty Refusal means that the vote counts.
const (
	NotKnown       Refusal = "not_known"
	NotOpen        Refusal = "not_open"
	AlreadyDecided Refusal = "already_decided"
	TooLate        Refusal = "too_late"
	NobodyMay      Refusal = "nobody_may"
	NotApprover    Refusal = "not_approver"
	NoVerdict      Refusal = "no_verdict"
	NoReason       Refusal = "no_reason"
	Deactivated    Refusal = "deactivated"
	Bot            Refusal = "bot"
	Guest          Refusal = "guest"
	Foreign        Refusal = "foreign"
	NotInSlack     Refusal = "not_in_slack"
)

// MaxReason is the longest reason that is kept, in characters. It leaves room
// for the voter's name in the 512 characters of an approval summary.
const MaxReason = 500

// Count returns r as it stands after v, or why v does not count. The vote is
// judged at now; v.At is when the voter answered.
func (r Request) Count(v Vote, now time.Time) (Request, Refusal) {
	switch {
	case r.State == Closed:
		return r, NotOpen
	case r.State != Pending:
		return r, AlreadyDecided
	case !now.Before(r.ExpiresAt):
		return r, TooLate
	case len(r.Approvers) == 0: // an empty list admits nobody
		return r, NobodyMay
	case !r.admits(v.By):
		return r, NotApprover
	case !v.Verdict.Valid():
		return r, NoVerdict
	case v.Verdict == Reject && strings.TrimSpace(v.Reason) == "":
		return r, NoReason
	}
	r.State = Approved
	if v.Verdict == Reject {
		r.State = Rejected
	}
	v.Reason = clip(strings.TrimSpace(v.Reason), MaxReason)
	r.Vote = &v
	return r, ""
}

// admits reports whether p is one of the approvers. People are compared by
// their configured id alone: the one name that nobody else can take.
func (r Request) admits(p people.Person) bool {
	return p.ID != "" && slices.ContainsFunc(r.Approvers, func(a people.Person) bool { return a.ID == p.ID })
}

// end returns r as it stands after CodePipeline said, at the moment now, that
// its action ended as e: applied when that was our own answer, else closed. A
// request that is applied or closed stays as it is, and false is returned.
func (r Request) end(e Ending, now time.Time) (Request, bool) {
	switch {
	case r.State == Closed || r.Applied != nil:
		return r, false
	case r.matches(e):
		r.Applied = &now
	default:
		if e.At.IsZero() { // nobody knows when
			e.At = now
		}
		r.State = Closed
		r.Ending = &e
	}
	return r, true
}

// matches reports whether e is what r.Vote must have led to, so that the
// answer CodePipeline has had is ours. The summary names the voter and the
// door, so an answer given in the console does not pass for ours.
func (r Request) matches(e Ending) bool {
	if r.Vote == nil || e.Summary != Summary(r) {
		return false
	}
	return r.Vote.Verdict == Approve && e.How == EndedApproved || r.Vote.Verdict == Reject && e.How == EndedRejected
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
