package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// maxTold is the longest text told to one person, in characters.
const maxTold = 2000

// Tell shows text, which is plain, to one member below a card.
func (c *Client) Tell(ctx context.Context, card approval.Card, slackUser, text string) error {
	return c.aside(ctx, card, slackUser, Message{Text: string(escape(text, maxTold))})
}

// Confirm shows one member, and nobody else, their own link to confirm an
// approval with. The text that stands in for it in a notification holds neither
// link nor code.
func (c *Client) Confirm(ctx context.Context, card approval.Card, slackUser string, r approval.Request, i approval.Invitation) error {
	return c.aside(ctx, card, slackUser, confirmationOf(r, i))
}

// aside shows m to one member where card stands.
func (c *Client) aside(ctx context.Context, card approval.Card, slackUser string, m Message) error {
	return c.call(ctx, "chat.postEphemeral", func(ctx context.Context, api *slackgo.Client) error {
		options := []slackgo.MsgOption{slackgo.MsgOptionText(m.Text, false), slackgo.MsgOptionParse(false)}
		if len(m.Blocks) > 0 {
			options = append(options, slackgo.MsgOptionBlocks(m.Blocks...))
		}
		ts, err := api.PostEphemeralContext(ctx, card.Channel, slackUser, options...)
		return confirmed(err, ts)
	})
}
