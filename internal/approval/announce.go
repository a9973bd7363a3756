package approval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// announce makes the announcements of r, each under a lease, and forgets those
// that are made. A crash in between makes one of them twice. It returns r as it
// is stored afterwards.
func (d *Decider) announce(ctx context.Context, r Request) (Request, error) {
	var errs []error
	for _, a := range r.Announcements {
		claimed, mine, err := d.claim(ctx, r, a)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		r = claimed
		if !mine {
			continue
		}
		err = d.make(ctx, r, a)
		after, amendErr := d.amend(ctx, r, func(r Request) (Request, bool) { return r.announced(a, err == nil) })
		if amendErr == nil {
			r = after
		}
		errs = append(errs, err, amendErr)
	}
	return r, errors.Join(errs...)
}

// claim takes the lease of a, unless somebody holds it or a has been made.
func (d *Decider) claim(ctx context.Context, r Request, a Announcement) (after Request, mine bool, err error) {
	now := d.Now()
	after, err = d.amend(ctx, r, func(r Request) (Request, bool) {
		i := r.announcement(a)
		if mine = i >= 0 && !now.Before(r.Announcements[i].Until); !mine {
			return r, false
		}
		r.Announcements = slices.Clone(r.Announcements)
		r.Announcements[i].Until = now.Add(postingLease)
		return r, true
	})
	return after, mine, err
}

// announced is r once a has been made, or has been tried in vain.
func (r Request) announced(a Announcement, made bool) (Request, bool) {
	i := r.announcement(a)
	if i < 0 {
		return r, false
	}
	r.Announcements = slices.Clone(r.Announcements)
	if !made {
		r.Announcements[i].Until = time.Time{}
		return r, true
	}
	r.Announcements = slices.Delete(r.Announcements, i, i+1)
	return r, true
}

// announcement finds a among those of r, or returns -1.
func (r Request) announcement(a Announcement) int {
	return slices.IndexFunc(r.Announcements, func(other Announcement) bool {
		return other.Kind == a.Kind && other.At.Equal(a.At)
	})
}

// overtaken reports whether a is no longer true of r, so that saying it now
// would mislead.
func (a Announcement) overtaken(r Request) bool {
	switch a.Kind {
	case Reminding, Escalating:
		return r.State != Pending
	case Holding:
		return r.State != Held
	}
	return false
}

// make tells people of a: below the card in the channel, and where somebody
// broke the glass also those who look after Signalbox.
func (d *Decider) make(ctx context.Context, r Request, a Announcement) error {
	var errs []error
	if a.overtaken(r) {
		return nil
	}
	if a.Kind == GlassBroken {
		subject, text := r.brokenGlass()
		if err := d.Pager.Page(ctx, subject, text); err != nil {
			errs = append(errs, fmt.Errorf("page about request %s: %w", r.ID, err))
		}
	}
	for _, c := range r.Cards {
		if c.Place != "" && c.Place != r.Channel {
			continue // a direct message needs no second one
		}
		err := again(ctx, d.Pause, func() error { return d.Cards.Announce(ctx, r, c, a) })
		if err != nil && !errors.Is(err, ErrNotFound) {
			errs = append(errs, fmt.Errorf("announce %s of request %s in %s: %w", a.Kind, r.ID, c.Channel, err))
		}
		break
	}
	return errors.Join(errs...)
}
