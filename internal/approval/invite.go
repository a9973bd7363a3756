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
	seed, err := k.Signer.MAC(ctx, CodeSeedMessage(r.ID))
	if err != nil {
		return nil, fmt.Errorf("make the codes of request %s: %w", r.ID, err)
	}
	var asked []string
	var errs []error
	for _, p := range waiting {
		if err := k.invite(ctx, r, p, NewCode(seed, p.ID)); err != nil {
			errs = append(errs, fmt.Errorf("mail %s about request %s: %w", p.ID, r.ID, err))
			continue
		}
		asked = append(asked, p.ID)
	}
	return asked, errors.Join(errs...)
}

// unmailed are the approvers of r who have an address and no mail yet.
func unmailed(r Request) []people.Person {
	var waiting []people.Person
	for _, p := range r.Approvers {
		if p.Email != "" && !slices.Contains(r.Mailed, p.ID) {
			waiting = append(waiting, p)
		}
	}
	return waiting
}

// invite stores p's link and then mails it: a link in a mail always has its
// record. Link and code follow from r and p alone, so doing this again after a
// crash sends the same mail.
func (k *Asker) invite(ctx context.Context, r Request, p people.Person, code string) error {
	link := NewLink(r, p, code)
	message, err := link.Claims().Message()
	if err != nil {
		return err
	}
	mac, err := k.Signer.MAC(ctx, message)
	if err != nil {
		return fmt.Errorf("sign the link: %w", err)
	}
	token, err := link.Claims().Token(mac)
	if err != nil {
		return err
	}
	if err := k.Register.PutLink(ctx, link); err != nil && !errors.Is(err, ErrExists) {
		return fmt.Errorf("store the link: %w", err)
	}
	return k.Mail.Ask(ctx, r, Invitation{To: p, URL: LinkURL(k.PublicURL, token), Code: code})
}
