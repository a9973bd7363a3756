package slack

import (
	"slices"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// buttons are what can be pressed, or nil when there is nothing to press.
// Everybody in the channel sees them: whether somebody's answer counts is
// judged when it comes.
func buttons(r approval.Request) slackgo.Block {
	var elements []slackgo.BlockElement
	add := func(b *slackgo.ButtonBlockElement) { elements = append(elements, b) }
	if !r.State.Final() && answerable(r) {
		if r.State == approval.Pending && len(r.Rule.Quorums) > 0 && !blocked(r) {
			add(approveButton(r))
		}
		add(rejectButton(r))
		if slices.ContainsFunc(r.Votes, stands) {
			add(withdrawButton(r))
		}
	}
	if u := consoleURL(r.Action); u != "" {
		add(button(ActionView, r.ID, "View pipeline", "View "+target(r)+" in the AWS console").WithURL(u))
	}
	if !r.State.Final() && len(r.Rule.BreakGlass) > 0 {
		add(button(ActionOverride, r.ID, "Break glass…", "Break the glass for "+target(r)).WithStyle(slackgo.StyleDanger))
	}
	if len(elements) == 0 {
		return nil
	}
	return slackgo.NewActionBlock(blockPrefix+r.ID, slices.Clip(elements)...)
}

// stands reports whether v is an approval that counts.
func stands(v approval.Vote) bool { return v.Verdict == approval.Approve && v.Withdrawn == nil }

// approveButton asks for a reason if the rule does: the function behind the
// button knows nothing but the button.
func approveButton(r approval.Request) *slackgo.ButtonBlockElement {
	if r.Rule.ReasonToApprove {
		return button(ActionApproveReason, r.ID, "Approve…", "Approve "+target(r)).WithStyle(slackgo.StylePrimary)
	}
	what := "This release"
	if c := newest(r); c != "" {
		what = plain(c, maxCommit)
	}
	b := button(ActionApprove, r.ID, "Approve", "Approve "+target(r)).WithStyle(slackgo.StylePrimary)
	title := "Approve " + target(r) + "?"
	switch {
	case r.Rule.HighRisk:
		return b.WithConfirm(confirm(title, what+" is high risk. You get your own link, and nothing is approved before you confirm there.", "Get my link"))
	case needed(r.Tally()) > 1:
		return b.WithConfirm(confirm(title, what+" goes on once all approvals are there. You can take yours back until then.", "Approve"))
	}
	return b.WithConfirm(confirm(title, what+" goes on as soon as CodePipeline has your answer. It cannot be taken back.", "Approve"))
}

func rejectButton(r approval.Request) *slackgo.ButtonBlockElement {
	action := ActionReject
	if r.Rule.RejectSilently {
		action = ActionRejectSilently
	}
	return button(action, r.ID, "Reject", "Reject "+target(r)).WithStyle(slackgo.StyleDanger)
}

func withdrawButton(r approval.Request) *slackgo.ButtonBlockElement {
	return button(ActionWithdraw, r.ID, "Take back", "Take back your approval of "+target(r)).
		WithConfirm(confirm("Take your approval back?", "Your approval of "+target(r)+" no longer counts then. You can approve again.", "Take back"))
}

// confirm is asked before a click is sent, without a round trip to us.
func confirm(title, text, yes string) *slackgo.ConfirmationBlockObject {
	return slackgo.NewConfirmationBlockObject(
		plainText(plain(title, maxConfirmTitle)),
		plainText(plain(text, maxConfirmText)),
		plainText(yes),
		plainText("Not yet"),
	)
}
