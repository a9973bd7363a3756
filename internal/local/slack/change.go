package slack

import (
	"net/http"
	"slices"
)

// A ChannelChange is what happens to a channel; what is nil stays as it is.
type ChannelChange struct {
	Archived *bool `json:"archived"`
	// Deleted takes the channel away from everybody, as deleting it does.
	Deleted *bool `json:"deleted"`
	// Joined is false once somebody has removed the app's bot.
	Joined *bool `json:"joined"`
}

// ChangeChannel archives or deletes a channel, or removes the bot from it, and
// all of that back again.
func (w *Workspace) ChangeChannel(id string, c ChannelChange) (Channel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.options.Channels, func(ch Channel) bool { return ch.ID == id })
	if i < 0 {
		return Channel{}, deny(http.StatusNotFound, "There is no Slack channel %q.", id)
	}
	ch := &w.options.Channels[i]
	set(&ch.Archived, c.Archived)
	set(&ch.Deleted, c.Deleted)
	if c.Joined != nil {
		ch.BotLeft = !*c.Joined
	}
	return *ch, nil
}

func set(known *bool, to *bool) {
	if to != nil {
		*known = *to
	}
}

// An AppChange is what happens to the app.
type AppChange struct {
	// Revoked makes Slack refuse its token.
	Revoked bool `json:"revoked"`
}

// ChangeApp revokes the app's token, or makes it good again.
func (w *Workspace) ChangeApp(c AppChange) (AppChange, error) {
	w.revoked.Store(c.Revoked)
	return c, nil
}

// A Post is what somebody else than the app writes.
type Post struct {
	Channel, User, Text string
	// ThreadTS is that of the message that it answers, or empty.
	ThreadTS string
	// Metadata is what an app of theirs attached.
	Metadata map[string]any
}

// Write posts as a member and returns the message.
func (w *Workspace) Write(p Post) (Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, found := w.channel(p.Channel)
	u, known := w.user(p.User)
	if !found || !known || !ch.has(u.ID) {
		return Message{}, deny(http.StatusNotFound, "There is no Slack channel %q in which %q can write.", p.Channel, p.User)
	}
	m := Message{
		Channel: ch.ID, ChannelName: ch.Name, ThreadTS: w.thread(ch.ID, p.ThreadTS), User: u.ID, UserName: u.RealName,
		TS: w.history.stamp(w.now()), Text: p.Text, Blocks: w.complete(nil), Metadata: p.Metadata,
	}
	w.history.add(&m)
	return m, nil
}
