package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

var _ telegraph.Slack = (*Client)(nil)

// Hash is equal for views whose cards are equal.
func (c *Client) Hash(v telegraph.View) string {
	m := ReleaseCard(v)
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		return "" // Slack would not take it either
	}
	sum := sha256.Sum256(append([]byte(m.Text+"\n"), raw...))
	return hex.EncodeToString(sum[:16])
}

// PostCard posts a card to a channel or, as a direct message, to a member.
func (c *Client) PostCard(ctx context.Context, to string, v telegraph.View) (telegraph.Message, error) {
	return c.tell(ctx, telegraph.Message{Channel: to}, ReleaseCard(v), marked(v.Record.ExecutionID, notice.CardKey))
}

// EditCard redraws the card at m. It never posts another one, which would stand
// beside it for good. Slack keeps the mark of a message that is changed without
// one. It fails with telegraph.ErrNotFound when somebody has deleted the card.
func (c *Client) EditCard(ctx context.Context, m telegraph.Message, v telegraph.View) error {
	err := c.show(ctx, "chat.update", ReleaseCard(v), func(ctx context.Context, api *slackgo.Client, options ...slackgo.MsgOption) error {
		channel, ts, _, err := api.UpdateMessageContext(ctx, m.Channel, m.TS, options...)
		return confirmed(err, channel, ts)
	})
	return told(err)
}

// Say answers in the thread of m or, if it has no TS, posts to its channel or
// member.
func (c *Client) Say(ctx context.Context, m telegraph.Message, s telegraph.Saying) (telegraph.Message, error) {
	options := []slackgo.MsgOption{marked(s.Record.ExecutionID, s.Key)}
	if s.Broadcast && m.TS != "" {
		options = append(options, slackgo.MsgOptionBroadcast())
	}
	return c.tell(ctx, m, ReleaseReply(s, m.TS == ""), options...)
}

// PostDigest posts d under key.
func (c *Client) PostDigest(ctx context.Context, to, key string, d notice.Digest, zone *time.Location) (telegraph.Message, error) {
	return c.tell(ctx, telegraph.Message{Channel: to}, ReleaseDigest(d, zone), marked(release.ExecutionID{}, key))
}

// tell posts m to the channel, the thread or the member at.
func (c *Client) tell(ctx context.Context, at telegraph.Message, m Message, more ...slackgo.MsgOption) (telegraph.Message, error) {
	channel, err := c.channelOf(ctx, at.Channel)
	if err != nil {
		return telegraph.Message{}, told(err)
	}
	var posted telegraph.Message
	err = c.show(ctx, "chat.postMessage", m, func(ctx context.Context, api *slackgo.Client, options ...slackgo.MsgOption) error {
		options = append(append(options, more...), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
		if at.TS != "" {
			options = append(options, slackgo.MsgOptionTS(at.TS))
		}
		in, ts, answer, err := api.PostMessageWithResponseContext(ctx, channel, options...)
		if err == nil && ts != "" && answer.ThreadTimestamp != at.TS {
			slog.WarnContext(ctx, "slack thread is gone, answered in the channel", "channel", in, "ts", at.TS)
		}
		posted = telegraph.Message{Channel: in, TS: ts}
		return confirmed(err, in, ts)
	})
	if err != nil {
		return telegraph.Message{}, told(err)
	}
	return posted, nil
}

// channelOf is the channel to post to: that of the direct message with a
// member, or the channel itself.
func (c *Client) channelOf(ctx context.Context, to string) (string, error) {
	if !isMemberID(to) {
		return to, nil
	}
	return c.opened(ctx, to)
}

// The mark by which a message is found again. Everybody in the workspace can
// read it. https://docs.slack.dev/messaging/message-metadata/
const (
	markType = "signalbox"
	markOf   = "of"
	markKey  = "key"
)

func marked(of release.ExecutionID, key string) slackgo.MsgOption {
	return slackgo.MsgOptionMetadata(slackgo.SlackMetadata{
		EventType: markType, EventPayload: map[string]any{markOf: markedAs(of), markKey: key},
	})
}

func markedAs(of release.ExecutionID) string {
	if of == (release.ExecutionID{}) {
		return ""
	}
	return of.Pipeline + "/" + of.ID
}
