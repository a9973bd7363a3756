package slack

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// eventsPath is where the app takes events.
const eventsPath = "/slack/events"

// envelope is an event as Slack sends it.
// https://docs.slack.dev/apis/events-api/#callback-field
func (w *Workspace) envelope(inner map[string]any) map[string]any {
	o := w.options
	return map[string]any{
		"token": "local", "type": "event_callback", "event": inner,
		"team_id": o.Team.ID, "context_team_id": o.Team.ID, "context_enterprise_id": nil, "api_app_id": o.App.ID,
		"event_id": w.id("Ev"), "event_time": w.now().Unix(), "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": o.Team.ID, "user_id": o.App.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	}
}

// notify delivers an event. When the app does not take it, Slack tries again at
// once, then after a minute and after five; we stop after the first of these,
// and the Problem of the Answer says so.
func (w *Workspace) notify(ctx context.Context, event map[string]any) (Answer, error) {
	if a, err := w.VerifyRequestURL(ctx); err != nil || a.Problem != "" {
		return a, err
	}
	a, err := w.tell(ctx, event, nil)
	if err != nil || a.Problem == "" || a.Status != http.StatusOK && a.noRetry {
		return a, err
	}
	reason := "http_error"
	if a.Status == http.StatusOK {
		reason = "http_timeout"
	}
	return w.tell(ctx, event, map[string]string{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": reason})
}

// VerifyRequestURL asks the app to prove that it listens for events, as Slack
// does before it delivers any. It does so once for each request URL.
func (w *Workspace) VerifyRequestURL(ctx context.Context) (Answer, error) {
	w.mu.Lock()
	verified := w.verified
	w.mu.Unlock()
	if verified {
		return Answer{Status: http.StatusOK}, nil
	}
	challenge := rand.Text()
	a, err := w.tell(ctx, map[string]any{"token": "local", "type": "url_verification", "challenge": challenge}, nil)
	if err != nil {
		return Answer{}, err
	}
	if a.Problem == "" && !repeats(a.Body, challenge) {
		a.Problem = "Slack delivers no events: the app did not answer the challenge."
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.verified = a.Problem == ""
	return a, nil
}

// repeats reports whether the answer holds the challenge in one of the forms
// that Slack takes.
func repeats(body, challenge string) bool {
	var object struct {
		Challenge string `json:"challenge"`
	}
	body = strings.TrimSpace(body)
	return body == challenge || body == "challenge="+challenge ||
		json.Unmarshal([]byte(body), &object) == nil && object.Challenge == challenge
}

// tell delivers JSON to the app.
func (w *Workspace) tell(ctx context.Context, event map[string]any, extra map[string]string) (Answer, error) {
	raw, err := json.Marshal(event)
	if err != nil {
		return Answer{}, fmt.Errorf("write the event %v: %w", event["type"], err)
	}
	header := map[string]string{"Content-Type": "application/json"}
	maps.Copy(header, extra)
	a, err := w.deliver(ctx, eventsPath, string(raw), header)
	a.Problem = a.complaint("Slack delivers the event again")
	return a, err
}
