package approval

import (
	"time"

	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// A State is where a request stands. Pending and Held can change; the zero
// value is invalid.
type State string

// The states of a request. Each is stored and shown under this name.
const (
	// Pending: CodePipeline waits, and so do we.
	Pending State = "PENDING"
	// Held: the quorums are met, and the release starts when its hours or the
	// end of a freeze allow. Until then it can be rejected, and votes can be
	// withdrawn.
	Held State = "HELD"
	// Approved: the quorums are met, or somebody broke the glass.
	// Request.Applied says whether CodePipeline has been told.
	Approved State = "APPROVED"
	// Rejected: somebody said no, or time ran out. Request.Applied as above.
	Rejected State = "REJECTED"
	// Closed: the action ended without us. Request.Ending says how.
	Closed State = "CLOSED"
)

// Final reports whether the request is decided or closed.
func (s State) Final() bool { return s != Pending && s != Held }

// An Action names one action of one execution of one pipeline.
type Action struct {
	Account     string `json:"account"`
	Region      string `json:"region"`
	Pipeline    string `json:"pipeline"`
	ExecutionID string `json:"execution_id"`
	Stage       string `json:"stage"`
	Name        string `json:"name"`
}

// A Revision is one source version that the execution carries.
type Revision struct {
	// Source is the name of the source action or artifact.
	Source string `json:"source"`
	// ID is the commit id, image digest or object version.
	ID string `json:"id"`
	// Summary is the commit message or another one-line description. It is
	// outside text: escape it for where it lands.
	Summary string `json:"summary,omitempty"`
	URL     string `json:"url,omitempty"`
	// Author is outside text, and nobody has verified it.
	Author string `json:"author,omitempty"`
}

// A Waiting is what CodePipeline says about an approval action that waits for
// an answer, read through its API.
type Waiting struct {
	Action
	// ActionExecutionID is the attempt; a retried approval has a new one.
	ActionExecutionID string `json:"action_execution_id"`
	// Token answers this attempt and no other. Never show or log it.
	Token string `json:"token"`
	// StartedBy is who or what started the execution: an ARN, a connection,
	// or empty when CodePipeline does not say.
	StartedBy string `json:"started_by,omitempty"`
	// Trigger is CodePipeline's trigger type, such as "Webhook".
	Trigger   string     `json:"trigger,omitempty"`
	Revisions []Revision `json:"revisions,omitempty"`
	// CustomData and ReviewURL are the action's CustomData and
	// ExternalEntityLink with their variables filled in: outside text.
	CustomData string    `json:"custom_data,omitempty"`
	ReviewURL  string    `json:"review_url,omitempty"`
	StartedAt  time.Time `json:"started_at"`
	// ExpiresAt is when CodePipeline gives up and fails the action.
	ExpiresAt time.Time `json:"expires_at"`
}

// A Request asks people whether a release may go on. It is the only record of
// an approval, and every message about it is drawn from it alone.
type Request struct {
	// ID is RequestID(Waiting): 26 characters, the same for every event
	// about the same attempt.
	ID string `json:"id"`
	// Version counts the saves. A save is refused unless it is based on the
	// stored version.
	Version int64 `json:"version"`
	State   State `json:"state"`
	Waiting
	// Rule is the rule that matched, as it was when the request was opened. Its
	// zero value matched nothing: then nobody may answer here.
	Rule Rule `json:"rule,omitzero"`
	// Policy is the rule's name, and PolicyHash names its content.
	Policy      string `json:"policy,omitempty"`
	PolicyHash  string `json:"policy_hash,omitempty"`
	Environment string `json:"environment,omitempty"`
	// Channel is the Slack channel that is asked.
	Channel string `json:"channel,omitempty"`
	// Approvers are the people known to be able to answer: those of the rule,
	// the members that its Slack user groups had when the request was opened,
	// and those it was escalated to. An empty list means nobody.
	Approvers []people.Person `json:"approvers"`
	// Changes is what is being approved.
	Changes release.Changes `json:"changes,omitzero"`
	Ties    Ties            `json:"ties,omitzero"`
	// Notes are remarks for people that the opening brought up, such as a Slack
	// user group that does not exist.
	Notes []string `json:"notes,omitempty"`

	// Votes are all that counted, in order, also those withdrawn since. Vote is
	// the one that decided.
	Votes []Vote `json:"votes,omitempty"`
	Vote  *Vote  `json:"vote,omitempty"`
	// HeldUntil is when a Held request may start; zero when nobody knows yet.
	HeldUntil time.Time `json:"held_until,omitzero"`
	// HeldBecause says in words what holds it, and Looked is when that was
	// judged.
	HeldBecause string    `json:"held_because,omitempty"`
	Looked      time.Time `json:"looked,omitzero"`
	// Shadows are the rules in shadow mode, and what they would have decided.
	Shadows []Shadow `json:"shadows,omitempty"`

	// Applied is set once CodePipeline has accepted the vote.
	Applied *time.Time `json:"applied,omitempty"`
	Ending  *Ending    `json:"ending,omitempty"`
	Cards   []Card     `json:"cards,omitempty"`
	// Settled is set once the request has ended here, in CodePipeline, and on
	// every card.
	Settled bool `json:"settled,omitempty"`
	// PostingUntil is the lease of whoever is asking: posting the first cards
	// and sending the mails. It is zero once an attempt has failed.
	PostingUntil time.Time `json:"posting_until,omitzero"`
	// Mailed lists the ids of the people whose mail has been published.
	Mailed []string `json:"mailed,omitempty"`
	// Unreachable lists members whom Slack does not let us write to.
	Unreachable []string `json:"unreachable,omitempty"`

	// Reminded and Escalated count the steps of the rule that are done.
	Reminded  int `json:"reminded,omitempty"`
	Escalated int `json:"escalated,omitempty"`
	// Wake is the moment for which an alarm has been set.
	Wake time.Time `json:"wake,omitzero"`
	// Announcements are what people are still to be told, besides the cards.
	Announcements []Announcement `json:"announcements,omitempty"`
}

// A Shadow is a rule in shadow mode: votes are counted under it as well, and
// nothing follows from that.
type Shadow struct {
	Rule  Rule   `json:"rule"`
	State State  `json:"state"`
	Votes []Vote `json:"votes,omitempty"`
}

// An Ending says how an action ended when it was not our vote that ended it.
type Ending struct {
	// How is one of the Ended… constants.
	How How `json:"how"`
	// Summary is CodePipeline's own text about it: outside text.
	Summary string `json:"summary,omitempty"`
	// By is the identity that CodePipeline names, often an ARN, or empty.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at"`
}

// How is the way an approval action ended without us.
type How string

// The endings. Each is stored under this name.
const (
	EndedApproved  How = "APPROVED_ELSEWHERE"
	EndedRejected  How = "REJECTED_ELSEWHERE"
	EndedTimedOut  How = "TIMED_OUT"
	EndedAbandoned How = "ABANDONED"
	EndedCanceled  How = "CANCELED"
	// EndedGone: CodePipeline no longer knows this attempt.
	EndedGone How = "GONE"
)

// A Card is where in Slack a request has been posted.
type Card struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	// Place is what it was posted to: a channel, or a member for a direct
	// message, which Slack puts in a channel of its own. It is empty for a card
	// that we only know from a click on it.
	Place string `json:"place,omitempty"`
}
