package notice

import "slices"

// A Kind is what a notice is about.
type Kind string

// The kinds. Started is for places without a card, which shows as much.
const (
	Started        Kind = "started"
	StageStarted   Kind = "stage_started"
	StageSucceeded Kind = "stage_succeeded"
	Approval       Kind = "approval"
	Failed         Kind = "failed"
	// Rejected is a stage that failed because an approval was not given.
	Rejected   Kind = "rejected"
	Fixed      Kind = "fixed"
	RolledBack Kind = "rolled_back"
	Stuck      Kind = "stuck"
	Superseded Kind = "superseded"
	Stopped    Kind = "stopped"
	Succeeded  Kind = "succeeded"
)

// Kinds lists all kinds, in the order in which a release meets them.
var Kinds = []Kind{
	Started, StageStarted, StageSucceeded, Approval, Stuck, Failed, Rejected, Fixed, RolledBack, Superseded, Stopped, Succeeded,
}

// Loud reports whether somebody must act, so that the notice may be broadcast
// to the channel. Everything else stays in the thread.
func (k Kind) Loud() bool {
	return k == Approval || k == Failed || k == Fixed || k == RolledBack || k == Stuck
}

// Outcome reports whether the kind says how a release ended, or ended for now:
// what goes to places that hear once per outcome, such as e-mail.
func (k Kind) Outcome() bool {
	return slices.Contains([]Kind{Failed, Rejected, Fixed, RolledBack, Superseded, Stopped, Succeeded}, k)
}
