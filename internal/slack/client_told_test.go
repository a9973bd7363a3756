package slack_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

const channel = "C0RELEASES"

var cardAt = telegraph.Message{Channel: card.Channel, TS: card.TS}

func TestEveryRefusalHasItsSentence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body       string
		everywhere bool
		says       string // empty if only the message is at fault
	}{
		{`"error":"channel_not_found"`, false, "deleted, or it is private"},
		{`"error":"is_archived"`, false, "archived"},
		{`"error":"not_in_channel"`, false, "/invite"},
		{`"error":"restricted_action"`, false, "posting permissions"},
		{`"error":"message_not_found"`, false, "deleted the card"},
		{`"error":"cant_update_message"`, false, "change its card"},
		{`"error":"user_not_found"`, false, "no member"},
		{`"error":"user_disabled"`, false, "deactivated in Slack"},
		{`"error":"cannot_dm_bot"`, false, "that of a bot"},
		{`"error":"token_revoked"`, true, "was revoked"},
		{`"error":"token_expired"`, true, "has expired"},
		{`"error":"account_inactive"`, true, "was deactivated"},
		{`"error":"invalid_auth"`, true, "does not know the bot token"},
		{`"error":"not_allowed_token_type"`, true, "xoxb-"},
		{`"error":"access_denied"`, true, "approve it again"},
		{`"error":"ekm_access_denied"`, true, "suspended posting"},
		{`"error":"accesslimited"`, true, "this network"},
		{`"error":"edit_window_closed"`, false, "edit_window_closed"},
		{`"error":"restricted_action_thread_locked"`, false, "locked the thread"},
		{`"error":"messages_tab_disabled"`, false, "App Home"},
		{`"error":"user_not_visible"`, false, "another workspace"},
		{`"error":"missing_scope","needed":"groups:history","provided":"chat:write"`, true, "the scope groups:history"},
		{`"error":"missing_scope","needed":"<!channel> x"`, true, "lacks a scope"},
		{`"error":"invalid_blocks"`, false, ""},
		{`"error":"msg_too_long"`, false, ""},
		{`"error":"metadata_too_large"`, false, ""},
	}
	seen := map[string]string{}
	for _, tt := range tests {
		a := newAPI(t, answer{body: `{"ok":false,` + tt.body + `}`})
		c := a.client(&vault{current: botToken})
		_, posted := c.PostCard(t.Context(), channel, building().view())
		edited := c.EditCard(t.Context(), cardAt, building().view())
		for _, err := range []error{posted, edited} {
			var no *telegraph.RefusedError
			if !errors.As(err, &no) || no.Everywhere != tt.everywhere || !strings.Contains(no.Sentence, tt.says) || (no.Sentence == "") != (tt.says == "") {
				t.Errorf("%s: %#v (%v)", tt.body, no, err)
				continue
			}
			if strings.ContainsAny(no.Sentence, "<`") || strings.Contains(no.Error(), botToken) {
				t.Errorf("%s: the sentence has %q", tt.body, no.Sentence)
			}
			if other, twice := seen[no.Sentence]; twice && other != tt.body && no.Sentence != "" {
				t.Errorf("%s and %s have the same sentence", tt.body, other)
			}
			seen[no.Sentence] = tt.body
		}
		if strings.Contains(tt.body, "message_not_found") != errors.Is(edited, telegraph.ErrNotFound) {
			t.Errorf("%s: EditCard = %v", tt.body, edited)
		}
	}
}

func TestEditNeverPosts(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"message_not_found", "cant_update_message", "channel_not_found", "invalid_blocks", "internal_error", "edit_window_closed"} {
		a := newAPI(t, no(code))
		if err := a.client(&vault{current: botToken}).EditCard(t.Context(), cardAt, building().view()); err == nil {
			t.Errorf("%s: no error", code)
		}
		if got := methods(a); strings.Contains(got, "postMessage") {
			t.Errorf("%s: called %s", code, got)
		}
	}
}

func TestWhatMayHaveArrivedIsNotRefused(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]answer{
		"server error": {status: http.StatusInternalServerError, body: "<html>"}, "no answer": ok(`{}`), "nameless": ok(`{"ok":false}`),
		"internal_error": no("internal_error"), "fatal_error": no("fatal_error"), "not JSON": ok("<html>"), "odd": no("Not a code!"),
		"reset": {do: func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		}},
	} {
		a := newAPI(t, bad)
		_, err := a.client(&vault{current: botToken}).PostCard(t.Context(), channel, building().view())
		var (
			no    *telegraph.RefusedError
			later *telegraph.LaterError
		)
		if err == nil || errors.As(err, &no) || errors.As(err, &later) {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

func TestSlackSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer answer
		after  time.Duration
	}{
		"in seconds":            {answer{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": "7"}, body: `{"ok":false,"error":"ratelimited"}`}, 7 * time.Second},
		"not at all":            {answer{status: http.StatusTooManyRequests}, 30 * time.Second},
		"in an answer":          {no("ratelimited"), 30 * time.Second},
		"much later":            {answer{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": "999999"}}, time.Hour},
		"of the whole of Slack": {no("message_limit_exceeded"), 30 * time.Second},
	} {
		c := newAPI(t, tt.answer).client(&vault{current: botToken})
		for what, do := range places(cardAt) {
			var later *telegraph.LaterError
			if err := do(t.Context(), c); !errors.As(err, &later) || later.After != tt.after {
				t.Errorf("%s, %s: %#v", name, what, err)
			}
		}
	}
}

// TestEveryPlaceThatIsGoneIsTold drives the client against channels and an app
// that people have changed.
func TestEveryPlaceThatIsGoneIsTold(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for name, tt := range map[string]struct {
		change workspace.ChannelChange
		says   string
	}{
		"archived": {workspace.ChannelChange{Archived: &yes}, "archived"},
		"deleted":  {workspace.ChannelChange{Deleted: &yes}, "was deleted"},
		"left":     {workspace.ChannelChange{Joined: &no}, "not in the channel"},
	} {
		o := newOffice(t)
		at, err := o.client.PostCard(t.Context(), channel, building().view())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.ChangeChannel(channel, tt.change); err != nil {
			t.Fatal(err)
		}
		for what, do := range places(at) {
			var refused *telegraph.RefusedError
			if err := do(t.Context(), o.client); !errors.As(err, &refused) || refused.Everywhere || !strings.Contains(refused.Sentence, tt.says) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	o := newOffice(t)
	at, err := o.client.PostCard(t.Context(), channel, building().view())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ChangeApp(workspace.AppChange{Revoked: true}); err != nil {
		t.Fatal(err)
	}
	for what, do := range places(at) {
		var refused *telegraph.RefusedError
		if err := do(t.Context(), o.client); !errors.As(err, &refused) || !refused.Everywhere || !strings.Contains(refused.Sentence, "revoked") {
			t.Errorf("revoked, %s: %v", what, err)
		}
	}
	var refused *telegraph.RefusedError
	if _, err := newOffice(t).client.PostCard(t.Context(), "U0NOBODY001", building().view()); !errors.As(err, &refused) || !strings.Contains(refused.Sentence, "no member") {
		t.Errorf("a member whom nobody knows: %v", err)
	}
	if _, err := newOffice(t).client.PostCard(t.Context(), "U0SIGNALBOX", building().view()); !errors.As(err, &refused) || !strings.Contains(refused.Sentence, "bot") {
		t.Errorf("a bot: %v", err)
	}
}

func places(at telegraph.Message) map[string]func(context.Context, *slack.Client) error {
	return map[string]func(context.Context, *slack.Client) error{
		"post": func(ctx context.Context, c *slack.Client) error {
			_, err := c.PostCard(ctx, channel, building().view())
			return err
		},
		"edit": func(ctx context.Context, c *slack.Client) error { return c.EditCard(ctx, at, failed().view()) },
		"say": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Say(ctx, at, sayings()["failed"])
			return err
		},
	}
}
