package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// A Decider counts votes and carries outcomes out: vote first, then
// CodePipeline, then the record, then the cards. Every method may be repeated
// and finishes what an earlier call left undone.
type Decider struct {
	Record   Record
	Pipeline Pipeline
	Cards    Cards
	Clickers Clickers
	Now      func() time.Time
	// Pause waits before Slack is asked again. It returns early with an error
	// when ctx ends.
	Pause func(ctx context.Context, d time.Duration) error
}

// Vote judges a ballot and, when it counts, carries it out. A refusal is told
// to the voter and is not an error; an error means that the ballot should be
// judged again later.
func (d *Decider) Vote(ctx context.Context, b Ballot) error {
	r, err := d.Record.Request(ctx, b.RequestID)
	if errors.Is(err, ErrNotFound) {
		d.tell(ctx, Request{ID: b.RequestID}, b, NotKnown)
		return nil
	}
	if err != nil {
		return fmt.Errorf("load request %s: %w", b.RequestID, err)
	}
	person, refusal, err := d.voter(ctx, r, b)
	if err != nil {
		return err
	}
	for range maxTries {
		if refusal != "" || r.State.Final() {
			return d.refuse(ctx, r, b, refusal)
		}
		var after Request
		after, refusal = r.Count(Vote{Verdict: b.Verdict, By: person, Door: b.Door, Reason: b.Reason, At: b.At, Ballot: b.ID}, d.Now())
		if refusal != "" {
			continue
		}
		after.Cards = withCard(after.Cards, b.Card)
		err = d.Record.SaveVote(ctx, after)
		if err == nil {
			after.Version++
			slog.InfoContext(ctx, "vote counted", "metric", "VotesCounted", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
				"verdict", b.Verdict, "by", person.ID, "door", b.Door)
			return d.settle(ctx, after)
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("save vote on request %s: %w", r.ID, err)
		}
		if r, err = d.Record.Request(ctx, r.ID); err != nil {
			return fmt.Errorf("load request %s again: %w", b.RequestID, err)
		}
	}
	return fmt.Errorf("save vote on request %s: %w %d times", r.ID, ErrConflict, maxTries)
}

// voter finds out who cast b. Slack is only asked about somebody who is listed
// as an approver: everybody else is refused without a call.
func (d *Decider) voter(ctx context.Context, r Request, b Ballot) (people.Person, Refusal, error) {
	if r.State.Final() || len(r.Approvers) == 0 {
		return people.Person{}, "", nil // Count has the better answer
	}
	if b.Door == DoorEmail {
		p, ok := people.ByID(r.Approvers, b.PersonID)
		return p, unless(ok, NotApprover), nil
	}
	p, ok := people.BySlack(r.Approvers, b.SlackUser)
	if !ok || b.Door != DoorSlack {
		return p, NotApprover, nil
	}
	var u SlackUser
	err := again(ctx, d.Pause, func() (err error) {
		u, err = d.Clickers.Voter(ctx, b.SlackUser)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return p, NotInSlack, nil
	}
	if err != nil {
		return p, "", fmt.Errorf("look up Slack user %s: %w", b.SlackUser, err)
	}
	return p, u.refusal(), nil
}

// refusal says which kind of Slack account may not vote at all.
func (u SlackUser) refusal() Refusal {
	switch {
	case u.Deleted:
		return Deactivated
	case u.Bot:
		return Bot
	case u.Foreign:
		return Foreign
	case u.Guest:
		return Guest
	}
	return ""
}

func unless(ok bool, r Refusal) Refusal {
	if ok {
		return ""
	}
	return r
}

// refuse answers a ballot that does not change r. When r is decided it first
// finishes what may have been left undone and redraws the cards, among them
// the one that was clicked; the ballot that decided r is only being repeated,
// and its voter needs no answer.
func (d *Decider) refuse(ctx context.Context, r Request, b Ballot, why Refusal) error {
	if r.State.Final() {
		r.Cards = withCard(r.Cards, b.Card)
		if err := d.settle(ctx, r); err != nil {
			return err
		}
		if r.Vote != nil && r.Vote.Ballot == b.ID {
			return nil
		}
		fresh, err := d.Record.Request(ctx, r.ID)
		if err != nil {
			return fmt.Errorf("load request %s again: %w", r.ID, err)
		}
		r = fresh
		_, why = r.Count(Vote{}, d.Now())
	}
	d.tell(ctx, r, b, why)
	return nil
}

// tell answers the voter where the ballot came from, if that is possible.
// E-mail voters read the answer on the page behind their link.
func (d *Decider) tell(ctx context.Context, r Request, b Ballot, why Refusal) {
	slog.InfoContext(ctx, "vote refused", "metric", "VotesRefused", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
		"refusal", why, "door", b.Door, "slack_user", b.SlackUser, "person", b.PersonID)
	if b.Door != DoorSlack || b.Card == (Card{}) {
		return
	}
	if err := d.Clickers.Tell(ctx, b.Card, b.SlackUser, Explain(r, why)); err != nil {
		// Not to be tried again: votes on a request are counted in order, and
		// one whose voter cannot be told would hold up all others.
		slog.ErrorContext(ctx, "voter was not told", "request", r.ID, "slack_user", b.SlackUser, "refusal", why, "err", err)
	}
}

// withCard adds c to cards unless it is there or empty. Slack may have taken a
// message whose answer never reached us: its buttons work all the same, and
// this is how we learn where it is.
func withCard(cards []Card, c Card) []Card {
	if c == (Card{}) || slices.Contains(cards, c) {
		return cards
	}
	return append(slices.Clone(cards), c)
}
