package approval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// An Asker opens requests and asks the approvers, in Slack and by e-mail.
type Asker struct {
	*Keeper
	Source Source
	Book   Rulebook
	People Everybody
	// Channel is asked when no rule names another, and when no rule matches.
	Channel  string
	Cards    Cards
	Clickers Clickers
	Circles  Circles
	Mail     Mail
	Inviter  Inviter
	// Pause waits before something is tried again that did not work yet. It
	// returns early with an error when ctx ends.
	Pause func(ctx context.Context, d time.Duration) error
}

// earlyReads are the pauses between the reads of an approval whose event has
// outrun the API. Together they are short: what takes longer is left to the
// retry of the event.
var earlyReads = []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond}

// Started opens the request for the approval action a and asks its approvers.
// It may be called any number of times for the same action: it asks once, and
// asks what an earlier call failed to ask. An action that no longer waits is
// not an error. It reports whether the request was not there before.
func (k *Asker) Started(ctx context.Context, a Action) (opened bool, err error) {
	w, err := k.waiting(ctx, a)
	if errors.Is(err, ErrNotWaiting) {
		slog.InfoContext(ctx, "approval has ended before it was read", "pipeline", a.Pipeline, "execution", a.ExecutionID, "stage", a.Stage)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read approval %s/%s/%s: %w", a.Pipeline, a.Stage, a.Name, err)
	}
	r, err := k.Store.Request(ctx, RequestID(w))
	if errors.Is(err, ErrNotFound) {
		r, opened, err = k.open(ctx, w)
	}
	if err != nil {
		return false, fmt.Errorf("load or open request %s: %w", RequestID(w), err)
	}
	if !opened {
		mine := false
		if r, mine, err = k.lease(ctx, r); err != nil || !mine {
			return false, err
		}
	}
	return opened, k.ask(ctx, r)
}

func (k *Asker) waiting(ctx context.Context, a Action) (Waiting, error) {
	for _, pause := range earlyReads {
		w, err := k.Source.Waiting(ctx, a)
		if !errors.Is(err, ErrTooEarly) {
			return w, err
		}
		if err := k.Pause(ctx, pause); err != nil {
			return Waiting{}, err
		}
	}
	return k.Source.Waiting(ctx, a)
}

// open finds out what w is about and stores the request for it. When somebody
// else has stored it meanwhile, it returns theirs and false.
func (k *Asker) open(ctx context.Context, w Waiting) (Request, bool, error) {
	r, err := k.create(ctx, Open(w, k.find(ctx, w), k.Book, k.People, k.Channel, k.Now()))
	if errors.Is(err, ErrExists) {
		r, err = k.Store.Request(ctx, r.ID)
		return r, false, err
	}
	if err != nil {
		return r, false, err
	}
	slog.InfoContext(ctx, "request opened", "metric", "RequestsOpened", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
		"stage", r.Stage, "policy", r.Policy, "approvers", len(r.Approvers))
	return r, true, nil
}

// lease takes the lease for asking. It reports whether this call holds it:
// somebody is still to be asked, and nobody else is about to.
func (k *Asker) lease(ctx context.Context, r Request) (Request, bool, error) {
	now, mine := k.Now(), false
	r, err := k.amend(ctx, r, func(r Request) (Request, bool) {
		mine = !r.State.Final() && !r.asked() && !now.Before(r.PostingUntil)
		r.PostingUntil = now.Add(postingLease)
		return r, mine
	})
	return r, mine, err
}

// asked reports whether everybody has been asked who can be.
func (r Request) asked() bool { return len(r.unposted())+len(unmailed(r)) == 0 }

// ask posts the cards and publishes the mails, each unless that is done, then
// records what was done. A failure of one does not keep the others from being
// tried. After a failure it gives up the lease, for the event to be retried.
func (k *Asker) ask(ctx context.Context, r Request) error {
	posted, gone, postErr := k.post(ctx, r)
	mailed, mailErr := k.mail(ctx, r)
	failed := errors.Join(mailErr, postErr)
	after, err := k.amend(ctx, r, func(r Request) (Request, bool) {
		before := len(r.Cards) + len(r.Mailed) + len(r.Unreachable)
		for _, c := range posted {
			r.Cards = withCard(r.Cards, c)
		}
		r.Mailed = union(r.Mailed, mailed)
		r.Unreachable = union(r.Unreachable, gone)
		r.Settled = r.Settled && len(posted) == 0 // a card that comes late shows what was
		if failed != nil {
			r.PostingUntil = time.Time{}
		}
		return r, failed != nil || len(r.Cards)+len(r.Mailed)+len(r.Unreachable) > before
	})
	if err == nil && after.redrawn(r) {
		// It changed while the cards were on their way.
		err = k.show(ctx, after)
	}
	return errors.Join(failed, err)
}

// post posts the cards of r that are missing. It returns them, and the places
// that do not exist.
func (k *Asker) post(ctx context.Context, r Request) (posted []Card, gone []string, err error) {
	if r.Channel == "" {
		slog.WarnContext(ctx, "no channel to ask in: no rule matches, and the configuration names no default channel",
			"request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID)
	}
	var errs []error
	for _, place := range r.unposted() {
		c, err := k.Cards.Post(ctx, r, place)
		switch {
		case err == nil:
			c.Place = place
			posted = append(posted, c)
		case errors.Is(err, ErrNotFound) && place != r.Channel:
			slog.WarnContext(ctx, "approver cannot be reached in Slack", "request", r.ID, "slack_user", place)
			gone = append(gone, place)
		default:
			errs = append(errs, fmt.Errorf("post request %s to %s: %w", r.ID, place, err))
		}
	}
	return posted, gone, errors.Join(errs...)
}

// unposted lists the places where r should be shown and is not yet: its
// channel, and its approvers one by one if the rule says so.
func (r Request) unposted() []string {
	var places []string
	if r.Channel != "" && !slices.ContainsFunc(r.Cards, func(c Card) bool { return c.Place == r.Channel || c.Channel == r.Channel }) {
		places = append(places, r.Channel)
	}
	if !r.Rule.Tell.Direct {
		return places
	}
	for _, p := range r.Approvers {
		shown := slices.ContainsFunc(r.Cards, func(c Card) bool { return c.Place == p.Slack })
		if p.Slack != "" && !shown && !slices.Contains(r.Unreachable, p.Slack) {
			places = append(places, p.Slack)
		}
	}
	return places
}
