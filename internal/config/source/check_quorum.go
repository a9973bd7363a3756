package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// checkQuorums reports quorums that could never be met, each by itself and then
// all of them together, and escalations to a circle that is none.
func (c *checker) checkQuorums(r rule) {
	names := map[string]quorum{}
	var known []string
	for _, q := range r.quorums() {
		key := strings.ToLower(q.name.text)
		if first, taken := names[key]; taken && key != "" {
			c.report(q.name, "give each circle its own name", "the circle on line %d is also called %q", first.name.at.line, first.name.text)
		}
		names[key] = q
		if q.name.text != "" {
			known = append(known, q.name.text)
		}
	}
	for _, e := range r.escalate {
		if e.circle.text == "" || slices.Contains(known, e.circle.text) {
			continue
		}
		c.report(e.circle, c.meant(e.circle.text, "circles", known, "write require: instead of approvers: there, a circle has a name"),
			"%s requires nothing of %s", r.label(), quoted(e.circle.text))
	}
	if c.checkEachQuorum(r) {
		c.checkTogether(r)
	}
}

// checkEachQuorum reports circles that are too small, and whether all are fine.
// Who is in a user group of Slack is not known here.
func (c *checker) checkEachQuorum(r rule) bool {
	ok := true
	for _, q := range r.quorums() {
		n := len(ids(c.groupMembers, q.from))
		sound := c.sound(q)
		ok = ok && sound
		if !sound || q.need <= n || q.open() {
			continue
		}
		ok = false
		c.report(word{at: q.at, path: q.path}, fmt.Sprintf("require at most %d, or name further people or a Slack user group", n),
			"%s needs %s, and has only %s", q.label(), counted(q.need, "approval", "approvals"), counted(n, "person", "people"))
	}
	return ok
}

// sound reports whether all of q's circle is known: otherwise that is to be put
// right before anything can be said about its size.
func (c *checker) sound(q quorum) bool {
	for _, w := range q.from {
		if _, isSlack := w.slackGroup(); isSlack {
			continue
		}
		all := ids(c.groupMembers, []word{w})
		if len(all) == 0 || slices.ContainsFunc(all, func(id string) bool { return !c.ids[id] }) {
			return false
		}
	}
	return len(q.from) > 0
}

// checkTogether seats everybody as approvals are counted, and reports when
// seats stay empty: nobody counts for two circles. Circles with user groups of
// Slack are left out, as others may fill them.
func (c *checker) checkTogether(r rule) {
	request := approval.Request{}
	need := 0
	var names []string
	var circle []word
	for _, q := range r.quorums() {
		if q.open() {
			continue
		}
		need += q.need
		names, circle = append(names, q.label()), append(circle, q.from...)
		request.Rule.Quorums = append(request.Rule.Quorums, approval.Quorum{Need: q.need, People: someone(ids(c.groupMembers, q.from))})
	}
	for _, p := range someone(ids(c.groupMembers, circle)) {
		request.Votes = append(request.Votes, approval.Vote{Verdict: approval.Approve, By: p})
	}
	have := 0
	for _, p := range request.Tally() {
		have += len(p.Have)
	}
	if have < need {
		c.report(r.whole("require"), "nobody counts twice: name further people, or require less",
			"%s together need %d different people, and at most %d of theirs can count", sentence(names), need, have)
	}
}

// someone are people who are known by their ids alone.
func someone(ids []string) []people.Person {
	all := make([]people.Person, len(ids))
	for i, id := range ids {
		all[i] = people.Person{ID: id}
	}
	return all
}

// open reports whether Slack may know further people of the circle.
func (q quorum) open() bool {
	for _, w := range q.from {
		if _, isSlack := w.slackGroup(); isSlack {
			return true
		}
	}
	return false
}

// counted writes "1 person" or "2 people".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// sentence joins words as "a, b and c".
func sentence(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
