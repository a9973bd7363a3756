package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// Direct posts m into the direct message of our app with one member, and
// returns where it stands, so that it can be updated like a card. It fails with
// approval.ErrNotFound when nobody can write to that member: there is none,
// they have left, or they belong to another workspace. Any other failed Direct
// may have posted.
func (c *Client) Direct(ctx context.Context, slackUser string, m Message) (approval.Card, error) {
	channel, err := c.open(ctx, slackUser)
	if err != nil {
		return approval.Card{}, err
	}
	var card approval.Card
	err = c.show(ctx, "chat.postMessage", m, func(ctx context.Context, api *slackgo.Client, options ...slackgo.MsgOption) error {
		options = append(options, slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
		in, ts, err := api.PostMessageContext(ctx, channel, options...)
		card = approval.Card{Channel: in, TS: ts}
		return confirmed(err, in, ts)
	})
	if err != nil {
		return approval.Card{}, absent(err, "chat.postMessage")
	}
	return card, nil
}

// open opens the direct message with a member, or finds the open one: for the
// same member it is always the same.
// https://docs.slack.dev/reference/methods/conversations.open/
func (c *Client) open(ctx context.Context, slackUser string) (channel string, err error) {
	channel, err = c.opened(ctx, slackUser)
	return channel, absent(err, "conversations.open")
}

// opened is open with Slack's own word for why nobody can write to them.
func (c *Client) opened(ctx context.Context, slackUser string) (channel string, err error) {
	err = c.call(ctx, "conversations.open", func(ctx context.Context, api *slackgo.Client) error {
		opened, _, _, err := api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{slackUser}})
		if err != nil {
			return err
		}
		if opened != nil {
			channel = opened.ID
		}
		return confirmed(nil, channel)
	})
	return channel, err
}
