package slack

import (
	"context"
	"log/slog"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// Reply posts m into the thread below a card, and into the channel as well if
// broadcast is set. A failed Reply may have posted. Slack puts an answer to a
// message that is gone into the channel, which counts as posted: to fail would
// only post it again.
func (c *Client) Reply(ctx context.Context, card approval.Card, m Message, broadcast bool) error {
	return c.show(ctx, "chat.postMessage", m, func(ctx context.Context, api *slackgo.Client, options ...slackgo.MsgOption) error {
		options = append(options, slackgo.MsgOptionTS(card.TS), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
		if broadcast {
			options = append(options, slackgo.MsgOptionBroadcast())
		}
		channel, ts, posted, err := api.PostMessageWithResponseContext(ctx, card.Channel, options...)
		if err == nil && ts != "" && posted.ThreadTimestamp != card.TS {
			slog.WarnContext(ctx, "slack thread is gone, answered in the channel", "channel", channel, "ts", card.TS)
		}
		return confirmed(err, channel, ts)
	})
}
