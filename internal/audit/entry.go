package audit

import "time"

// An Entry is one thing that happened to a release. The zero value is not
// part of any chain: Next links it.
type Entry struct {
	// Chain is ChainOf the pipeline. Next sets it, and Seq, Prev and Hash.
	Chain string `json:"chain"`
	// Seq counts the entries of the chain from 1.
	Seq int64 `json:"seq"`
	// ID names the happening, so that it is written once however often it is
	// told: "<request>/vote/<ballot>". It is unique in the chain.
	ID string `json:"id"`
	// At is when it happened, in UTC, by the clock of whoever decided it.
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Pipeline, Execution, Stage and Action say where. Request is the id of
	// the approval request, and Attempt that of the action execution.
	Pipeline  string `json:"pipeline,omitempty"`
	Execution string `json:"execution,omitempty"`
	Stage     string `json:"stage,omitempty"`
	Action    string `json:"action,omitempty"`
	Request   string `json:"request,omitempty"`
	Attempt   string `json:"attempt,omitempty"`
	// Environment is the one that the request is about, such as "production".
	Environment string `json:"environment,omitempty"`
	// Actor is the human being; empty when a clock or CodePipeline acted.
	Actor Actor `json:"actor,omitzero"`
	// Identity is the machine identity that acted: the ARN of a function or
	// role, or for a decision in the console the one that CodePipeline names.
	Identity string `json:"identity,omitempty"`
	// Verdict is "approve" or "reject" where there is one.
	Verdict string `json:"verdict,omitempty"`
	// Refusal is why something was refused, as a word for programs; Text says
	// it to people.
	Refusal string `json:"refusal,omitempty"`
	// Reason is the actor's own text. It is outside text.
	Reason string `json:"reason,omitempty"`
	// Text is our sentence about what happened. It may quote outside text.
	Text string `json:"text,omitempty"`
	// Policy is the name of the rule that the request was opened with, and
	// PolicyHash the hash of its contents.
	Policy     string `json:"policy,omitempty"`
	PolicyHash string `json:"policy_hash,omitempty"`
	// Detail is the rest, by name. Values may be outside text.
	Detail map[string]string `json:"detail,omitempty"`
	// Prev is the hash of the entry before, or empty for the first.
	Prev string `json:"prev"`
	// Hash is over everything above; the package's documentation says how.
	Hash string `json:"hash"`
}

// An Actor is the human being who acted, under the names known of them.
type Actor struct {
	// Person is the configured id, or empty for somebody not configured.
	Person string `json:"person,omitempty"`
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	// SlackUser is the member id, such as "U0DANA00001".
	SlackUser string `json:"slack_user,omitempty"`
	// Door is the way in: "Slack", "e-mail", "console".
	Door string `json:"door,omitempty"`
}

// A Kind says what happened.
type Kind string

// The kinds. Each is stored under this name; a kind that is not listed is
// kept, checked and shown like any other.
const (
	// RequestOpened: CodePipeline waits, and people are asked. Text says under
	// which rule.
	RequestOpened Kind = "REQUEST_OPENED"
	// CardPosted: the request was posted in Slack; Detail: channel, ts.
	CardPosted Kind = "CARD_POSTED"
	// MailSent: the request was mailed to Actor. Never holds the link.
	MailSent Kind = "MAIL_SENT"
	// MessageSent: Actor was asked by direct message.
	MessageSent Kind = "MESSAGE_SENT"
	// LinkIssued: a signed link was made for Actor. Never holds the link.
	LinkIssued Kind = "LINK_ISSUED"
	// VoteCounted: Actor's vote with its Verdict counts.
	VoteCounted Kind = "VOTE_COUNTED"
	// VoteWithdrawn: Actor took the vote back before the outcome.
	VoteWithdrawn Kind = "VOTE_WITHDRAWN"
	// VoteRefused: Actor's vote does not count; Refusal and Text say why.
	VoteRefused Kind = "VOTE_REFUSED"
	// Confirmed: Actor confirmed a high-risk vote by a second deliberate act.
	Confirmed Kind = "CONFIRMED"
	// Override: Actor passed the gate alone, by break-glass, with Reason.
	Override Kind = "OVERRIDE"
	// Paged: the others were told of an override, or a ticket was opened.
	Paged Kind = "PAGED"
	// Held: the verdict stands, and waits for the window to open.
	Held Kind = "HELD"
	// Released: the window opened for a held verdict.
	Released Kind = "RELEASED"
	// Decided: the request has its outcome, Verdict.
	Decided Kind = "DECIDED"
	// Applied: CodePipeline accepted the outcome from Identity.
	Applied Kind = "APPLIED"
	// Closed: the action ended without us: in the console, stopped, superseded.
	Closed Kind = "CLOSED"
	// Reminded and Escalated: those who had not answered were asked again, or
	// further people were asked.
	Reminded  Kind = "REMINDED"
	Escalated Kind = "ESCALATED"
	// Expired: time ran out under the rule or in CodePipeline.
	Expired Kind = "EXPIRED"
	// Healed: the reconciler put right what had been missed; Text says what.
	Healed Kind = "HEALED"
	// OperationAsked: Actor asked for an execution to be retried, rolled back or
	// stopped; Detail: command. OperationRefused says why that was not done,
	// OperationDone what CodePipeline made of it.
	OperationAsked   Kind = "OPERATION_ASKED"
	OperationRefused Kind = "OPERATION_REFUSED"
	OperationDone    Kind = "OPERATION_DONE"
	// Shadow: what a rule in shadow mode would have decided.
	Shadow Kind = "SHADOW"
)

// ChainOf names the chain of a pipeline: "account/region/pipeline".
func ChainOf(account, region, pipeline string) string {
	return account + "/" + region + "/" + pipeline
}
