package approval

import (
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// A State is where a request stands. Only Pending can change; the zero value
// is invalid.
type State string

// The states of a request. Each is stored and shown under this name.
const (
	// Pending: CodePipeline waits, and so do we.
	Pending State = "PENDING"
	// Approved: an approver said yes. Request.Applied says whether
	// CodePipeline has been told.
	Approved State = "APPROVED"
	// Rejected: an approver said no. Request.Applied as above.
	Rejected State = "REJECTED"
	// Closed: the action ended without us. Request.Ending says how.
	Closed State = "CLOSED"
)

// Final reports whether the request is decided or closed.
func (s State) Final() bool { return s != Pending }

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
	// Policy is the name of the rule that matched, or empty: then nobody may
	// answer here.
	Policy      string `json:"policy,omitempty"`
	Environment string `json:"environment,omitempty"`
	// Channel is the Slack channel that is asked.
	Channel string `json:"channel,omitempty"`
	// Approvers are the people who may answer, as configured when the request
	// was opened. An empty list means nobody.
	Approvers []people.Person `json:"approvers"`
	Vote      *Vote           `json:"vote,omitempty"`
	// Applied is set once CodePipeline has accepted the vote.
	Applied *time.Time `json:"applied,omitempty"`
	Ending  *Ending    `json:"ending,omitempty"`
	Cards   []Card     `json:"cards,omitempty"`
	// PostingUntil is the lease of whoever is asking: posting the first card
	// and sending the mails. It is zero once an attempt has failed.
	PostingUntil time.Time `json:"posting_until,omitzero"`
	// Mailed lists the ids of the people whose mail has been published.
	Mailed []string `json:"mailed,omitempty"`
}

// A Verdict is an approver's answer.
type Verdict string

// The two answers.
const (
	Approve Verdict = "approve"
	Reject  Verdict = "reject"
)

// Valid reports whether v is one of the two answers.
func (v Verdict) Valid() bool { return v == Approve || v == Reject }

// A Door is the way a vote came in.
type Door string

// The doors. Each is stored and shown under this name.
const (
	DoorSlack Door = "Slack"
	DoorEmail Door = "e-mail"
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
