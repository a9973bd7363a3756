package slack_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
)

func TestTimestampsAreUniqueAndInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // its clock stands still
	var want, got []string
	for i := range 20 {
		w.post(t, slackgo.MsgOptionText(fmt.Sprint("message ", i), false))
		want = append(want, fmt.Sprint("message ", i))
	}
	seen := map[string]bool{}
	for _, m := range w.Messages(releases) {
		got = append(got, m.Text)
		seen[m.TS] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if len(seen) != 20 {
		t.Errorf("%d different timestamps, want 20", len(seen))
	}
}

func TestAnEditReplacesTextAndBlocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	if _, _, _, err := w.client.UpdateMessageContext(t.Context(), releases, ts, slackgo.MsgOptionText("approved", false)); err != nil {
		t.Fatal(err)
	}
	got := w.Messages(releases)
	if len(got) != 1 || got[0].Text != "approved" || got[0].Edits != 1 || len(got[0].Blocks) != 0 {
		t.Errorf("messages = %+v, want the one, edited once, without blocks", got)
	}
}

func TestOnlyExistingMessagesAreEdited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	whisper, err := w.client.PostEphemeralContext(t.Context(), releases, dana, slackgo.MsgOptionText("psst", false))
	if err != nil {
		t.Fatal(err)
	}
	for what, tt := range map[string]struct{ channel, ts, text, code string }{
		"another ts":      {releases, "1.000001", "x", "message_not_found"},
		"an ephemeral":    {releases, whisper, "x", "message_not_found"},
		"another channel": {"C9", ts, "x", "channel_not_found"},
		"nothing":         {releases, ts, "", "no_text"},
		"a long text":     {releases, ts, strings.Repeat("x", 4001), "msg_too_long"},
	} {
		_, _, _, err := w.client.UpdateMessageContext(t.Context(), tt.channel, tt.ts, slackgo.MsgOptionText(tt.text, false))
		wantCode(t, what, err, tt.code)
	}
}

func TestAnEditKeepsMetadataUnlessItBringsSome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	marked := func(key string) slackgo.MsgOption {
		return slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: "approval", EventPayload: map[string]any{"k": key}})
	}
	text := slackgo.MsgOptionText("x", false)
	ts := w.post(t, text, marked("one"))
	key := func() any {
		payload, _ := w.Messages(releases)[0].Metadata["event_payload"].(map[string]any)
		return payload["k"]
	}
	for _, tt := range []struct {
		options []slackgo.MsgOption
		want    string
	}{{[]slackgo.MsgOption{text}, "one"}, {[]slackgo.MsgOption{text, marked("two")}, "two"}} {
		if _, _, _, err := w.client.UpdateMessageContext(t.Context(), releases, ts, tt.options...); err != nil {
			t.Fatal(err)
		}
		if got := key(); got != tt.want {
			t.Errorf("metadata %v, want %s", got, tt.want)
		}
	}
}

func TestEphemeralsGoToOnePersonInTheChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.client.PostEphemeralContext(t.Context(), releases, lee, slackgo.MsgOptionText("not you", false)); err != nil {
		t.Fatal(err)
	}
	got := w.Messages(releases)
	if len(got) != 1 || got[0].EphemeralTo != lee || got[0].EphemeralToName != "Lee Okafor" {
		t.Errorf("messages = %+v, want one to Lee", got)
	}
	for _, user := range []string{"U9", gone} {
		_, err := w.client.PostEphemeralContext(t.Context(), releases, user, slackgo.MsgOptionText("x", false))
		wantCode(t, user, err, "user_not_in_channel")
	}
}

func TestRepliesJoinTheThreadOfTheirParent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	parent := w.postCard(t)
	text := slackgo.MsgOptionText("detail", false)
	reply := w.post(t, text, slackgo.MsgOptionTS(parent))
	w.post(t, text, slackgo.MsgOptionTS(reply))
	w.post(t, text, slackgo.MsgOptionTS("1.000001"))
	var got []string
	for _, m := range w.Messages(releases) {
		got = append(got, m.ThreadTS)
	}
	if diff := cmp.Diff([]string{"", parent, parent, ""}, got); diff != "" {
		t.Errorf("threads (-want +got):\n%s", diff)
	}
	link, err := w.client.GetPermalinkContext(t.Context(), &slackgo.PermalinkParameters{Channel: releases, Ts: reply})
	want := "https://signalbox.slack.com/archives/C0RELEASES/p" + strings.ReplaceAll(reply, ".", "") + "?thread_ts=" + parent + "&cid=C0RELEASES"
	if err != nil || link != want {
		t.Errorf("permalink = %s, %v; want %s", link, err, want)
	}
}

func TestAChannelKeepsItsLatest500Messages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 503 {
		w.post(t, slackgo.MsgOptionText(fmt.Sprint(i), false))
	}
	got := w.Messages("")
	if len(got) != 500 || got[0].Text != "3" || got[499].Text != "502" {
		t.Errorf("%d messages from %q to %q, want 500 from 3 to 502", len(got), got[0].Text, got[len(got)-1].Text)
	}
}

func TestPostingIsLimitedToAMessagePerSecondAndChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rateLimited)
	text := slackgo.MsgOptionText("x", false)
	for range 4 { // what is allowed at once
		w.post(t, text)
	}
	_, _, err := w.client.PostMessageContext(t.Context(), releases, text)
	limited, ok := err.(*slackgo.RateLimitedError) //nolint:errorlint // the library returns it bare
	if !ok || limited.RetryAfter != time.Second {
		t.Fatalf("fifth message: %v, want to retry after a second", err)
	}
	w.clock.advance(time.Second)
	w.post(t, text)
	_, _, err = w.client.PostMessageContext(t.Context(), releases, text)
	if _, ok := err.(*slackgo.RateLimitedError); !ok { //nolint:errorlint // as above
		t.Errorf("sixth message: %v, want it limited", err)
	}
	if got := len(w.Messages(releases)); got != 5 {
		t.Errorf("%d messages, want 5", got)
	}
}

func TestMessagesAreListedAsAgreed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	var list []map[string]any
	if status := w.control(t, http.MethodGet, "/local/slack/messages?channel="+releases, nil, &list); status != http.StatusOK || len(list) != 1 {
		t.Fatalf("status %d, %d messages; want 200 and one", status, len(list))
	}
	blocks := list[0]["blocks"]
	delete(list[0], "blocks")
	want := map[string]any{
		"channel": releases, "channel_name": "releases", "ts": ts, "thread_ts": "", "user": bot, "user_name": "Signalbox",
		"text": "web-shop waits", "edits": 0.0, "ephemeral_to": "", "ephemeral_to_name": "",
	}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	if got, _ := blocks.([]any); len(got) != 2 {
		t.Errorf("blocks = %v, want two", blocks)
	}
	var refused map[string]string
	if status := w.control(t, http.MethodGet, "/local/slack/messages?channel=C9", nil, &refused); status != http.StatusNotFound || refused["error"] == "" {
		t.Errorf("unknown channel: %d %v, want 404 with a sentence", status, refused)
	}
}
