package slack

import (
	"slices"
	"strconv"
	"strings"
)

// maxRead is the most messages that one page has.
// https://docs.slack.dev/reference/methods/conversations.history/
const maxRead = 999

// conversationsHistory is the method conversations.history: what a channel
// shows, newest first. Answers in threads are not among it unless they were
// broadcast.
func (w *Workspace) conversationsHistory(c call) reply {
	if refusal := w.mayRead(c.args["channel"]); refusal != nil {
		return refusal
	}
	var all []*Message
	for _, m := range w.history.messages[c.args["channel"]] {
		if m.EphemeralTo == "" && (m.ThreadTS == "" || m.Broadcast) && within(c, m.TS) {
			all = append(all, m)
		}
	}
	slices.Reverse(all)
	return w.pageOf(c, all)
}

// conversationsReplies is the method conversations.replies: a thread, with the
// message that began it, oldest first.
func (w *Workspace) conversationsReplies(c call) reply {
	if refusal := w.mayRead(c.args["channel"]); refusal != nil {
		return refusal
	}
	if m, found := w.history.find(c.args["channel"], c.args["ts"]); !found || m.EphemeralTo != "" {
		return refuse("thread_not_found")
	}
	var all []*Message
	for _, m := range w.history.messages[c.args["channel"]] {
		if m.EphemeralTo == "" && (m.TS == c.args["ts"] || m.ThreadTS == c.args["ts"]) && within(c, m.TS) {
			all = append(all, m)
		}
	}
	return w.pageOf(c, all)
}

// mayRead refuses what the app cannot read. An archived channel can be read.
func (w *Workspace) mayRead(channel string) reply {
	ch, found := w.channel(channel)
	switch {
	case !found:
		return refuse("channel_not_found")
	case !w.joined(ch):
		return refuse("not_in_channel")
	}
	return w.installed.lacks(readScope(ch))
}

// readScope is the scope that reading in ch needs.
func readScope(ch Channel) string {
	switch {
	case ch.Direct:
		return "im:history"
	case ch.Members != nil:
		return "groups:history"
	}
	return "channels:history"
}

// within reports whether ts is in the range that c asks for, whose ends belong
// to it if c says so.
func within(c call, ts string) bool {
	at, err := strconv.ParseFloat(ts, 64)
	oldest, noOldest := strconv.ParseFloat(c.args["oldest"], 64)
	latest, noLatest := strconv.ParseFloat(c.args["latest"], 64)
	end := isTrue(c.args["inclusive"]) && (noOldest == nil && at == oldest || noLatest == nil && at == latest)
	return err == nil && (end || (noOldest != nil || at > oldest) && (noLatest != nil || at < latest))
}

func isTrue(arg string) bool { return arg == "true" || arg == "1" }

// pageOf is the page of all that c asks for. A cursor is how many came before.
func (w *Workspace) pageOf(c call, all []*Message) reply {
	limit, err := strconv.Atoi(c.args["limit"])
	if err != nil || limit <= 0 || limit > maxRead {
		limit = 100
	}
	from := 0
	if cursor := c.args["cursor"]; cursor != "" {
		var ok bool
		if cursor, ok = strings.CutPrefix(cursor, "next:"); !ok {
			return refuse("invalid_cursor")
		}
		if from, err = strconv.Atoi(cursor); err != nil || from < 0 || from > len(all) {
			return refuse("invalid_cursor")
		}
	}
	to := min(from+limit, len(all))
	page := []map[string]any{}
	for _, m := range all[from:to] {
		one := w.wire(m)
		if !isTrue(c.args["include_all_metadata"]) {
			delete(one, "metadata")
		}
		page = append(page, one)
	}
	next := ""
	if to < len(all) {
		next = "next:" + strconv.Itoa(to)
	}
	return reply{
		"messages": page, "has_more": to < len(all), "response_metadata": map[string]any{"next_cursor": next},
	}
}
