package approval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// An Inquiry is a question that somebody asks in Slack: a message on the votes
// queue, like a ballot, so that the function behind Slack's requests needs no
// right to read anything.
type Inquiry struct {
	// ID names this question; the queue drops a repetition.
	ID        string   `json:"id"`
	Question  Question `json:"question"`
	SlackUser string   `json:"slack_user"`
	// About is what a Why asks about: the beginning of the id of an execution
	// or request. It is outside text.
	About string `json:"about,omitempty"`
	// Reply is where Slack takes the answer: an address that anybody could
	// answer to, so never log it. Home has none.
	Reply string    `json:"reply,omitempty"`
	At    time.Time `json:"at"`
}

// A Question is a kind of inquiry.
type Question string

// The questions.
const (
	// Home: the person has opened the app's own page in Slack.
	Home Question = "home"
	// List: what waits, and what for me?
	List Question = "approvals"
	// Why does this release not go on?
	Why Question = "why"
)

// Valid reports whether q is one of the questions.
func (q Question) Valid() bool { return q == Home || q == List || q == Why }

// An Overview is what waits, as one person sees it.
type Overview struct {
	// Mine waits for the person; Releases are those that they started, authored
	// or committed to; Others is the rest.
	Mine, Releases, Others []Standing
	Now                    time.Time
}

// A Desk answers inquiries in Slack.
type Desk interface {
	// Home draws the app's page of one person.
	Home(ctx context.Context, slackUser string, o Overview) error
	// List and Why answer at reply, for the eyes of the one who asked.
	List(ctx context.Context, reply string, o Overview) error
	Why(ctx context.Context, reply, about string, found []Standing) error
}

// A Clerk answers inquiries.
type Clerk struct {
	*Asker
	Desk Desk
}

// Answer answers q. An error means that it should be tried again.
func (c Clerk) Answer(ctx context.Context, q Inquiry) error {
	open, err := c.Store.Open(ctx)
	if err != nil && len(open) == 0 {
		return fmt.Errorf("list the open requests: %w", err)
	}
	slices.SortFunc(open, func(a, b Request) int { return a.StartedAt.Compare(b.StartedAt) })
	p, _ := c.People.BySlack(q.SlackUser)
	groups := c.groupsOf(ctx, open, q.SlackUser)
	switch q.Question {
	case Home:
		err = c.Desk.Home(ctx, q.SlackUser, c.overview(open, p, groups))
	case List:
		err = c.Desk.List(ctx, q.Reply, c.overview(open, p, groups))
	case Why:
		err = c.Desk.Why(ctx, q.Reply, q.About, c.about(open, q.About, p, groups))
	}
	if err != nil {
		return fmt.Errorf("answer the question %q: %w", q.Question, err)
	}
	return nil
}

// groupsOf lists the Slack user groups of the open requests to which a member
// belongs. A group that Slack does not tell about counts as somebody else's.
func (c Clerk) groupsOf(ctx context.Context, open []Request, slackUser string) []string {
	var names, in []string
	for _, r := range open {
		names = union(names, r.Rule.Groups())
	}
	for _, g := range names {
		if members, err := c.Circles.Members(ctx, g); err == nil && slices.Contains(members, slackUser) {
			in = append(in, g)
		}
	}
	return in
}

func (c Clerk) overview(open []Request, p people.Person, groups []string) Overview {
	o := Overview{Now: c.Now()}
	for _, r := range open {
		if r.State.Final() {
			continue // it is only being wound up
		}
		s := c.Standing(r, p, groups)
		tied := slices.ContainsFunc(r.Ties.People, func(t Tie) bool { return t.Person == p.ID })
		switch {
		case s.Yours == "" && r.State == Pending:
			o.Mine = append(o.Mine, s)
		case tied:
			o.Releases = append(o.Releases, s)
		default:
			o.Others = append(o.Others, s)
		}
	}
	return o
}

// minAbout is how much of an id must be given, in characters.
const minAbout = 4

// about finds the requests whose own id or whose execution's begins with id,
// or whose pipeline it names.
func (c Clerk) about(open []Request, id string, p people.Person, groups []string) []Standing {
	id = strings.ToLower(strings.TrimSpace(id))
	var found []Standing
	for _, r := range open {
		begins := len(id) >= minAbout && (strings.HasPrefix(strings.ToLower(r.ExecutionID), id) || strings.HasPrefix(r.ID, id))
		if begins || id != "" && strings.EqualFold(r.Pipeline, id) {
			found = append(found, c.Standing(r, p, groups))
		}
	}
	return found
}
