package approval_test

import (
	"slices"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
)

// met reports whether the approvals that stand, by the trail, fill every quorum
// of a request with people who count once: it tries every way to seat them.
func (a *arena) met(request string) bool {
	o := a.opened[request]
	votes := map[string][]int{}
	for _, e := range a.trail {
		switch {
		case e.Request != request:
		case e.Kind == audit.VoteCounted && e.Verdict == "approve":
			votes[e.Actor.Person] = a.circles(o, request, people.Person{ID: e.Actor.Person}, a.seats[e.ID])
		case e.Kind == audit.VoteWithdrawn:
			delete(votes, e.Actor.Person)
		}
	}
	var all [][]int
	for _, circles := range votes {
		all = append(all, circles)
	}
	need := make([]int, len(o.rule.Quorums))
	for i, q := range o.rule.Quorums {
		need[i] = q.Need
	}
	return len(need) > 0 && fills(need, all)
}

func fills(need []int, people [][]int) bool {
	if slices.Max(need) <= 0 {
		return true
	}
	if len(people) == 0 {
		return false
	}
	for _, q := range people[0] {
		need[q]--
		ok := fills(need, people[1:])
		need[q]++
		if ok {
			return true
		}
	}
	return fills(need, people[1:])
}

// circles lists the quorums for which p may count: by the rule, by an
// escalation that has happened, or as a member of a group at the time.
func (a *arena) circles(o openedAs, request string, p people.Person, groups []string) (all []int) {
	named := func(list []people.Person) bool {
		return slices.ContainsFunc(list, func(other people.Person) bool { return other.ID == p.ID })
	}
	escalated := 0
	for _, e := range a.trail {
		if e.Request == request && e.Kind == audit.Escalated {
			escalated++
		}
	}
	for i, q := range o.rule.Quorums {
		in := named(q.People)
		for _, e := range o.rule.Escalate[:escalated] {
			in = in || e.For == q.Name && named(e.To)
		}
		for _, g := range q.Groups {
			in = in || slices.Contains(groups, g)
		}
		if in {
			all = append(all, i)
		}
	}
	return all
}

func (a *arena) groupsOf(p people.Person) (in []string) {
	for name, members := range a.groups {
		if p.Slack != "" && slices.Contains(members, p.Slack) {
			in = append(in, name)
		}
	}
	return in
}
