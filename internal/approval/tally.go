package approval

import (
	"slices"

	"github.com/signalbox/signalbox/internal/people"
)

// A Progress is how far one quorum of a request has come.
type Progress struct {
	Quorum
	// Have are those who count for it, in the order of their votes.
	Have []people.Person
}

// Missing is how many more have to approve.
func (p Progress) Missing() int { return max(p.Need-len(p.Have), 0) }

// Tally assigns each approval that stands to at most one quorum, so that as
// many as possible are filled: somebody who belongs to two circles counts where
// they are needed, and nobody counts twice. Of several such assignments it
// takes the one that leaves earlier votes with earlier quorums.
func (r Request) Tally() []Progress {
	slots := make([][]int, len(r.Rule.Quorums)) // quorum → votes
	var circles [][]int
	for i := range r.Votes {
		circles = append(circles, r.circles(r.Votes[i]))
	}
	for i, v := range r.Votes {
		if v.Verdict == Approve && v.Withdrawn == nil && !v.Override {
			r.seat(slots, circles, i, make([]bool, len(slots)))
		}
	}
	all := make([]Progress, len(slots))
	for q, votes := range slots {
		all[q].Quorum = r.Rule.Quorums[q]
		slices.Sort(votes)
		for _, i := range votes {
			all[q].Have = append(all[q].Have, r.Votes[i].By)
		}
	}
	return all
}

// seat finds a place for vote i, moving others to another of their circles
// where that makes room: the augmenting path of bipartite matching. A quorum
// that has been tried is not tried again for the same vote.
func (r Request) seat(slots, circles [][]int, i int, tried []bool) bool {
	for _, q := range circles[i] {
		if tried[q] {
			continue
		}
		tried[q] = true
		if len(slots[q]) < r.Rule.Quorums[q].Need {
			slots[q] = append(slots[q], i)
			return true
		}
		for at, other := range slots[q] {
			if r.seat(slots, circles, other, tried) {
				slots[q][at] = i
				return true
			}
		}
	}
	return false
}

// met reports whether every quorum is filled. A rule without quorums is never
// met, nor is a quorum of nobody.
func (r Request) met() bool {
	if len(r.Rule.Quorums) == 0 {
		return false
	}
	for _, p := range r.Tally() {
		if p.Need < 1 || p.Missing() > 0 {
			return false
		}
	}
	return true
}

// circles lists the quorums, by index, for which the voter of v may count.
func (r Request) circles(v Vote) []int {
	var all []int
	for i, q := range r.Rule.Quorums {
		if contains(q.People, v.By) || v.By.ID != "" && slices.ContainsFunc(q.Groups, func(g string) bool {
			return slices.Contains(v.Groups, g)
		}) {
			all = append(all, i)
		}
	}
	return all
}
