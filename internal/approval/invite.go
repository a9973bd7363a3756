package approval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// mailTime bounds the mails of one request together. However many approvers
// there are, and however SNS and KMS hang, time must be left to record what was
// done before the function is ended: else it would be done again.
const mailTime = 10 * time.Second

// An Inviter makes the links by which people answer.
type Inviter struct {
	Links  Links
	Signer Signer
	// PublicURL is where the page behind a link is served, without a slash at
	// the end.
	PublicURL string
}

// Links remembers links.
type Links interface {
	// PutLink stores a new link, or fails with ErrExists.
	PutLink(ctx context.Context, l Link) error
}

// mail asks every approver who has an address and has not been asked yet, and
// returns the ids of those it has asked. A failure with one does not keep the
// others from being asked.
func (k *Asker) mail(ctx context.Context, r Request) ([]string, error) {
	waiting := unmailed(r)
	if len(waiting) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	seed, err := k.Inviter.seed(ctx, r)
	if err != nil {
		return nil, err
	}
	var asked []string
	var errs []error
	for _, p := range waiting {
		i, err := k.Inviter.invitation(ctx, r, p, NewCode(seed, p.ID))
		if err == nil {
			err = k.Mail.Ask(ctx, r, i)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("mail %s about request %s: %w", p.ID, r.ID, err))
			continue
		}
		asked = append(asked, p.ID)
	}
	return asked, errors.Join(errs...)
}

// unmailed are the approvers of r who have an address and no mail yet.
func unmailed(r Request) []people.Person {
	if r.Rule.Tell.NoMail {
		return nil
	}
	var waiting []people.Person
	for _, p := range r.Approvers {
		if p.Email != "" && !slices.Contains(r.Mailed, p.ID) {
			waiting = append(waiting, p)
		}
	}
	return waiting
}

func (v Inviter) seed(ctx context.Context, r Request) ([]byte, error) {
	seed, err := v.Signer.MAC(ctx, CodeSeedMessage(r.ID))
	if err != nil {
		return nil, fmt.Errorf("make the codes of request %s: %w", r.ID, err)
	}
	return seed, nil
}

// Invite makes the invitation of one person. The one in their mail, if they
// got any, is the same.
func (v Inviter) Invite(ctx context.Context, r Request, p people.Person) (Invitation, error) {
	seed, err := v.seed(ctx, r)
	if err != nil {
		return Invitation{}, err
	}
	return v.invitation(ctx, r, p, NewCode(seed, p.ID))
}

// invitation stores p's link before anybody gets it: a link in a mail always
// has its record. Link and code follow from r and p alone, so doing this again
// after a crash makes the same invitation.
func (v Inviter) invitation(ctx context.Context, r Request, p people.Person, code string) (Invitation, error) {
	link := NewLink(r, p, code)
	message, err := link.Claims().Message()
	if err != nil {
		return Invitation{}, err
	}
	mac, err := v.Signer.MAC(ctx, message)
	if err != nil {
		return Invitation{}, fmt.Errorf("sign the link: %w", err)
	}
	token, err := link.Claims().Token(mac)
	if err != nil {
		return Invitation{}, err
	}
	if err := v.Links.PutLink(ctx, link); err != nil && !errors.Is(err, ErrExists) {
		return Invitation{}, fmt.Errorf("store the link: %w", err)
	}
	return Invitation{To: p, URL: LinkURL(v.PublicURL, token), Code: code}, nil
}
