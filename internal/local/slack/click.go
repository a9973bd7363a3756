package slack

import (
	"context"
	"maps"
	"net/http"
)

// A Click is a user pressing a button, or choosing from a menu, of a message or
// of a view.
type Click struct {
	User string `json:"user"`
	// Channel and TS name the message, ViewID the modal or home tab.
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ViewID   string `json:"view_id"`
	ActionID string `json:"action_id"`
	// BlockID is needed only when several blocks have such an element.
	BlockID string `json:"block_id"`
	// Value is what is chosen: a string, or a list of strings for an element
	// that takes several. For a button it is nothing.
	Value any `json:"value"`
}

// Click presses a button or chooses from a menu: the app gets a signed
// block_actions request, also for a button that opens a link. A button that
// asks for confirmation has been confirmed. It is a Refusal when the user
// cannot see such an element any more.
func (w *Workspace) Click(ctx context.Context, c Click) (Answer, error) {
	payload, err := w.press(c)
	if err != nil {
		return Answer{}, err
	}
	return w.interact(ctx, payload)
}

// press builds the payload of the click.
func (w *Workspace) press(c Click) (map[string]any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.ViewID != "" {
		return w.pressView(c)
	}
	u, ch, err := w.visitor(c.User, c.Channel)
	if err != nil {
		return nil, err
	}
	m, found := w.history.find(c.Channel, c.TS)
	if !found || m.EphemeralTo != "" && m.EphemeralTo != u.ID {
		return nil, deny(http.StatusConflict, "Slack would not show that: %s sees no message %s in #%s.", u.RealName, c.TS, ch.Name)
	}
	action, state, err := w.act(m.Blocks, c)
	if err != nil {
		return nil, err
	}
	origin := Origin{Channel: ch.ID, TS: m.TS}
	payload := w.payload("block_actions", u)
	maps.Copy(payload, map[string]any{
		"container":    containerOf(m),
		"channel":      map[string]any{"id": ch.ID, "name": ch.Name},
		"state":        map[string]any{"values": state},
		"trigger_id":   w.trigger(u.ID, origin),
		"response_url": w.responseURL(u.ID, ch.ID, origin),
		"actions":      []any{action},
	})
	if m.EphemeralTo == "" { // Slack leaves out a message that it does not keep
		payload["message"] = w.wire(m)
	}
	return payload, nil
}

// pressView is press for a view. There is no message and nowhere to respond.
func (w *Workspace) pressView(c Click) (map[string]any, error) {
	v, found := w.view(c.ViewID)
	if !found {
		return nil, deny(http.StatusNotFound, "There is no open view %q.", c.ViewID)
	}
	if c.User != v.User {
		return nil, deny(http.StatusConflict, "Slack would not show that: only %s sees this view.", v.UserName)
	}
	action, state, err := w.act(v.Blocks, c)
	if err != nil {
		return nil, err
	}
	for block, values := range state {
		v.State[block] = values
	}
	u, _ := w.user(v.User)
	payload := w.payload("block_actions", u)
	maps.Copy(payload, map[string]any{
		"container":  map[string]any{"type": "view", "view_id": v.ID},
		"view":       w.describeView(v),
		"trigger_id": w.trigger(u.ID, v.Message),
		"actions":    []any{action},
	})
	return payload, nil
}

// visitor finds a user who can see the channel.
func (w *Workspace) visitor(user, channel string) (User, Channel, error) {
	u, found := w.user(user)
	if !found {
		return User{}, Channel{}, deny(http.StatusNotFound, "There is no Slack user %q.", user)
	}
	ch, found := w.channel(channel)
	if !found {
		return User{}, Channel{}, deny(http.StatusNotFound, "There is no Slack channel %q.", channel)
	}
	if !ch.has(u.ID) {
		return User{}, Channel{}, deny(http.StatusConflict, "Slack would not show that: %s is not in #%s.", u.RealName, ch.Name)
	}
	return u, ch, nil
}

func containerOf(m *Message) map[string]any {
	c := map[string]any{
		"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.EphemeralTo != "",
	}
	if m.ThreadTS != "" {
		c["thread_ts"] = m.ThreadTS
	}
	return c
}
