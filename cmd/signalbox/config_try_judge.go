package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/people"
)

// A court judges releases by a configuration. It only carries facts to
// internal/approval, which decides as it does in production.
type court struct {
	book    approval.Rulebook
	people  []people.Person
	index   *people.Index
	channel string
}

func newCourt(f config.File) court {
	return court{book: f.Rulebook(), people: f.Directory().People(), index: f.Directory().Index(), channel: f.DefaultChannel}
}

// waits is how long an action waits that does not say otherwise.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const waits = 7 * 24 * time.Hour

// maxWakes bounds how often a request is woken on its way: hourly for as long
// as CodePipeline waits at most, and then some.
const maxWakes = 2000

// A sitting is one release under one rulebook.
type sitting struct {
	court
	described
	since, at time.Time
	request   approval.Request
	counted   []countedVote
}

// judge puts d before the rules, and before those that are only tried out. What
// d leaves open happens now.
func (c court) judge(d described, now time.Time) (judged, error) {
	s := sitting{court: c, described: d}
	s.since, s.at = d.times(now)
	if err := s.play(); err != nil {
		return judged{}, err
	}
	j := s.result()
	for _, rule := range c.book.Shadows(s.request.Action) {
		rule.Shadow = false
		under := sitting{court: c, described: d, since: s.since, at: s.at}
		under.book = approval.Rulebook{Environments: c.book.Environments, Policies: approval.Policies{rule}, Freezes: c.book.Freezes}
		if err := under.play(); err != nil {
			return judged{}, err
		}
		j.Shadows = append(j.Shadows, under.shadow())
	}
	j.Differs = d.Expect.differs(j)
	j.OK = len(j.Differs) == 0 && (d.Expect != nil || s.request.Policy != "")
	return j, nil
}

// times are when d began to wait, and when the question is asked.
func (d described) times(now time.Time) (since, at time.Time) {
	at = d.At.Time
	for _, v := range d.Votes {
		if d.At.IsZero() && v.At.After(at) {
			at = v.At.Time
		}
	}
	if at.IsZero() {
		at = now
	}
	since = d.Since.Time
	if !since.IsZero() {
		return since, at
	}
	since = at
	for _, v := range d.Votes {
		if !v.At.IsZero() && v.At.Before(since) {
			since = v.At.Time
		}
	}
	return since, at
}

// play opens the request, counts the votes, and lets time pass.
func (s *sitting) play() error {
	w := approval.Waiting{
		Action: approval.Action{
			Account: s.Account, Region: s.Region, Pipeline: s.Pipeline, Stage: s.Stage, Name: s.Action, ExecutionID: "described",
		},
		StartedBy: s.StartedBy, Trigger: s.Trigger, StartedAt: s.since, ExpiresAt: s.since.Add(waits),
	}
	if w.StartedBy+w.Trigger == "" {
		w.Trigger = "Webhook"
	}
	found := approval.Findings{Changes: s.changes(), Unread: s.AuthorsUnread, Members: s.members()}
	s.request = approval.Open(w, found, s.book, s.index, s.channel, s.since)
	votes := slices.Clone(s.Votes)
	slices.SortStableFunc(votes, func(a, b ballot) int { return a.when(s.at).Compare(b.when(s.at)) })
	for i, b := range votes {
		v, err := s.vote(b, i)
		if err != nil {
			return err
		}
		s.wake(v.At)
		after, why := s.request.Count(v, s.book, v.At)
		one := countedVote{By: v.By.ID, Verdict: v.Verdict, At: v.At, Because: why, expected: b.Refused}
		if why != "" {
			one.Sentence = inOneLine(approval.Explain(s.request, why))
		}
		s.request, s.counted = after, append(s.counted, one)
	}
	s.wake(s.at)
	return nil
}

func (b ballot) when(at time.Time) time.Time {
	if b.At.IsZero() {
		return at
	}
	return b.At.Time
}

func (s *sitting) vote(b ballot, i int) (approval.Vote, error) {
	p, ok := s.index.ByID(b.By)
	at := b.when(s.at)
	switch {
	case !ok:
		return approval.Vote{}, fmt.Errorf("nobody in the configuration has the id %q, which votes", b.By)
	case at.After(s.at):
		return approval.Vote{}, fmt.Errorf("%s votes at %s, after the question is asked", b.By, at.Format(time.RFC3339))
	}
	return approval.Vote{
		Verdict: cmp.Or(b.Verdict, approval.Approve), By: p, Door: doorNames[b.Door], Reason: b.Reason, At: at,
		Ballot: fmt.Sprintf("vote %d", i), Groups: s.groupsOf(p),
	}, nil
}

// wake lets happen what falls due until at.
func (s *sitting) wake(at time.Time) {
	for range maxWakes {
		next := s.request.Next()
		if next.IsZero() || next.After(at) {
			return
		}
		after, changed := s.request.Awake(s.book, next)
		if !changed {
			return
		}
		s.request = after
	}
}

// members are the members of the Slack user groups who are in the
// configuration.
func (s *sitting) members() map[string][]people.Person {
	all := map[string][]people.Person{}
	for group, ids := range s.Groups {
		for _, id := range ids {
			if p, ok := s.index.BySlack(id); ok {
				all[group] = append(all[group], p)
			}
		}
	}
	return all
}

// groupsOf are the Slack user groups that p is in.
func (s *sitting) groupsOf(p people.Person) []string {
	var all []string
	for group, ids := range s.Groups {
		if p.Slack != "" && slices.Contains(ids, p.Slack) {
			all = append(all, group)
		}
	}
	slices.Sort(all)
	return all
}

// inOneLine is an answer of several lines in one.
func inOneLine(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines[:len(lines)-1] {
		if !strings.HasSuffix(l, ".") {
			lines[i] += "."
		}
	}
	return strings.Join(lines, " ")
}
