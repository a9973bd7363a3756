// Package mail is the mailbox of the local world: it takes by HTTP what SNS
// would send by e-mail.
//
// A local SNS only logs "email" subscriptions, so people are subscribed by
// "http" to InboxURL. The mailbox confirms such a subscription itself, which
// people do with a click in their first mail, and keeps what arrives. It does
// not check SNS's signatures, because local ones are not real.
package mail

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// maxMails is how many mails are kept, over all addresses.
const maxMails = 1000

// A Confirmer confirms subscriptions, as an SNS client does. The mailbox never
// follows the SubscribeURL of a message: whoever reaches the inbox could make
// it call any address.
type Confirmer interface {
	ConfirmSubscription(context.Context, *sns.ConfirmSubscriptionInput, ...func(*sns.Options)) (*sns.ConfirmSubscriptionOutput, error)
}

// Options are what a Mailbox needs.
type Options struct {
	// Addresses are the e-mail addresses that mail is taken for.
	Addresses []string
	// Confirmer is the local SNS.
	Confirmer Confirmer
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// A Mail is a message as its reader sees it.
type Mail struct {
	// ID is SNS's MessageId. Several people can get mails with the same one.
	ID      string    `json:"id"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Body    string    `json:"body"`
	SentAt  time.Time `json:"sent_at"`
	// Attributes are the message's attributes, which a reader of real mail
	// does not see.
	Attributes map[string]string `json:"attributes,omitempty"`
}

// A Mailbox keeps the mail of several people in memory. It is safe for use by
// several goroutines.
type Mailbox struct {
	addresses []string
	confirmer Confirmer
	now       func() time.Time

	mu    sync.Mutex
	mails []Mail
}

// New makes an empty mailbox.
func New(o Options) (*Mailbox, error) {
	if o.Confirmer == nil {
		return nil, errors.New("the local mailbox needs a Confirmer to confirm its subscriptions")
	}
	m := &Mailbox{addresses: slices.Clone(o.Addresses), confirmer: o.Confirmer, now: o.Now}
	if m.now == nil {
		m.now = time.Now
	}
	return m, nil
}

// Addresses lists the addresses that mail is taken for.
func (m *Mailbox) Addresses() []string { return slices.Clone(m.addresses) }

// InboxURL is where SNS has to deliver mail for address, when Handler is served
// at base.
func InboxURL(base, address string) string {
	return strings.TrimRight(base, "/") + "/inbox/" + url.PathEscape(address)
}

// Mails lists the mails to an address in the order they came; with an empty
// address all of them.
func (m *Mailbox) Mails(to string) []Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := []Mail{}
	for _, mail := range m.mails {
		if to == "" || strings.EqualFold(mail.To, to) {
			found = append(found, mail)
		}
	}
	return found
}

// keep adds a mail unless the same person has it already: SNS delivers at least
// once.
func (m *Mailbox) keep(mail Mail) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := func(other Mail) bool { return mail.ID != "" && other.ID == mail.ID && other.To == mail.To }
	if slices.ContainsFunc(m.mails, known) {
		return
	}
	m.mails = append(m.mails, mail)
	if surplus := len(m.mails) - maxMails; surplus > 0 {
		m.mails = slices.Delete(m.mails, 0, surplus)
	}
}

// address finds the address that is written like name, in whatever case.
func (m *Mailbox) address(name string) (string, bool) {
	i := slices.IndexFunc(m.addresses, func(a string) bool { return strings.EqualFold(a, name) })
	if i < 0 {
		return "", false
	}
	return m.addresses[i], true
}
