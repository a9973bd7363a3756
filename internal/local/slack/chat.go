package slack

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// Slack's limits on the text of a message, in characters: a new one is cut,
// an edit is refused. https://docs.slack.dev/reference/methods/chat.update
const (
	maxPostedText = 40_000
	maxEditedText = 4_000
)

// chatPostMessage is the method chat.postMessage.
func (w *Workspace) chatPostMessage(c call) reply {
	m, refusal := w.draft(c)
	if refusal != nil {
		return refusal
	}
	m.Broadcast = m.ThreadTS != "" && c.args["reply_broadcast"] == "true"
	posted := w.post(m)
	return reply{"channel": posted.Channel, "ts": posted.TS, "message": w.wire(posted)}
}

// chatPostEphemeral is the method chat.postEphemeral.
func (w *Workspace) chatPostEphemeral(c call) reply {
	m, refusal := w.draft(c)
	if refusal != nil {
		return refusal
	}
	ch, _ := w.channel(m.Channel)
	u, found := w.user(c.args["user"])
	if !found || u.Deleted || !ch.has(u.ID) {
		return refuse("user_not_in_channel")
	}
	m.EphemeralTo = u.ID
	m.Metadata = nil // Slack ignores it here: the message is not kept
	return reply{"message_ts": w.post(m).TS}
}

// chatUpdate is the method chat.update. A text without blocks takes the blocks
// away, as Slack does.
func (w *Workspace) chatUpdate(c call) reply {
	if refusal := w.mayPost(c.args["channel"]); refusal != nil {
		return refusal
	}
	m, found := w.history.find(c.args["channel"], c.args["ts"])
	switch {
	case !found || m.EphemeralTo != "":
		return refuse("message_not_found")
	case m.User != w.options.App.BotUser:
		return refuse("cant_update_message")
	case utf8.RuneCountInString(c.args["text"]) > maxEditedText:
		return refuse("msg_too_long")
	}
	content, refusal := c.content()
	if refusal != nil {
		return refusal
	}
	if content.Metadata != nil {
		m.Metadata = content.Metadata
	}
	w.edit(m, content.Text, content.Blocks)
	return reply{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": w.wire(m)}
}

// chatGetPermalink is the method chat.getPermalink.
func (w *Workspace) chatGetPermalink(c call) reply {
	if _, found := w.channel(c.args["channel"]); !found {
		return refuse("channel_not_found")
	}
	m, found := w.history.find(c.args["channel"], c.args["message_ts"])
	if !found || m.EphemeralTo != "" {
		return refuse("message_not_found")
	}
	link := "https://" + w.options.Team.Domain + ".slack.com/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return reply{"channel": m.Channel, "permalink": link}
}

// mayPost refuses channels that the bot cannot write to.
func (w *Workspace) mayPost(channel string) reply {
	ch, found := w.channel(channel)
	switch {
	case !found:
		return refuse("channel_not_found")
	case ch.Archived:
		return refuse("is_archived")
	case !w.joined(ch):
		return refuse("not_in_channel")
	case ch.Direct && !w.installed.messages:
		return refuse("messages_tab_disabled")
	default:
		return nil
	}
}

// draft is the message that c wants posted.
func (w *Workspace) draft(c call) (Message, reply) {
	if refusal := w.mayPost(c.args["channel"]); refusal != nil {
		return Message{}, refusal
	}
	m, refusal := c.content()
	if refusal != nil {
		return Message{}, refusal
	}
	m.Channel = c.args["channel"]
	m.ThreadTS = w.thread(m.Channel, c.args["thread_ts"])
	m.Text = cut(m.Text, maxPostedText)
	return m, nil
}

// thread is the thread that a message answering ts belongs to. Without such a
// message Slack posts to the channel, and says nothing about it.
func (w *Workspace) thread(channel, ts string) string {
	parent, found := w.history.find(channel, ts)
	switch {
	case !found || parent.EphemeralTo != "":
		return ""
	case parent.ThreadTS != "":
		return parent.ThreadTS
	default:
		return ts
	}
}

// content reads text, blocks and metadata.
func (c call) content() (Message, reply) {
	m := Message{Text: c.args["text"]}
	if raw := c.args["blocks"]; raw != "" {
		blocks, refusal := readBlocks(raw)
		if refusal != nil {
			return Message{}, refusal
		}
		m.Blocks = blocks
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Blocks) == 0 {
		return Message{}, refuse("no_text")
	}
	if raw := c.args["metadata"]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &m.Metadata); err != nil {
			return Message{}, refuse("invalid_metadata_format")
		}
		_, named := m.Metadata["event_type"].(string)
		_, filled := m.Metadata["event_payload"].(map[string]any)
		if len(m.Metadata) > 0 && (!named || !filled) {
			return Message{}, refuse("invalid_metadata_schema")
		}
	}
	return m, nil
}

// readBlocks reads the blocks of a message.
func readBlocks(raw string) (blockkit.Blocks, reply) {
	blocks, problems, err := blockkit.ParseMessage(raw)
	switch {
	case errors.Is(err, blockkit.ErrFormat):
		return nil, refuse("invalid_blocks_format")
	case len(problems) > 0:
		return nil, refuse("invalid_blocks", sentences(problems)...)
	case blocks.Length() > blockkit.MaxMessageLength:
		return nil, refuse("msg_blocks_too_long")
	default:
		return blocks, nil
	}
}

func sentences(problems []blockkit.Problem) []string {
	list := make([]string, len(problems))
	for i, p := range problems {
		list[i] = p.String()
	}
	return list
}

// cut shortens s to limit characters.
func cut(s string, limit int) string {
	for i := range s {
		if limit == 0 {
			return s[:i]
		}
		limit--
	}
	return s
}

// wire is a message as Slack sends it to apps.
func (w *Workspace) wire(m *Message) map[string]any {
	out := map[string]any{
		"type": "message", "user": m.User, "team": w.options.Team.ID, "ts": m.TS, "text": m.Text, "blocks": m.Blocks,
	}
	if app := w.options.App; m.User == app.BotUser {
		out["bot_id"], out["app_id"] = app.BotID, app.ID
		out["bot_profile"] = map[string]any{"id": app.BotID, "app_id": app.ID, "name": app.Name, "team_id": w.options.Team.ID}
	} else if u, _ := w.user(m.User); u.Bot {
		out["bot_id"] = "B" + strings.TrimLeft(u.ID, "UW") // another app's
	}
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
		if parent, found := w.history.find(m.Channel, m.ThreadTS); found {
			out["parent_user_id"] = parent.User
		}
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	if n := w.history.replies(m); n > 0 {
		out["thread_ts"], out["reply_count"] = m.TS, n
	}
	if m.Edits > 0 {
		out["edited"] = map[string]any{"user": m.User, "ts": m.TS}
	}
	if m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	return out
}
