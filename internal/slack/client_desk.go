package slack

import (
	"context"
	"errors"
	"log/slog"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// Home draws the app's page of one member.
func (c *Client) Home(ctx context.Context, slackUser string, o approval.Overview) error {
	err := c.Publish(ctx, slackUser, homeTab(o, c.links(ctx, o)))
	if errors.Is(err, approval.ErrNotFound) {
		slog.InfoContext(ctx, "home tab is of nobody", "slack_user", slackUser)
		return nil // there is nobody to draw it for, now or later
	}
	return err
}

// List answers what waits, at reply.
func (c *Client) List(ctx context.Context, reply string, o approval.Overview) error {
	return c.answer(ctx, reply, overview(o, c.links(ctx, o)))
}

// Why answers, at reply, why what matched about does not go on.
func (c *Client) Why(ctx context.Context, reply, about string, found []approval.Standing) error {
	return c.answer(ctx, reply, reasons(about, found))
}

// answer is Respond for somebody who may be gone: a reply that is too late for
// Slack will not be in time later.
func (c *Client) answer(ctx context.Context, reply string, m Message) error {
	err := c.Respond(ctx, reply, m)
	if errors.Is(err, approval.ErrNotFound) {
		slog.WarnContext(ctx, "question answered too late for Slack")
		return nil
	}
	return err
}

// links finds where Slack shows messages. Slack knows its own address best; it
// is the same for all messages but for their names, so that one call is enough.
// Without it the answer has no links, which is better than no answer.
func (c *Client) links(ctx context.Context, o approval.Overview) permalinks {
	card, ok := anyCard(o)
	if !ok {
		return ""
	}
	var base permalinks
	err := c.call(ctx, "chat.getPermalink", func(ctx context.Context, api *slackgo.Client) error {
		link, err := api.GetPermalinkContext(ctx, &slackgo.PermalinkParameters{Channel: card.Channel, Ts: card.TS})
		base = permalinksOf(link)
		return confirmed(err, link)
	})
	if err != nil {
		slog.WarnContext(ctx, "no links to cards", "err", err)
	}
	return base
}
