package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// MaxAttempts is how many codes may be tried on one link. The attempt that
// uses the last one up locks the link, unless its code was right.
const MaxAttempts = 5

// A LinkState is what can still be done with a link.
type LinkState string

// The states of a link. They are worked out by Link.State, never stored.
const (
	LinkOpen    LinkState = "OPEN"
	LinkLocked  LinkState = "LOCKED"
	LinkUsed    LinkState = "USED"
	LinkExpired LinkState = "EXPIRED"
)

// A Link lets one person answer one request by e-mail, once. Whoever holds the
// mail holds the link, so the record keeps the code's hash and counts guesses.
type Link struct {
	RequestID string `json:"request_id"`
	// PersonKey is PersonKey(Person.ID).
	PersonKey string        `json:"person_key"`
	Person    people.Person `json:"person"`
	// CodeHash is made by NewLink; an empty one accepts no code.
	CodeHash string `json:"code_hash"`
	Attempts int    `json:"attempts"`
	// Verdict and UsedAt are set, together, when the link has voted.
	Verdict   Verdict    `json:"verdict,omitempty"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
	ExpiresAt time.Time  `json:"expires_at"`
}

// An Invitation is what an approver is sent, besides the request itself.
type Invitation struct {
	To people.Person
	// URL and Code let anybody who knows both answer in To's name. Never log
	// them.
	URL  string
	Code string
}

// NewLink makes the link that lets p answer r with code. It depends on nothing
// else, so a repeated invitation is the same invitation.
func NewLink(r Request, p people.Person, code string) Link {
	key := PersonKey(p.ID)
	return Link{
		RequestID: r.ID,
		PersonKey: key,
		Person:    p,
		CodeHash:  hashCode(r.ID, key, code),
		// Whole seconds, as in the token, and never later than the approval.
		ExpiresAt: time.Unix(r.ExpiresAt.Unix(), 0).UTC(),
	}
}

// Claims is what the token of l says.
func (l Link) Claims() Claims {
	return Claims{RequestID: l.RequestID, PersonKey: l.PersonKey, ExpiresAt: l.ExpiresAt, Purpose: PurposeAnswer}
}

// State says what can be done with l at now. A link that has voted is used for
// good; after its expiry nothing else matters.
func (l Link) State(now time.Time) LinkState {
	switch {
	case l.UsedAt != nil:
		return LinkUsed
	case !now.Before(l.ExpiresAt):
		return LinkExpired
	case l.AttemptsLeft() == 0:
		return LinkLocked
	}
	return LinkOpen
}

// AttemptsLeft is how many codes may still be tried.
func (l Link) AttemptsLeft() int { return max(MaxAttempts-l.Attempts, 0) }

// PersonKey stands for the person with the configured id in tokens and
// records: 16 hexadecimal characters that do not tell the id to a reader.
func PersonKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:personBytes])
}

// LinkURL is the address of the page behind token, where base is the address
// of the HTTP API without a slash at the end. The token travels in the query,
// because access logs and traces keep paths.
func LinkURL(base, token string) string { return base + "/approve?t=" + token }
