package slack

import (
	"context"
	"maps"
	"net/http"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// A Click is a user pressing a button of a message.
type Click struct {
	User     string `json:"user"`
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ActionID string `json:"action_id"`
	// BlockID is needed only when several blocks have such a button.
	BlockID string `json:"block_id"`
}

// Click presses a button: the app gets a signed block_actions request, also for
// a button that opens a link. It is a Refusal when the user cannot see such a
// button any more.
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
	u, ch, err := w.visitor(c.User, c.Channel)
	if err != nil {
		return nil, err
	}
	m, found := w.history.find(c.Channel, c.TS)
	if !found || m.EphemeralTo != "" && m.EphemeralTo != u.ID {
		return nil, deny(http.StatusConflict, "Slack would not show that: %s sees no message %s in #%s.", u.RealName, c.TS, ch.Name)
	}
	button, err := w.button(m, c)
	if err != nil {
		return nil, err
	}
	origin := Origin{Channel: ch.ID, TS: m.TS}
	payload := w.payload("block_actions", u)
	maps.Copy(payload, map[string]any{
		"container":    containerOf(m),
		"channel":      map[string]any{"id": ch.ID, "name": ch.Name},
		"state":        map[string]any{"values": map[string]any{}},
		"trigger_id":   w.trigger(u.ID, origin),
		"response_url": w.responseURL(u.ID, ch.ID, origin),
		"actions":      []any{actionOf(button, w.history.stamp(w.now()))},
	})
	if m.EphemeralTo == "" { // Slack leaves out a message that it does not keep
		payload["message"] = w.wire(m)
	}
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

// button finds the one button that c means.
func (w *Workspace) button(m *Message, c Click) (blockkit.Element, error) {
	var found []blockkit.Element
	for _, e := range m.Blocks.Elements() {
		if e.ActionID == c.ActionID && (c.BlockID == "" || c.BlockID == e.BlockID) {
			found = append(found, e)
		}
	}
	switch {
	case len(found) == 0:
		return blockkit.Element{}, deny(http.StatusConflict, "Slack would not show that: the message has no button %q (any more).", c.ActionID)
	case len(found) > 1:
		return blockkit.Element{}, deny(http.StatusConflict, "The message has %d buttons %q: say which block_id.", len(found), c.ActionID)
	case found[0].Type != "button":
		return blockkit.Element{}, deny(http.StatusConflict, "%q is a %s: only buttons can be clicked here.", c.ActionID, found[0].Type)
	default:
		return found[0], nil
	}
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

// actionOf is a pressed button as the payload describes it.
func actionOf(e blockkit.Element, ts string) map[string]any {
	action := map[string]any{
		"type": e.Type, "action_id": e.ActionID, "block_id": e.BlockID,
		"text": e.Spec["text"], "action_ts": ts,
	}
	for _, name := range []string{"value", "style", "confirm"} {
		if v, present := e.Spec[name]; present {
			action[name] = v
		}
	}
	return action
}
