package web

import (
	"strconv"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// A quorum is how far one circle of approvers has come.
type quorum struct {
	Name string
	// Count is "1 of 2".
	Count string
	Met   bool
	// Have names those who have approved.
	Have string
}

// newProgress lists the quorums of r. It is empty when a single answer decides,
// where there is nothing to follow.
func newProgress(r approval.Request) []quorum {
	tally := r.Tally()
	if len(tally) == 1 && tally[0].Need == 1 && r.State == approval.Pending {
		return nil
	}
	var all []quorum
	for _, p := range tally {
		q := quorum{
			Name: p.Name, Count: strconv.Itoa(len(p.Have)) + " of " + strconv.Itoa(p.Need), Met: p.Missing() == 0,
			Have: clip(people.Names(p.Have, "and"), maxLine),
		}
		if q.Name == "" {
			q.Name = "Approvers"
		}
		all = append(all, q)
	}
	return all
}

// barred says why an approval of the link's person would not count, or nothing.
// What only the counting can know, such as who is in a Slack user group, is
// left to it.
func (s sight) barred() string {
	_, why := s.request.Count(approval.Vote{
		Verdict: approval.Approve, By: s.link.Person, Door: approval.DoorEmail, Reason: "?", Groups: s.request.Rule.Groups(),
	}, approval.Rulebook{}, s.now)
	switch why {
	case "", approval.AlreadyDecided, approval.NotOpen, approval.TooLate:
		return ""
	}
	return approval.Explain(s.request, why)
}

// counts reports whether an approval of the link's person counts.
func (s sight) counts() bool {
	for _, p := range s.request.Tally() {
		if _, ok := people.ByID(p.Have, s.link.Person.ID); ok {
			return true
		}
	}
	return false
}
