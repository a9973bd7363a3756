package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// judged is what has become of a release, as config test --json prints it.
type judged struct {
	Name     string    `json:"name"`
	About    string    `json:"about,omitempty"`
	Pipeline string    `json:"pipeline"`
	Stage    string    `json:"stage"`
	Action   string    `json:"action"`
	At       time.Time `json:"at"`
	// Rule is empty when none matches, so that nobody may approve.
	Rule        string `json:"rule,omitempty"`
	Environment string `json:"environment,omitempty"`
	// Outcome is the state in small letters, and Why says more.
	Outcome string        `json:"outcome"`
	Why     string        `json:"why,omitempty"`
	People  []mayOrNot    `json:"people"`
	Votes   []countedVote `json:"votes,omitempty"`
	Shadows []shadowed    `json:"shadows,omitempty"`
	Notes   []string      `json:"notes,omitempty"`
	// OK is whether it comes out as expected; Differs says where it does not.
	OK      bool     `json:"ok"`
	Differs []string `json:"differs,omitempty"`
}

// mayOrNot is whether somebody may approve a release.
type mayOrNot struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	// For are the circles that they count for.
	For []string `json:"for,omitempty"`
	// May is "approve" or "refused".
	May     string           `json:"may"`
	Because approval.Refusal `json:"because,omitempty"`
	// Sentence is what they are told.
	Sentence string `json:"sentence,omitempty"`
	// BreakGlass is whether they may pass the gate alone.
	BreakGlass bool `json:"break_glass,omitempty"`
}

type countedVote struct {
	By      string           `json:"by"`
	Verdict approval.Verdict `json:"verdict"`
	At      time.Time        `json:"at"`
	// Because is why it does not count, or empty.
	Because  approval.Refusal `json:"because,omitempty"`
	Sentence string           `json:"sentence,omitempty"`
	expected approval.Refusal
}

// shadowed is what a rule that is tried out makes of the same release.
type shadowed struct {
	Rule    string     `json:"rule"`
	Outcome string     `json:"outcome"`
	Why     string     `json:"why,omitempty"`
	People  []mayOrNot `json:"people"`
}

// What somebody may do, as it is written in releases.
const (
	mayApprove = "approve"
	refused    = "refused"
)

func (s *sitting) result() judged {
	return judged{
		Name: s.name, About: s.About, Pipeline: s.Pipeline, Stage: s.Stage, Action: s.Action, At: s.at,
		Rule: s.request.Policy, Environment: s.request.Environment,
		Outcome: s.outcome(), Why: s.why(), People: s.everybody(), Votes: s.counted, Notes: s.notes(),
	}
}

func (s *sitting) shadow() shadowed {
	return shadowed{Rule: s.request.Policy, Outcome: s.outcome(), Why: s.why(), People: s.everybody()}
}

func (s *sitting) outcome() string { return strings.ToLower(string(s.request.State)) }

// why says what it waits for, or who has decided.
func (s *sitting) why() string {
	v := s.request.Vote
	switch {
	case v == nil:
		return s.request.Waits()
	case v.Reason != "":
		return "By " + v.By.Name + ": " + v.Reason
	}
	return "By " + v.By.Name + "."
}

// everybody judges all in the configuration as they stand after the votes.
func (s *sitting) everybody() []mayOrNot {
	all := make([]mayOrNot, len(s.people))
	for i, p := range s.people {
		all[i] = s.may(p)
	}
	return all
}

// may asks what would become of an approval by p now, through their own link
// and with a reason.
func (s *sitting) may(p people.Person) mayOrNot {
	v := approval.Vote{Verdict: approval.Approve, By: p, Door: approval.DoorEmail, Reason: "?", At: s.at, Groups: s.groupsOf(p), Ballot: "?"}
	m := mayOrNot{Person: p.ID, Name: p.Name, For: s.circles(p), May: mayApprove}
	if _, why := s.request.Count(v, s.book, s.at); why != "" {
		m.May, m.Because, m.Sentence = refused, why, inOneLine(approval.Explain(s.request, why))
	}
	v.Verdict = approval.Override
	_, why := s.request.Count(v, s.book, s.at)
	m.BreakGlass = why == ""
	return m
}

// circles names those that p belongs to.
func (s *sitting) circles(p people.Person) []string {
	var all []string
	for _, q := range s.request.Rule.Quorums {
		_, named := people.ByID(q.People, p.ID)
		in := func(g string) bool { return slices.Contains(q.Groups, g) }
		if !named && !slices.ContainsFunc(s.groupsOf(p), in) {
			continue
		}
		name := q.Name
		if name == "" {
			name = "approvers"
		}
		all = append(all, name)
	}
	return all
}

// notes say what was assumed.
func (s *sitting) notes() []string {
	var all []string
	if s.StartedBy+s.Trigger == "" {
		all = append(all, "It is not said who started it: taken as started by a push to the repository.")
	}
	if len(s.Authors) == 0 && !s.AuthorsUnread {
		all = append(all, "It is not said who wrote the changes: taken as written by none of these people.")
	}
	start := s.request.Clearance(s.book, s.at)
	if s.request.State == approval.Pending && s.request.Policy != "" && !start.Open && !s.request.Rule.RefuseOutside {
		all = append(all, "Approved now, it would be held. "+strings.TrimSuffix(start.Because+suffix(" It would start ", s.opens(start)), ".")+".")
	}
	return append(all, s.groupNotes()...)
}

// opens is when a held release would start, or nothing when nobody knows.
func (s *sitting) opens(c approval.Clearance) string {
	if c.Opens.IsZero() {
		return ""
	}
	return s.request.Local(c.Opens)
}

// groupNotes say who of the Slack user groups is not known.
func (s *sitting) groupNotes() []string {
	var all []string
	for _, g := range s.request.Rule.Groups() {
		ids, said := s.Groups[g]
		if !said {
			all = append(all, fmt.Sprintf("It is not said who is in the Slack user group %s: whoever is may count as well.", g))
		}
		strangers := 0
		for _, id := range ids {
			if _, known := s.index.BySlack(id); !known {
				strangers++
			}
		}
		if strangers > 0 {
			all = append(all, fmt.Sprintf("%s of %s not in the configuration, and cannot answer.", count(strangers, "member", "members"), g+be(strangers)))
		}
	}
	return all
}

func be(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}
