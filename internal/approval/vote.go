package approval

import (
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// A Verdict is an approver's answer.
type Verdict string

// The answers. A vote that counts is an approval or a rejection: Withdraw takes
// one back, and Override is an approval that needs nobody else.
const (
	Approve  Verdict = "approve"
	Reject   Verdict = "reject"
	Withdraw Verdict = "withdraw"
	Override Verdict = "override"
)

// Valid reports whether v is one of the answers.
func (v Verdict) Valid() bool {
	return v == Approve || v == Reject || v == Withdraw || v == Override
}

// A Door is the way a vote came in.
type Door string

// The doors. Each is stored and shown under this name.
const (
	DoorSlack Door = "Slack"
	DoorEmail Door = "e-mail"
	// DoorPolicy is no door: the rule itself decided, as when time ran out.
	DoorPolicy Door = "policy"
)

// A Vote is one person's answer, once that person is known.
type Vote struct {
	Verdict Verdict       `json:"verdict"`
	By      people.Person `json:"by"`
	Door    Door          `json:"door"`
	// Reason is the voter's own text; a rejection needs one.
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
	// Ballot is the id of the ballot that was counted. It tells a repeated
	// delivery of that ballot from a second answer.
	Ballot string `json:"ballot"`
	// Groups are the Slack user groups, of those that the rule names, to which
	// the voter belonged when the vote was counted.
	Groups []string `json:"groups,omitempty"`
	// Override marks an approval by breaking the glass.
	Override bool `json:"override,omitempty"`
	// Withdrawn is when the voter took the vote back, and WithdrawnBy the
	// ballot that did.
	Withdrawn   *time.Time `json:"withdrawn,omitempty"`
	WithdrawnBy string     `json:"withdrawn_by,omitempty"`
}

// A Ballot is a vote on its way to being counted: the message on the votes
// queue. The door has verified where it came from, and nobody has yet judged
// whether it counts.
type Ballot struct {
	// ID names this click or submission. The queue drops a repetition within
	// five minutes, which is as long as a signed Slack request stays valid.
	ID        string  `json:"id"`
	RequestID string  `json:"request_id"`
	Verdict   Verdict `json:"verdict"`
	Reason    string  `json:"reason,omitempty"`
	Door      Door    `json:"door"`
	// PersonID is the configured person, set by the e-mail door.
	PersonID string `json:"person_id,omitempty"`
	// SlackUser and Card are set by the Slack door.
	SlackUser string    `json:"slack_user,omitempty"`
	Card      Card      `json:"card,omitzero"`
	At        time.Time `json:"at"`
}
