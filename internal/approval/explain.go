package approval

import (
	"strings"

	"github.com/signalbox/signalbox/internal/people"
)

// Explain says to the voter, in plain text, why a vote on r did not count.
func Explain(r Request, why Refusal) string {
	switch why {
	case AlreadyDecided:
		return r.outcome() + "\nYour answer came later and was not counted."
	case NotOpen:
		return "This request is no longer open: " + r.ended() + " Your answer was not counted."
	case TooLate:
		return "This request expired at " + utc(r.deadline()) + ". Retry the stage in CodePipeline to ask again."
	case NobodyMay:
		return "Nobody can answer this here: no approval rule with approvers matches " + r.Pipeline + " / " + r.Stage + " / " + r.Name +
			". Add one to config/signalbox.yaml and deploy, or answer in the CodePipeline console."
	case NotApprover:
		return "You are not an approver of " + r.Title() + ", so your answer was not counted. " + r.who()
	case GroupGone:
		return "You are not among the approvers of " + r.Title() + " whom Signalbox knows, and a Slack user group that the rule names does not exist any more, so it admits nobody. " + r.who()
	case Counted:
		return strings.TrimSpace("Your approval is counted already. " + r.Waits())
	case Outside, NeverOpens:
		return r.outside(why)
	}
	if s := r.tie(why); s != "" {
		return s
	}
	if s, ok := refusals[why]; ok {
		return s
	}
	return "Your answer was not counted."
}

// tie says which connection to the release keeps somebody from approving it.
func (r Request) tie(why Refusal) string {
	const own = " Nobody approves their own release. "
	switch why {
	case SelfStarted:
		return "You started this execution." + own + r.who()
	case SelfAuthored:
		return "You wrote a change in this release." + own + r.who()
	case SelfCommitted:
		return "You committed a change in this release." + own + r.who()
	case StarterUnknown:
		return "This execution was started by " + r.Ties.UnknownStarter + ", and Signalbox cannot tell whether that was you. " +
			"Whoever looks after Signalbox can add that identity to people in config/signalbox.yaml; then retry the stage."
	case AuthorUnknown:
		if len(r.Ties.UnknownAuthors) == 0 {
			return "Not all who wrote the changes in this release could be read, so Signalbox cannot tell whether you are one of them."
		}
		return "This release has changes by " + list(r.Ties.UnknownAuthors, "and") + ", and Signalbox cannot tell whether that is you. " +
			"Whoever looks after Signalbox can add the name under git to somebody in config/signalbox.yaml; then retry the stage."
	}
	return ""
}

// outside says why an approval at this time does not count.
func (r Request) outside(why Refusal) string {
	s := "Releases to " + r.target() + " are frozen. "
	if len(r.Rule.Hours.Windows)+len(r.Rule.Hours.Holidays) > 0 {
		s = "Releases to " + r.target() + " start only " + r.Rule.Hours.String() + ", or a freeze is on. "
	}
	if why == NeverOpens {
		return s + "CodePipeline gives up on this approval at " + utc(r.ExpiresAt) + ", before it could start. Retry the stage nearer to the time."
	}
	return s + "Your approval was not counted. A rejection counts at any time."
}

// who says who can answer.
func (r Request) who() string {
	able := r.CouldAnswer()
	if len(able) == 0 {
		return "Nobody else who could is known here."
	}
	return people.Names(able, "or") + " can answer."
}

// refusals are the sentences that do not depend on the request.
var refusals = map[Refusal]string{
	NotKnown:    "Signalbox no longer knows this request. Look at the pipeline in the CodePipeline console.",
	NoVerdict:   "Signalbox did not understand that answer. Press Approve or Reject.",
	NoReason:    "This answer needs a reason, so that others know why. Press the button again and write one.",
	Deactivated: "This Slack account is deactivated, so its answer was not counted.",
	Bot:         "Bots cannot answer approvals.",
	Guest:       "Guest accounts cannot answer approvals. Ask a full member of the workspace.",
	Foreign:     "Members of other workspaces cannot answer approvals here.",
	NotInSlack:  "Slack does not know this account, so its answer was not counted.",

	TooMany:           "This request has been answered and taken back so often that only a rejection counts now. Retry the stage in CodePipeline to ask again.",
	NothingToWithdraw: "No approval of yours counts here, so there is nothing to take back.",
	MayNotOverride:    "You are not among those who may break the glass here. Your answer was not counted.",
	NeedsLink:         "This release is marked as high risk, so a click in Slack does not count. Confirm it through your own link.",
	NotConfigured:     "You are in a Slack user group that may answer, but Signalbox does not know who you are, so it cannot tell whether the release is your own. Ask whoever looks after Signalbox to add you to people in config/signalbox.yaml.",
	AuthorsUnread:     "Signalbox could not read who made the changes in this release, so it cannot tell whether they are yours. Try again in a minute.",
}
