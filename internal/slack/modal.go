package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// waits is the verb of a card that waits for an answer.
const waits = "waits for approval"

// RejectModal asks for the reason of a rejection. It carries which request it
// rejects, and shows what the card said.
func RejectModal(c Click) (slackgo.ModalViewRequest, error) {
	data, err := json.Marshal(metadata{Request: c.Request, Channel: c.Card.Channel, TS: c.Card.TS})
	if err != nil {
		return slackgo.ModalViewRequest{}, fmt.Errorf("encode modal of request %s: %w", c.Request, err)
	}
	reason := slackgo.NewPlainTextInputBlockElement(plainText("What has to change first?"), FieldReason).
		WithMultiline(true).WithMinLength(1).WithMaxLength(approval.MaxReason)
	reason.FocusOnLoad = true
	blocks := []slackgo.Block{
		section(rejected(c.About)),
		slackgo.NewInputBlock(FieldReason, plainText("Reason"),
			plainText("Everybody in the channel sees it, and CodePipeline keeps it."), reason),
	}
	return slackgo.ModalViewRequest{
		Type:            slackgo.VTModal,
		Title:           plainText("Reject this release?"), // at most 24 characters
		Submit:          plainText("Reject"),
		Close:           plainText("Cancel"),
		CallbackID:      CallbackReject,
		PrivateMetadata: string(data),
		Blocks:          slackgo.Blocks{BlockSet: blocks},
	}, nil
}

// rejected says what a rejection does, to what the card's text is about.
// Slack gives our own text back as we escaped it.
func rejected(about string) mrkdwn {
	about = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(about)
	about = strings.Replace(about, " "+waits, "", 1)
	if about == "" {
		return "CodePipeline stops this release here."
	}
	return "*CodePipeline stops this release here:*\n" + quote(oneLine(about), 2*maxFallback, 1)
}
