package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

// eventsPath is where Slack tells of events; alone among our paths it brings
// JSON.
const eventsPath = "/slack/events"

// maxChallenge is longer than any challenge of Slack, in bytes.
const maxChallenge = 1000

// notice is the part of an event used here.
// https://docs.slack.dev/apis/events-api/#callback-field
type callback struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	App       string `json:"api_app_id"`
	Team      string `json:"team_id"`
	ID        string `json:"event_id"`
	Event     struct {
		Type string `json:"type"`
		User string `json:"user"`
		Tab  string `json:"tab"`
	} `json:"event"`
}

// event takes an event. What Slack is not told to have arrived it sends again,
// three times; the queue drops those that it has.
func (d *Door) event(ctx context.Context, body []byte) (event.Response, error) {
	var n callback
	if err := json.Unmarshal(body, &n); err != nil {
		return event.Response{}, fmt.Errorf("%w: event", ErrMalformed)
	}
	if n.Type == "url_verification" {
		// It names neither app nor workspace: that we can check its signature
		// shows that it is about our app.
		if n.Challenge == "" || len(n.Challenge) > maxChallenge {
			return event.Response{}, fmt.Errorf("%w: challenge", ErrMalformed)
		}
		return reply(map[string]any{"challenge": n.Challenge})
	}
	if err := d.ours(Origin{App: n.App, Team: n.Team, User: n.Event.User, UserTeam: n.Team}); err != nil {
		return event.Response{}, err
	}
	if n.Type != "event_callback" || n.Event.Type != "app_home_opened" || n.Event.Tab != "home" {
		slog.InfoContext(ctx, "slack event without effect", "type", name(n.Type), "event", name(n.Event.Type))
		return acknowledged(), nil
	}
	if !isMemberID(n.Event.User) || n.ID == "" {
		return event.Response{}, fmt.Errorf("%w: %s", ErrMalformed, n.Event.Type)
	}
	q := approval.Inquiry{ID: "slack:event:" + n.ID, Question: approval.Home, SlackUser: n.Event.User, At: d.Now()}
	if err := d.Votes.Ask(ctx, q); err != nil {
		return event.Response{}, fmt.Errorf("ask for the home tab of %s: %w", n.Event.User, err)
	}
	return acknowledged(), nil
}
