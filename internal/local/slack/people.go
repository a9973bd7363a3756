package slack

import "slices"

// A Team is the workspace as Slack describes it.
type Team struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Domain is the first label of the workspace's address.
	Domain string `json:"domain"`
}

// An App is our app as installed in the workspace.
type App struct {
	ID, Name string
	// BotID ("B…") and BotUser ("U…") are the two names of the app's bot.
	BotID, BotUser string
}

// A User is a member, guest, bot or outsider.
type User struct {
	ID string `json:"id"`
	// Name is the handle, such as "dana".
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Email    string `json:"email,omitempty"`
	// TeamID is the user's own workspace; empty means this one. Another one
	// makes an outsider in a shared channel.
	TeamID string `json:"team_id,omitempty"`
	// Deleted is Slack's word for a deactivated user.
	Deleted bool `json:"deleted,omitempty"`
	Bot     bool `json:"is_bot,omitempty"`
	// Guest is a multi-channel guest, SingleChannelGuest one of the other kind.
	Guest              bool `json:"is_restricted,omitempty"`
	SingleChannelGuest bool `json:"is_ultra_restricted,omitempty"`
	// TZ is an IANA time zone; empty means UTC.
	TZ string `json:"tz,omitempty"`
}

// A Channel is a conversation.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Archived bool   `json:"is_archived,omitempty"`
	// Deleted tells a channel that is no more.
	Deleted bool `json:"deleted,omitempty"`
	// BotLeft tells that the app's bot was removed.
	BotLeft bool `json:"bot_left,omitempty"`
	// Direct tells the conversation of the app with User alone.
	Direct bool   `json:"is_im,omitempty"`
	User   string `json:"user,omitempty"`
	// Members lists the user ids inside; nil means everybody and the app.
	Members []string `json:"-"`
}

func (c Channel) has(user string) bool {
	return c.Members == nil || slices.Contains(c.Members, user)
}

// joined reports whether the app's bot is in c.
func (w *Workspace) joined(c Channel) bool { return !c.BotLeft && c.has(w.options.App.BotUser) }

func (w *Workspace) user(id string) (User, bool) {
	i := slices.IndexFunc(w.options.Users, func(u User) bool { return u.ID == id })
	if i < 0 {
		return User{}, false
	}
	return w.options.Users[i], true
}

func (w *Workspace) channel(id string) (Channel, bool) {
	all := w.conversations()
	i := slices.IndexFunc(all, func(c Channel) bool { return c.ID == id && !c.Deleted })
	if i < 0 {
		return Channel{}, false
	}
	return all[i], true
}

// teamOf is the workspace that u belongs to.
func (w *Workspace) teamOf(u User) string {
	if u.TeamID != "" {
		return u.TeamID
	}
	return w.options.Team.ID
}

// usersInfo is the method users.info.
func (w *Workspace) usersInfo(c call) reply {
	u, found := w.user(c.args["user"])
	if !found {
		return refuse("user_not_found")
	}
	return reply{"user": w.describe(u)}
}

// usersLookupByEmail is the method users.lookupByEmail. Like Slack's it finds
// neither deactivated users nor outsiders.
func (w *Workspace) usersLookupByEmail(c call) reply {
	for _, u := range w.options.Users {
		if u.Email != "" && u.Email == c.args["email"] && !u.Deleted && w.teamOf(u) == w.options.Team.ID {
			return reply{"user": w.describe(u)}
		}
	}
	return refuse("users_not_found")
}

// describe is a user object as Slack sends it.
func (w *Workspace) describe(u User) map[string]any {
	tz := u.TZ
	if tz == "" {
		tz = "Etc/UTC"
	}
	return map[string]any{
		"id": u.ID, "team_id": w.teamOf(u), "name": u.Name, "real_name": u.RealName,
		"deleted": u.Deleted, "is_bot": u.Bot, "is_app_user": false,
		"is_restricted": u.Guest || u.SingleChannelGuest, "is_ultra_restricted": u.SingleChannelGuest,
		"is_stranger": w.teamOf(u) != w.options.Team.ID,
		"is_admin":    false, "is_owner": false, "is_primary_owner": false,
		"tz": tz,
		"profile": map[string]any{
			"real_name": u.RealName, "real_name_normalized": u.RealName,
			"display_name": u.Name, "display_name_normalized": u.Name,
			"email": u.Email, "team": w.teamOf(u),
		},
	}
}

// authTest is the method auth.test.
func (w *Workspace) authTest(call) reply {
	o := w.options
	return reply{
		"url":  "https://" + o.Team.Domain + ".slack.com/",
		"team": o.Team.Name, "team_id": o.Team.ID,
		"user": o.App.Name, "user_id": o.App.BotUser, "bot_id": o.App.BotID,
		"is_enterprise_install": false,
	}
}

// conversationsInfo is the method conversations.info, for the little we ask it.
func (w *Workspace) conversationsInfo(c call) reply {
	ch, found := w.channel(c.args["channel"])
	if !found {
		return refuse("channel_not_found")
	}
	if ch.Direct {
		return reply{"channel": w.describeDirect(ch)}
	}
	return reply{"channel": map[string]any{
		"id": ch.ID, "name": ch.Name, "name_normalized": ch.Name,
		"is_channel": true, "is_private": ch.Members != nil, "is_archived": ch.Archived,
		"is_member": w.joined(ch), "context_team_id": w.options.Team.ID,
	}}
}
