package slack

// A Listed is a channel in the sidebar of a client.
type Listed struct {
	Channel
	// Messages counts what has been said in the channel. As in Slack, an answer
	// in a thread does not count unless the channel shows it too, and nor does
	// what only somebody else sees.
	Messages int `json:"messages"`
}

// Sidebar lists the same channels as Channels does.
func (w *Workspace) Sidebar(user string) []Listed {
	listed := []Listed{}
	for _, c := range w.Channels(user) {
		listed = append(listed, Listed{c, w.said(c.ID, user)})
	}
	return listed
}

// said counts what user sees in a channel, or everybody if user is empty.
func (w *Workspace) said(channel, user string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, m := range w.history.messages[channel] {
		if (m.EphemeralTo == "" || m.EphemeralTo == user) && (m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast) {
			n++
		}
	}
	return n
}
