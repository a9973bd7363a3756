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
	// Pause waits between two reads of an approval that is not there yet. It
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
	if err != nil || r.State.Final() {
		return err
	}
	return k.ask(ctx, r, mine)
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
// reports whether the lease for posting the card is held by this call.
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
		mine = r.State == Pending && len(r.Cards) == 0 && !now.Before(r.PostingUntil)
		r.PostingUntil = now.Add(postingLease)
		return r, mine
	})
	return stored, mine, err
}

// ask posts the card, when this call holds the lease, and publishes the mails
// that have not been published, then records what was done. A failure of one
// does not keep the other from being tried.
func (k *Asker) ask(ctx context.Context, r Request, post bool) error {
	mailed, err := k.mail(ctx, r)
	errs := []error{err}
	var posted Card
	if post && r.Channel == "" {
		slog.WarnContext(ctx, "no channel to ask in: no rule matches, and the configuration names no default channel",
			"request", r.ID, "pipeline", r.Pipeline, "execution", r.ExecutionID)
	} else if post {
		posted, err = k.Cards.Post(ctx, r)
		if err != nil {
			errs = append(errs, fmt.Errorf("post request %s to %s: %w", r.ID, r.Channel, err))
		}
	}
	after, err := amend(ctx, k.Register, r, func(r Request) (Request, bool) {
		before := len(r.Cards) + len(r.Mailed)
		r.Cards = withCard(r.Cards, posted)
		r.Mailed = union(r.Mailed, mailed)
		return r, len(r.Cards)+len(r.Mailed) > before
	})
	errs = append(errs, err)
	if err == nil && after.State.Final() {
		// It was decided while the card was on its way.
		errs = append(errs, redraw(ctx, k.Cards, after))
	}
	return errors.Join(errs...)
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
