package slack

import (
	"slices"
	"strings"
)

// directName is what Slack calls every direct message in a payload.
const directName = "directmessage"

// conversations are the channels and the direct messages that are open.
func (w *Workspace) conversations() []Channel {
	return slices.Concat(w.options.Channels, w.directs)
}

// Channels lists what a user can see: the channels one is in and, once it is
// open, the direct message with the app. Without a user it lists every channel
// and no direct message.
func (w *Workspace) Channels(user string) []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := []Channel{}
	for _, c := range w.conversations() {
		if !c.Deleted && (user == "" && !c.Direct || user != "" && c.has(user)) {
			seen = append(seen, c)
		}
	}
	return seen
}

// direct opens the direct message of the app with u, once.
func (w *Workspace) direct(u User) (opened Channel, already bool) {
	i := slices.IndexFunc(w.directs, func(c Channel) bool { return c.User == u.ID })
	if i >= 0 {
		return w.directs[i], true
	}
	opened = Channel{
		ID: "D" + strings.TrimLeft(u.ID, "UW"), Name: directName, Direct: true, User: u.ID,
		Members: []string{u.ID, w.options.App.BotUser},
	}
	w.directs = append(w.directs, opened)
	return opened, false
}

// conversationsOpen is the method conversations.open, for one user: what opens
// a conversation of several needs a scope that no method here is about.
func (w *Workspace) conversationsOpen(c call) reply {
	users, channel := c.args["users"], c.args["channel"]
	switch {
	case users == "" && channel == "":
		return refuse("users_list_not_supplied")
	case users != "" && channel != "":
		return refuse("channel_and_users_supplied")
	case strings.Contains(users, ","):
		return w.installed.lacks("mpim:write")
	case channel != "":
		ch, found := w.channel(channel)
		if !found || !ch.Direct {
			return refuse("channel_not_found")
		}
		users = ch.User
	}
	u, refusal := w.partner(users)
	if refusal != nil {
		return refusal
	}
	opened, already := w.direct(u)
	answer := reply{"channel": map[string]any{"id": opened.ID}}
	if c.args["return_im"] == "true" {
		answer["channel"] = w.describeDirect(opened)
	}
	if already {
		answer["no_op"], answer["already_open"] = true, true
	}
	return answer
}

// partner finds somebody whom the app can write to directly.
func (w *Workspace) partner(id string) (User, reply) {
	u, found := w.user(id)
	switch {
	case !found:
		return User{}, refuse("user_not_found")
	case u.Deleted:
		return User{}, refuse("user_disabled")
	case u.Bot:
		return User{}, refuse("cannot_dm_bot")
	case w.teamOf(u) != w.options.Team.ID:
		return User{}, refuse("user_not_visible")
	default:
		return u, nil
	}
}

func (w *Workspace) describeDirect(c Channel) map[string]any {
	return map[string]any{
		"id": c.ID, "is_im": true, "user": c.User, "is_org_shared": false,
		"is_archived": false, "is_open": true, "context_team_id": w.options.Team.ID,
	}
}
