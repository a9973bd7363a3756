package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// Publish makes view the home tab of one member; the one before it is gone.
// Publishing twice is harmless. It fails with approval.ErrNotFound when Slack
// shows our app to no such member.
// https://docs.slack.dev/reference/methods/views.publish/
func (c *Client) Publish(ctx context.Context, slackUser string, view slackgo.HomeTabViewRequest) error {
	err := c.call(ctx, "views.publish", func(ctx context.Context, api *slackgo.Client) error {
		answer, err := api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: slackUser, View: view})
		if err != nil {
			return err
		}
		return confirmed(nil, answer.ID)
	})
	return absent(err, "views.publish")
}

// absent turns Slack's ways to say that it has no such member, or lets nobody
// write to them, into approval.ErrNotFound.
func absent(err error, method string) error {
	if refused(err, "user_not_found", "users_not_found", "user_not_visible", "user_disabled", "cannot_dm_bot") {
		return fmt.Errorf("slack %s: %w", method, approval.ErrNotFound)
	}
	return err
}
