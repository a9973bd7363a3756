// Package slack is the only part of Signalbox that speaks Slack.
//
// Door takes what people do in Slack: it verifies Slack's signature before it
// reads anything, and puts votes and questions on the votes queue before it
// acknowledges. Client shows requests in Slack, answers questions and looks
// people up. What draws is pure, and a card is drawn from the request alone.
//
// Whether a vote counts is not decided here but in internal/approval. Text
// from outside (commit messages, reasons, names) is escaped where it is put
// into a view, see text.go.
package slack

// The names by which a card's buttons come back. They are part of messages
// that stay in channels for months: a name may be added, never reused. Those
// that ask for a reason first are also the names by which their modals come
// back.
const (
	ActionApprove = "approval_approve"
	// ActionApproveReason is Approve where the rule demands a reason.
	ActionApproveReason = "approval_approve_reason"
	ActionReject        = "approval_reject"
	// ActionRejectSilently is Reject where the rule demands no reason.
	ActionRejectSilently = "approval_reject_silently"
	// ActionWithdraw takes one's own approval back.
	ActionWithdraw = "approval_withdraw"
	// ActionOverride breaks the glass.
	ActionOverride = "approval_override"
)

// The names of buttons with a link. Slack reports clicks on them too.
const (
	ActionView    = "approval_view"
	ActionConfirm = "approval_confirm"
	ActionOpen    = "approval_open"
)

// FieldReason is both the block and the element of the reason in every modal.
const FieldReason = "reason"

// blockPrefix and a request id name the block of a card's buttons.
const blockPrefix = "approval:"
