package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
)

// A Decider counts votes and carries outcomes out: vote first, then
// CodePipeline, then the record, then the cards. Every method may be repeated
// and finishes what an earlier call left undone.
type Decider struct {
	*Asker
	Pipeline Pipeline
	Pager    Pager
}

// Vote judges a ballot and, when it counts, carries it out. A refusal is told
// to the voter and is not an error; an error means that the ballot should be
// judged again later.
func (d *Decider) Vote(ctx context.Context, b Ballot) error {
	r, err := d.Store.Request(ctx, b.RequestID)
	if errors.Is(err, ErrNotFound) {
		d.tell(ctx, Request{ID: b.RequestID}, b, NotKnown)
		return nil
	}
	if err != nil {
		return fmt.Errorf("load request %s: %w", b.RequestID, err)
	}
	v, refusal, err := d.voter(ctx, r, b)
	if err != nil {
		return err
	}
	for range maxTries {
		if refusal != "" || r.State.Final() || r.knows(b.ID) {
			return d.uncounted(ctx, r, b, v, refusal)
		}
		var after Request
		if r, after, refusal = d.judge(ctx, r, v); refusal != "" {
			continue
		}
		after.Cards = withCard(after.Cards, b.Card)
		saved, err := d.save(ctx, r, after.shadowed(v, d.Book, d.Now()))
		if err == nil {
			return d.counted(ctx, saved, v)
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("save vote on request %s: %w", r.ID, err)
		}
		if r, err = d.Store.Request(ctx, r.ID); err != nil {
			return fmt.Errorf("load request %s again: %w", b.RequestID, err)
		}
	}
	return fmt.Errorf("save vote on request %s: %w %d times", r.ID, ErrConflict, maxTries)
}

// judge counts v on r. Where it is not known whose changes r has, it tries to
// read that first, so that it also returns r as it is stored then.
func (d *Decider) judge(ctx context.Context, r Request, v Vote) (stored, after Request, why Refusal) {
	after, why = r.Count(v, d.Book, d.Now())
	if why != AuthorsUnread {
		return r, after, why
	}
	read, err := d.reread(ctx, r)
	if err != nil {
		slog.WarnContext(ctx, "changes still not read", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID, "err", err)
		return r, after, why
	}
	after, why = read.Count(v, d.Book, d.Now())
	return read, after, why
}

// counted follows up a vote that has been stored with r.
func (d *Decider) counted(ctx context.Context, r Request, v Vote) error {
	slog.InfoContext(ctx, "vote counted", "metric", "VotesCounted", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
		"verdict", v.Verdict, "by", v.By.ID, "door", v.Door, "state", r.State)
	if v.Verdict == Override {
		slog.WarnContext(ctx, "glass broken", "metric", "GatesBroken", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID, "by", v.By.ID)
	}
	return d.follow(ctx, r)
}

// uncounted deals with a ballot that does not change r: it was counted before,
// or it is refused.
func (d *Decider) uncounted(ctx context.Context, r Request, b Ballot, v Vote, why Refusal) error {
	if !r.knows(b.ID) {
		return d.refuse(ctx, r, b, v, why)
	}
	// The ballot is only being repeated, and its voter needs no answer.
	return d.follow(ctx, r)
}

// refuse answers a ballot that does not count. When r is decided it first
// finishes what may have been left undone and redraws the cards, among them the
// one that was clicked.
func (d *Decider) refuse(ctx context.Context, r Request, b Ballot, v Vote, why Refusal) error {
	if r.State.Final() {
		r.Cards = withCard(r.Cards, b.Card)
		if err := d.settle(ctx, r); err != nil {
			return err
		}
		fresh, err := d.Store.Request(ctx, r.ID)
		if err != nil {
			return fmt.Errorf("load request %s again: %w", r.ID, err)
		}
		r = fresh
		_, why = r.Count(Vote{}, d.Book, d.Now())
	} else if len(r.Shadows) > 0 && v.By.ID != "" {
		shadowed, err := d.amend(ctx, r, func(r Request) (Request, bool) { return r.shadowed(v, d.Book, d.Now()), !r.State.Final() })
		if err != nil {
			return err
		}
		if r = shadowed; r.State.Final() { // meanwhile
			_, why = r.Count(Vote{}, d.Book, d.Now())
		}
	}
	if err := d.Store.Append(ctx, refused(r, b, v.By, why, d.Now())); err != nil {
		return fmt.Errorf("record the refusal of a vote on request %s: %w", r.ID, err)
	}
	if why == NeedsLink {
		return d.confirm(ctx, r, b, v.By)
	}
	d.tell(ctx, r, b, why)
	return nil
}

// confirm gives the voter of b their own link, where a click does not count.
// The code is in their mail; who gets no mail reads it here.
func (d *Decider) confirm(ctx context.Context, r Request, b Ballot, p people.Person) error {
	i, err := d.Inviter.Invite(ctx, r, p)
	if err != nil {
		return fmt.Errorf("invite %s to confirm request %s: %w", p.ID, r.ID, err)
	}
	issued := entry(r, audit.LinkIssued, "link/"+p.ID+"/"+b.ID, p.Name+" was given their own link in Slack.", d.Now())
	issued.Actor = actor(p, DoorSlack)
	if err := d.Store.Append(ctx, issued); err != nil {
		return fmt.Errorf("record the link of %s for request %s: %w", p.ID, r.ID, err)
	}
	if p.Email != "" && !r.Rule.Tell.NoMail {
		i.Code = ""
	}
	err = again(ctx, d.Pause, func() error { return d.Clickers.Confirm(ctx, b.Card, b.SlackUser, r, i) })
	if err != nil {
		slog.ErrorContext(ctx, "voter was not given the link", "request", r.ID, "slack_user", b.SlackUser, "err", err)
	}
	return nil
}

// tell answers the voter where the ballot came from, if that is possible.
// E-mail voters read the answer on the page behind their link.
func (d *Decider) tell(ctx context.Context, r Request, b Ballot, why Refusal) {
	slog.InfoContext(ctx, "vote refused", "metric", "VotesRefused", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
		"refusal", why, "door", b.Door, "slack_user", b.SlackUser, "person", b.PersonID)
	if b.Door != DoorSlack || b.Card.Channel == "" {
		return
	}
	if err := d.Clickers.Tell(ctx, b.Card, b.SlackUser, d.explain(r, why)); err != nil {
		// Not to be tried again: votes on a request are counted in order, and
		// one whose voter cannot be told would hold up all others.
		slog.ErrorContext(ctx, "voter was not told", "request", r.ID, "slack_user", b.SlackUser, "refusal", why, "err", err)
	}
}

// explain is Explain, and says so when the rule has changed since r was opened.
func (d *Decider) explain(r Request, why Refusal) string {
	s := Explain(r, why)
	if (why == NotApprover || why == NobodyMay) && d.Outdated(r) {
		s += " The rule has changed since this request was opened, which keeps the one it was opened with. Retry the stage in CodePipeline to ask under the new one."
	}
	return s
}

// Outdated reports whether r was opened under another policy than the present
// one.
func (k *Asker) Outdated(r Request) bool {
	if r.ID == "" {
		return false
	}
	rule, ok := k.Book.For(r.Action)
	return ok != (r.Policy != "") || ok && rule.Hash() != r.PolicyHash
}
