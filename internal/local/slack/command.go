package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// A Command is a user typing a slash command.
type Command struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	// Command is the first word with its slash; Text is the rest.
	Command string `json:"command"`
	Text    string `json:"text"`
}

// Command sends the command to the app. What the app answers is shown to the
// user, or to the channel when the app says so.
func (w *Workspace) Command(ctx context.Context, c Command) (Answer, error) {
	form, err := w.commandForm(c)
	if err != nil {
		return Answer{}, err
	}
	a, err := w.submit(ctx, "/slack/commands", form)
	if err != nil || a.Status != http.StatusOK || a.Body == "" {
		return a, err
	}
	if problem := w.show(c, a); problem != "" {
		a.Problem = fmt.Sprintf("Slack shows an error: it refuses the app's answer (%s).", problem)
	}
	return a, nil
}

// commandForm builds the request for the command.
func (w *Workspace) commandForm(c Command) (url.Values, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ch, err := w.visitor(c.User, c.Channel)
	if err != nil {
		return nil, err
	}
	if name, slash := strings.CutPrefix(c.Command, "/"); !slash || name == "" || strings.ContainsAny(name, " /") {
		return nil, deny(http.StatusBadRequest, "%q is no slash command: write one word that begins with a slash.", c.Command)
	}
	if why := w.installed.refuses(c.Command); why != "" {
		return nil, deny(http.StatusConflict, "Slack does not know the command %s: %s.", c.Command, why)
	}
	o := w.options
	return url.Values{
		"api_app_id": {o.App.ID}, "team_id": {o.Team.ID}, "team_domain": {o.Team.Domain},
		"channel_id": {ch.ID}, "channel_name": {ch.Name},
		"user_id": {u.ID}, "user_name": {u.Name},
		"command": {c.Command}, "text": {c.Text},
		"is_enterprise_install": {"false"},
		"trigger_id":            {w.trigger(u.ID, Origin{})},
		"response_url":          {w.responseURL(u.ID, ch.ID, Origin{})},
	}, nil
}

// show posts what the app answered to the command. The problem is Slack's code,
// or empty.
func (w *Workspace) show(c Command, a Answer) (problem string) {
	said := aside{Text: a.Body}
	if media, _, err := mime.ParseMediaType(a.contentType); err == nil && media == "application/json" {
		said = aside{}
		if err := json.Unmarshal([]byte(a.Body), &said); err != nil {
			return "invalid_payload"
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m, refusal := said.content()
	if refusal != nil {
		problem, _ = refusal["error"].(string)
		return problem
	}
	w.say(m, c.User, c.Channel, said)
	return ""
}
