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
	// Have names those who have approved, and Could those who may yet do so.
	Have  string
	Could string
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
		if !q.Met && !r.State.Final() {
			q.Could = clip(could(r, p.Quorum), maxLine)
		}
		all = append(all, q)
	}
	return all
}

// could names those who may still approve for q, as far as r knows them.
func could(r approval.Request, q approval.Quorum) string {
	var able []people.Person
	for _, p := range r.CouldAnswer() {
		if _, ok := people.ByID(q.People, p.ID); ok {
			able = append(able, p)
		}
	}
	for _, g := range q.Groups {
		able = append(able, people.Person{Name: "anybody in the Slack user group " + g})
	}
	if len(able) == 0 {
		return "Nobody who could is known here."
	}
	return "Could approve: " + people.Names(able, "or")
}

// bars says what keeps an approval of the link's person from counting, or
// nothing. What only the counting can know, such as who is in a Slack user
// group, or can still find out, such as who made the changes, is left to it.
func (s sight) bars() approval.Refusal {
	_, why := s.request.Count(approval.Vote{
		Verdict: approval.Approve, By: s.link.Person, Door: approval.DoorEmail, Reason: "?", Groups: s.request.Rule.Groups(),
	}, approval.Rulebook{}, s.now)
	if why == approval.AuthorsUnread {
		return ""
	}
	return why
}

// barred says in sentences what why means before anybody has tried.
func (s sight) barred(why approval.Refusal) string {
	way := s.request.Clearance(approval.Rulebook{}, s.now)
	switch {
	case why == approval.NeverOpens:
		return way.Because + " Before that, CodePipeline gives up on this approval. Retry the stage nearer to the time."
	case why == approval.Outside && way.Opens.IsZero():
		return way.Because + " Approvals count only then."
	case why == approval.Outside:
		return way.Because + " Approvals count again from " + s.request.Local(way.Opens) + " on."
	}
	return approval.Explain(s.request, why)
}

// approvable reports whether an approval of the link's person may do something.
// What is held has all that it needs.
func (s sight) approvable() bool { return s.request.State == approval.Pending && s.bars() == "" }
