package slack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// progress says of every quorum how far it has come and, while the card asks,
// whom it waits for. A decided card shows it only where more than one had to
// approve: the outcome names the only one.
func (d detail) progress(r approval.Request) mrkdwn {
	all := unbroken(r).Tally()
	if r.State == approval.Closed || r.State.Final() && needed(all) < 2 {
		return ""
	}
	lines := d.standings(r, all, namingOn(r))
	if !r.State.Final() {
		lines = append(lines, d.reasons(r)...)
	}
	return joined("\n", lines...)
}

// unbroken is r without the vote that broke the glass, which is no answer of a
// quorum.
func unbroken(r approval.Request) approval.Request {
	r.Votes = slices.DeleteFunc(slices.Clone(r.Votes), func(v approval.Vote) bool { return v.Override })
	return r
}

// standings is one line for every quorum.
func (d detail) standings(r approval.Request, all []approval.Progress, name naming) []mrkdwn {
	var lines []mrkdwn
	for _, p := range all[:min(len(all), d.quorums)] {
		s := d.reached(p)
		if r.State == approval.Pending && p.Missing() > 0 {
			s += " · " + d.waitsFor(r, p, name)
		}
		lines = append(lines, s)
	}
	if more := len(all) - d.quorums; more > 0 {
		lines = append(lines, "and "+mrkdwn(count(more, "more circle"))+" of approvers")
	}
	return lines
}

// reached is "*QA* 1 of 2: Dana Whitfield ✓".
func (d detail) reached(p approval.Progress) mrkdwn {
	s := "*" + quorum(p) + "* " + mrkdwn(strconv.Itoa(len(p.Have))+" of "+strconv.Itoa(p.Need))
	var have []mrkdwn
	for _, by := range p.Have[:min(len(p.Have), d.names)] {
		have = append(have, line(by.Name, maxName/2)+" ✓")
	}
	if more := len(p.Have) - d.names; more > 0 {
		have = append(have, mrkdwn(strconv.Itoa(more)+" more"))
	}
	if len(have) == 0 {
		return s
	}
	return s + ": " + joined(", ", have...)
}

func quorum(p approval.Progress) mrkdwn {
	if p.Name == "" {
		return "Approvals"
	}
	return line(p.Name, maxName/2)
}

// waitsFor names those who could fill what is missing of p.
func (d detail) waitsFor(r approval.Request, p approval.Progress, name naming) mrkdwn {
	able := couldFill(r, p)
	var names []string
	for _, a := range able[:min(len(able), d.names)] {
		names = append(names, string(name.person(a)))
	}
	if more := len(able) - d.names; more > 0 {
		names = append(names, strconv.Itoa(more)+" more")
	}
	for _, g := range p.Groups[:min(len(p.Groups), d.names)] {
		names = append(names, "a member of "+string(name.group(g)))
	}
	who := mrkdwn(either(names))
	switch {
	case blocked(r):
		return "nobody can, as things are"
	case len(p.Groups) > 0 || len(able) >= p.Missing():
		return "waits for " + who
	case len(able) == 0:
		return "⚠️ nobody else who could is known here"
	}
	return "⚠️ only " + who + " could, which is not enough"
}

// couldFill lists those who could still approve r and belong to the circle of
// p by name. Members of its Slack user groups are not among them: the request
// does not say who came by which group.
func couldFill(r approval.Request, p approval.Progress) []people.Person {
	var able []people.Person
	for _, a := range r.CouldAnswer() {
		if _, in := people.ByID(p.People, a.ID); in {
			able = append(able, a)
		}
	}
	return able
}

// reasons are the words of those who have approved so far.
func (d detail) reasons(r approval.Request) []mrkdwn {
	var all []mrkdwn
	for _, v := range r.Votes {
		if v.Reason != "" && v.Verdict == approval.Approve && v.Withdrawn == nil && len(all) < d.votes {
			all = append(all, "> "+line(v.By.Name+": "+v.Reason, d.sentence))
		}
	}
	return all
}

// tally is " (QA 1 of 2, Ops 0 of 1)" for the text without blocks, or nothing
// where one approval is all it takes.
func tally(r approval.Request) mrkdwn {
	all := r.Tally()
	if needed(all) < 2 || len(all) > 4 {
		return ""
	}
	var parts []mrkdwn
	for _, p := range all {
		parts = append(parts, quorum(p)+" "+mrkdwn(strconv.Itoa(len(p.Have))+" of "+strconv.Itoa(p.Need)))
	}
	return " (" + joined(", ", parts...) + ")"
}

// needed is how many approvals all quorums want together.
func needed(all []approval.Progress) int {
	n := 0
	for _, p := range all {
		n += p.Need
	}
	return n
}

// either is "a, b or c".
func either(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
