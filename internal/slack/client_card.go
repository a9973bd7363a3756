package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// Post sends a new card for r to place: a channel, or a member, who gets it as
// a direct message. It fails with approval.ErrNotFound when there is no such
// place. A Post that fails otherwise may have posted.
func (c *Client) Post(ctx context.Context, r approval.Request, place string) (approval.Card, error) {
	m := ApprovalCard(r)
	if isMemberID(place) {
		return c.Direct(ctx, place, m)
	}
	var card approval.Card
	err := c.show(ctx, "chat.postMessage", m, func(ctx context.Context, api *slackgo.Client, options ...slackgo.MsgOption) error {
		options = append(options, slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
		channel, ts, err := api.PostMessageContext(ctx, place, options...)
		card = approval.Card{Channel: channel, TS: ts}
		return confirmed(err, channel, ts)
	})
	if err != nil {
		return approval.Card{}, gone(err)
	}
	return card, nil
}

// Update redraws the card of r. It fails with approval.ErrNotFound when the
// message is gone, or nothing can be changed where it stands, and never posts
// another one: a card that cannot be changed would then stand beside it, with
// live buttons.
func (c *Client) Update(ctx context.Context, r approval.Request, card approval.Card) error {
	err := c.show(ctx, "chat.update", ApprovalCard(r), func(ctx context.Context, api *slackgo.Client, options ...slackgo.MsgOption) error {
		channel, ts, _, err := api.UpdateMessageContext(ctx, card.Channel, card.TS, options...)
		return confirmed(err, channel, ts)
	})
	return gone(err)
}

// Announce tells those concerned of a, in the thread below a card, and in the
// channel as well where somebody has to act. It fails with approval.ErrNotFound
// when the channel is gone. An Announce that fails otherwise may have posted.
func (c *Client) Announce(ctx context.Context, r approval.Request, card approval.Card, a approval.Announcement) error {
	return gone(c.Reply(ctx, card, announcement(r, a), loud(a.Kind)))
}

// gone turns Slack's ways to say that a message or its channel is no more into
// approval.ErrNotFound.
func gone(err error) error {
	if refused(err, "message_not_found", "channel_not_found", "is_archived") {
		return fmt.Errorf("%w: %w", err, approval.ErrNotFound)
	}
	return err
}
