package slack

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// maxMessages is how many messages of a channel are kept.
const maxMessages = 500

// A Message is a message as a page can show it.
type Message struct {
	Channel     string `json:"channel"`
	ChannelName string `json:"channel_name"`
	// TS names the message in its channel: seconds with six decimals.
	TS string `json:"ts"`
	// ThreadTS is the TS of the message that this one answers, or empty.
	ThreadTS string `json:"thread_ts"`
	// Broadcast tells an answer in a thread that the channel shows too.
	Broadcast bool `json:"broadcast,omitempty"`
	// Replies counts the answers in the thread that this message began.
	Replies  int             `json:"reply_count,omitempty"`
	User     string          `json:"user"`
	UserName string          `json:"user_name"`
	Text     string          `json:"text"`
	Blocks   blockkit.Blocks `json:"blocks"`
	// Edits counts the changes since the message was posted.
	Edits int `json:"edits"`
	// EphemeralTo is the only user who sees the message, or empty.
	EphemeralTo     string `json:"ephemeral_to"`
	EphemeralToName string `json:"ephemeral_to_name"`
	// Metadata is what the app attached; everybody in the workspace can read it.
	Metadata map[string]any `json:"metadata,omitempty"`
}

// history is what has been said, by channel, oldest first.
type history struct {
	messages map[string][]*Message
	last     time.Time
}

func newHistory() history { return history{messages: map[string][]*Message{}} }

// stamp makes a ts that is later than every other: now, or a microsecond after
// the last one.
func (h *history) stamp(now time.Time) string {
	now = now.Truncate(time.Microsecond)
	if !now.After(h.last) {
		now = h.last.Add(time.Microsecond)
	}
	h.last = now
	return fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
}

func (h *history) find(channel, ts string) (*Message, bool) {
	list := h.messages[channel]
	i := slices.IndexFunc(list, func(m *Message) bool { return m.TS == ts })
	if i < 0 {
		return nil, false
	}
	return list[i], true
}

func (h *history) add(m *Message) {
	list := append(h.messages[m.Channel], m)
	if surplus := len(list) - maxMessages; surplus > 0 {
		list = slices.Delete(list, 0, surplus)
	}
	h.messages[m.Channel] = list
}

// replies counts the answers to m that everybody sees.
func (h *history) replies(m *Message) int {
	n := 0
	for _, o := range h.messages[m.Channel] {
		if o.ThreadTS == m.TS && o.EphemeralTo == "" {
			n++
		}
	}
	return n
}

func (h *history) remove(channel, ts string) {
	h.messages[channel] = slices.DeleteFunc(h.messages[channel], func(m *Message) bool { return m.TS == ts })
}

// Messages lists the messages of a channel, oldest first; with an empty channel
// those of every channel.
func (w *Workspace) Messages(channel string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := []Message{}
	// A ts has ten digits and six decimals until the year 2286: it sorts as text.
	for _, ch := range w.conversations() {
		if channel != "" && channel != ch.ID {
			continue
		}
		for _, m := range w.history.messages[ch.ID] {
			shown := *m
			shown.Replies = w.history.replies(m)
			found = append(found, shown)
		}
	}
	slices.SortStableFunc(found, func(a, b Message) int { return strings.Compare(a.TS, b.TS) })
	return found
}

// post adds a message of the app's bot, with all ids filled in.
func (w *Workspace) post(m Message) *Message {
	ch, _ := w.channel(m.Channel)
	to, _ := w.user(m.EphemeralTo)
	m.ChannelName = ch.Name
	m.EphemeralToName = to.RealName
	m.User = w.options.App.BotUser
	m.UserName = w.options.App.Name
	m.TS = w.history.stamp(w.now())
	m.Blocks = w.complete(m.Blocks)
	w.history.add(&m)
	return &m
}

// edit replaces what m says.
func (w *Workspace) edit(m *Message, text string, blocks blockkit.Blocks) {
	m.Text = text
	m.Blocks = w.complete(blocks)
	m.Edits++
}

// complete fills in the block_ids and action_ids that the app left out.
func (w *Workspace) complete(blocks blockkit.Blocks) blockkit.Blocks {
	if blocks == nil {
		blocks = blockkit.Blocks{}
	}
	blocks.Complete(func() string { return w.id("b") })
	return blocks
}

// id makes an id that has not been given out before.
func (w *Workspace) id(prefix string) string {
	w.lastID++
	return fmt.Sprintf("%s%07d", prefix, w.lastID)
}
