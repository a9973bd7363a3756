// Package slack is the only part of Signalbox that speaks Slack.
//
// Door takes what people do in Slack: it verifies Slack's signature before it
// reads anything, and puts a vote on the votes queue before it acknowledges.
// Client shows requests in Slack and looks people up. ApprovalCard and
// RejectModal draw; they are pure, and a card is drawn from the request alone.
//
// Whether a vote counts is not decided here but in internal/approval. Text
// from outside (commit messages, reasons, names) is escaped where it is put
// into a view, see text.go.
package slack

// The names by which a card's buttons come back. They are part of messages
// that stay in channels for months: a name may be added, never reused.
const (
	ActionApprove = "approval_approve"
	ActionReject  = "approval_reject"
	// ActionView is a button with a link; Slack reports clicks on it too.
	ActionView = "approval_view"
)

// The names by which the reject modal comes back.
const (
	CallbackReject = "approval_reject"
	// FieldReason is both the block and the element of the reason.
	FieldReason = "reason"
)

// blockPrefix and a request id name the block of a card's buttons.
const blockPrefix = "approval:"
