package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// wording is what one kind of modal says. Title and submit have at most 24
// characters.
type wording struct {
	title, submit, hint, placeholder string
	// lead stands above what the card is about.
	lead mrkdwn
	// warning, if any, stands below it.
	warning  mrkdwn
	optional bool
}

// wordingOf says what the modal of an action says; false if it has none.
func wordingOf(action string) (wording, bool) {
	const seen = "Everybody in the channel sees it, and CodePipeline keeps it."
	rejects := wording{
		title: "Reject this release?", submit: "Reject", placeholder: "What has to change first?", hint: seen,
		lead: "CodePipeline stops this release here",
	}
	switch action {
	case ActionReject:
		return rejects, true
	case ActionRejectSilently:
		rejects.optional = true
		return rejects, true
	case ActionApproveReason:
		return wording{
			title: "Approve this release?", submit: "Approve", placeholder: "What convinced you?", hint: seen,
			lead: "You approve this release",
		}, true
	case ActionOverride:
		return wording{
			title: "Break the glass?", submit: "Break the glass", placeholder: "What cannot wait, and what did you check?",
			hint: "It goes to everybody who could have answered, and into every record.",
			lead: "You let this release pass alone",
			warning: "🚨 *This passes the gate by your word alone.* Nobody else is asked, and no hours or freeze hold it. " +
				"It pages those who look after Signalbox, tells everybody who could have answered, and stays marked in every record for good. " +
				"Only those whom the rule names may do it.",
		}, true
	}
	return wording{}, false
}

// ReasonModal asks for the reason of what c is about to do, which must be one
// of the actions that want one. It carries which request it is about, and shows
// what the card said.
func ReasonModal(c Click) (slackgo.ModalViewRequest, error) {
	w, ok := wordingOf(c.Action)
	if !ok {
		return slackgo.ModalViewRequest{}, fmt.Errorf("modal for request %s: the action has none", c.Request)
	}
	data, err := json.Marshal(metadata{Request: c.Request, Channel: c.Card.Channel, TS: c.Card.TS})
	if err != nil {
		return slackgo.ModalViewRequest{}, fmt.Errorf("encode modal of request %s: %w", c.Request, err)
	}
	reason := slackgo.NewPlainTextInputBlockElement(plainText(w.placeholder), FieldReason).
		WithMultiline(true).WithMaxLength(approval.MaxReason)
	if !w.optional {
		reason = reason.WithMinLength(1)
	}
	reason.FocusOnLoad = true
	input := slackgo.NewInputBlock(FieldReason, plainText("Reason"), plainText(w.hint), reason)
	input.Optional = w.optional
	var b blocks
	b.section(subject(w.lead, c.About))
	b.section(w.warning)
	return slackgo.ModalViewRequest{
		Type:            slackgo.VTModal,
		Title:           plainText(w.title),
		Submit:          plainText(w.submit),
		Close:           plainText("Cancel"),
		CallbackID:      c.Action,
		PrivateMetadata: string(data),
		Blocks:          slackgo.Blocks{BlockSet: append(b, input)},
	}, nil
}

// subject says what happens to what the card's text is about. Slack gives our
// own text back as we escaped it.
func subject(lead mrkdwn, about string) mrkdwn {
	about = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(about)
	about = strings.Replace(about, " "+waits, "", 1)
	if about == "" {
		return lead + "."
	}
	return "*" + lead + ":*\n" + quote(oneLine(about), 2*maxFallback, 1)
}
