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
	Register Register
	Source   Source
	Rules    Rules
	// Channel is asked when no rule names another, and when no rule matches.
	Channel string
	Cards   Cards
	Mail    Mail
	Signer  Signer
	// PublicURL is where the page behind a link is served, without a slash at
	// the end.
	PublicURL string
	Now       func() time.Time
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
// not an error.
func (k *Asker) Started(ctx context.Context, a Action) error {
	w, err := k.waiting(ctx, a)
	if errors.Is(err, ErrNotWaiting) {
		slog.InfoContext(ctx, "approval has ended before it was read", "pipeline", a.Pipeline, "execution", a.ExecutionID, "stage", a.Stage)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read approval %s/%s/%s: %w", a.Pipeline, a.Stage, a.Name, err)
	}
	r, mine, err := k.open(ctx, Open(w, k.Rules, k.Channel, k.Now()))
	if err != nil || !mine {
		return err
	}
	return k.ask(ctx, r)
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

// open stores r, or finds the request that an earlier event has stored. It
// reports whether the lease for asking is held by this call: somebody is still
// to be asked, and nobody else is about to.
func (k *Asker) open(ctx context.Context, r Request) (Request, bool, error) {
	err := k.Register.CreateRequest(ctx, r)
	if err == nil {
		slog.InfoContext(ctx, "request opened", "metric", "RequestsOpened", "request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID,
			"stage", r.Stage, "policy", r.Policy, "approvers", len(r.Approvers))
		return r, true, nil
	}
	if !errors.Is(err, ErrExists) {
		return r, false, fmt.Errorf("store request %s: %w", r.ID, err)
	}
	stored, err := k.Register.Request(ctx, r.ID)
	if err != nil {
		return r, false, fmt.Errorf("load request %s: %w", r.ID, err)
	}
	now, mine := k.Now(), false
	stored, err = amend(ctx, k.Register, stored, func(r Request) (Request, bool) {
		mine = r.State == Pending && !r.asked() && !now.Before(r.PostingUntil)
		r.PostingUntil = now.Add(postingLease)
		return r, mine
	})
	return stored, mine, err
}

// asked reports whether everybody has been asked who can be.
func (r Request) asked() bool {
	return (len(r.Cards) > 0 || r.Channel == "") && len(unmailed(r)) == 0
}

// ask posts the card and publishes the mails, each unless that is done, then
// records what was done. A failure of one does not keep the other from being
// tried. After a failure it gives up the lease, for the event to be retried.
func (k *Asker) ask(ctx context.Context, r Request) error {
	posted, postErr := k.post(ctx, r)
	mailed, mailErr := k.mail(ctx, r)
	failed := errors.Join(mailErr, postErr)
	after, err := amend(ctx, k.Register, r, func(r Request) (Request, bool) {
		before := len(r.Cards) + len(r.Mailed)
		r.Cards = withCard(r.Cards, posted)
		r.Mailed = union(r.Mailed, mailed)
		if failed != nil {
			r.PostingUntil = time.Time{}
		}
		return r, failed != nil || len(r.Cards)+len(r.Mailed) > before
	})
	if err == nil && after.State.Final() {
		// It was decided while the card was on its way.
		err = redraw(ctx, k.Cards, k.Pause, after)
	}
	return errors.Join(failed, err)
}

// post posts the first card of r.
func (k *Asker) post(ctx context.Context, r Request) (Card, error) {
	if len(r.Cards) > 0 {
		return Card{}, nil
	}
	if r.Channel == "" {
		slog.WarnContext(ctx, "no channel to ask in: no rule matches, and the configuration names no default channel",
			"request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID)
		return Card{}, nil
	}
	c, err := k.Cards.Post(ctx, r)
	if err != nil {
		return Card{}, fmt.Errorf("post request %s to %s: %w", r.ID, r.Channel, err)
	}
	return c, nil
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
