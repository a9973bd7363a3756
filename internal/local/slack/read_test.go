package slack_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func marked(key string) slackgo.MsgOption {
	return slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: "signalbox", EventPayload: map[string]any{"key": key}})
}

func (w world) read(t *testing.T, p slackgo.GetConversationHistoryParameters) *slackgo.GetConversationHistoryResponse {
	t.Helper()
	p.ChannelID = releases
	answer, err := w.client.GetConversationHistoryContext(t.Context(), &p)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func texts(all []slackgo.Message) string {
	var list []string
	for _, m := range all {
		list = append(list, m.Text)
	}
	return strings.Join(list, " ")
}

func TestHistoryIsWhatTheChannelShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.post(t, slackgo.MsgOptionText("one", false), marked("card"))
	w.clock.advance(time.Second)
	w.post(t, slackgo.MsgOptionText("answer", false), slackgo.MsgOptionTS(first))
	w.post(t, slackgo.MsgOptionText("aloud", false), slackgo.MsgOptionTS(first), slackgo.MsgOptionBroadcast())
	w.clock.advance(time.Second)
	last := w.post(t, slackgo.MsgOptionText("two", false))
	if _, err := w.client.PostEphemeralContext(t.Context(), releases, dana, slackgo.MsgOptionText("whisper", false)); err != nil {
		t.Fatal(err)
	}
	all := w.read(t, slackgo.GetConversationHistoryParameters{IncludeAllMetadata: true}).Messages
	if texts(all) != "two aloud one" {
		t.Fatalf("messages %q", texts(all))
	}
	one := all[2]
	if one.Metadata.EventPayload["key"] != "card" || one.BotID != "B0SIGNALBOX" || one.BotProfile == nil || one.BotProfile.AppID != "A0SIGNALBOX" ||
		one.User != bot || one.ReplyCount != 2 || one.ThreadTimestamp != first {
		t.Errorf("message %+v", one.Msg)
	}
	if aloud := all[1]; aloud.SubType != "thread_broadcast" || aloud.ThreadTimestamp != first || aloud.ParentUserId != bot {
		t.Errorf("message %+v", aloud.Msg)
	}
	if bare := w.read(t, slackgo.GetConversationHistoryParameters{}).Messages; bare[2].Metadata.EventType != "" {
		t.Errorf("metadata without being asked for it: %+v", bare[2].Metadata)
	}
	for _, tt := range []struct {
		p    slackgo.GetConversationHistoryParameters
		want string
	}{
		{slackgo.GetConversationHistoryParameters{Oldest: first}, "two aloud"},
		{slackgo.GetConversationHistoryParameters{Oldest: first, Inclusive: true}, "two aloud one"},
		{slackgo.GetConversationHistoryParameters{Latest: last}, "aloud one"},
		{slackgo.GetConversationHistoryParameters{Latest: last, Inclusive: true}, "two aloud one"},
		{slackgo.GetConversationHistoryParameters{Oldest: first, Latest: last}, "aloud"},
	} {
		if got := texts(w.read(t, tt.p).Messages); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.p, got, tt.want)
		}
	}
}

func TestThreadIsReadWithWhatBeganIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.post(t, slackgo.MsgOptionText("card", false), marked("card"))
	for i := range 5 {
		w.post(t, slackgo.MsgOptionText(fmt.Sprint(i), false), slackgo.MsgOptionTS(ts), marked(fmt.Sprint(i)))
	}
	if _, err := w.Write(slack.Post{Channel: releases, User: dana, Text: "me", ThreadTS: ts, Metadata: map[string]any{"event_type": "x"}}); err != nil {
		t.Fatal(err)
	}
	var got []slackgo.Message
	cursor, pages := "", 0
	for more := true; more; pages++ {
		page, has, next, err := w.client.GetConversationRepliesContext(t.Context(), &slackgo.GetConversationRepliesParameters{
			ChannelID: releases, Timestamp: ts, Limit: 2, Cursor: cursor, IncludeAllMetadata: true,
		})
		if err != nil || has != (next != "") {
			t.Fatal(err, has, next)
		}
		got, cursor, more = append(got, page...), next, has
	}
	if texts(got) != "card 0 1 2 3 4 me" || pages != 4 || got[5].Metadata.EventPayload["key"] != "4" {
		t.Errorf("%d pages: %q", pages, texts(got))
	}
	if me := got[6]; me.User != dana || me.BotID != "" || me.ThreadTimestamp != ts {
		t.Errorf("what Dana wrote is %+v", me.Msg)
	}
	_, _, _, err := w.client.GetConversationRepliesContext(t.Context(), &slackgo.GetConversationRepliesParameters{ChannelID: releases, Timestamp: "1.000001"})
	wantCode(t, "no such thread", err, "thread_not_found")
	_, err = w.client.GetConversationHistoryContext(t.Context(), &slackgo.GetConversationHistoryParameters{ChannelID: releases, Cursor: "dGVh"})
	wantCode(t, "no such cursor", err, "invalid_cursor")
}

func TestHistoryHasPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 5 {
		w.post(t, slackgo.MsgOptionText(fmt.Sprint(i), false))
	}
	var got []string
	cursor := ""
	for {
		page := w.read(t, slackgo.GetConversationHistoryParameters{Limit: 2, Cursor: cursor})
		got = append(got, texts(page.Messages))
		cursor = page.ResponseMetaData.NextCursor
		if page.HasMore != (cursor != "") {
			t.Fatalf("more is %t, but the cursor %q", page.HasMore, cursor)
		}
		if cursor == "" {
			break
		}
	}
	if all := strings.Join(got, "|"); all != "4 3|2 1|0" {
		t.Errorf("pages %q", all)
	}
	for _, wrong := range []string{"next:-1", "next:6", "next:", "next:x"} {
		_, err := w.client.GetConversationHistoryContext(t.Context(), &slackgo.GetConversationHistoryParameters{ChannelID: releases, Cursor: wrong})
		wantCode(t, wrong, err, "invalid_cursor")
	}
}

func TestOthersDoNotSpeakAsOurBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *slack.Options) {
		o.Users = append(o.Users, slack.User{ID: "U0ROBOT0001", Name: "robot", RealName: "Robot", Bot: true})
	})
	for _, user := range []string{dana, "U0ROBOT0001"} {
		if _, err := w.Write(slack.Post{Channel: releases, User: user, Text: user, Metadata: map[string]any{"event_type": "signalbox"}}); err != nil {
			t.Fatal(err)
		}
	}
	all := w.read(t, slackgo.GetConversationHistoryParameters{IncludeAllMetadata: true}).Messages
	if len(all) != 2 || all[0].BotID != "B0ROBOT0001" || all[1].BotID != "" || all[0].BotProfile != nil || all[0].Metadata.EventType != "signalbox" {
		t.Errorf("messages %+v", all)
	}
	for _, p := range []slack.Post{{Channel: "C9", User: dana}, {Channel: releases, User: "U9"}, {Channel: private, User: lee}} {
		if _, err := w.Write(p); err == nil {
			t.Errorf("%+v was written", p)
		}
	}
}

func TestReadingNeedsTheScopeOfTheChannel(t *testing.T) {
	t.Parallel()
	const manifest = `oauth_config: {scopes: {bot: ["chat:write", "im:write", "%s"]}}
features: {app_home: {messages_tab_enabled: true}}`
	inside := slack.Channel{ID: "C0INSIDE", Name: "inside", Members: []string{dana, bot}}
	for _, tt := range []struct{ scope, readable string }{
		{"channels:history", releases}, {"groups:history", inside.ID}, {"im:history", "D0DANA00001"}, {"users:read", ""},
	} {
		w := newWorld(t, func(o *slack.Options) {
			o.Manifest = fmt.Sprintf(manifest, tt.scope)
			o.Channels = append(o.Channels, inside)
		})
		if _, _, _, err := w.client.OpenConversationContext(t.Context(), &slackgo.OpenConversationParameters{Users: []string{dana}}); err != nil {
			t.Fatal(err)
		}
		for _, channel := range []string{releases, inside.ID, "D0DANA00001"} {
			_, err := w.client.GetConversationHistoryContext(t.Context(), &slackgo.GetConversationHistoryParameters{ChannelID: channel})
			if channel == tt.readable {
				if err != nil {
					t.Errorf("%s with %s: %v", channel, tt.scope, err)
				}
				continue
			}
			wantCode(t, channel+" with "+tt.scope, err, "missing_scope")
		}
	}
	w := newWorld(t)
	for channel, code := range map[string]string{"C9": "channel_not_found", private: "not_in_channel"} {
		_, err := w.client.GetConversationHistoryContext(t.Context(), &slackgo.GetConversationHistoryParameters{ChannelID: channel})
		wantCode(t, channel, err, code)
	}
	if scopes, known := slack.Scopes("conversations.replies"); !known || len(scopes) != 3 {
		t.Errorf("scopes %v", scopes)
	}
}

func TestChannelsAndTheAppChangeUnderTheAppsFeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	for _, tt := range []struct{ change, back, code string }{
		{`{"archived":true}`, `{"archived":false}`, "is_archived"},
		{`{"deleted":true}`, `{"deleted":false}`, "channel_not_found"},
		{`{"joined":false}`, `{"joined":true}`, "not_in_channel"},
	} {
		var ch slack.Channel
		if code := w.send(t, http.MethodPost, "/local/slack/channels/"+releases, "application/json", tt.change, &ch); code != http.StatusOK || ch.ID != releases {
			t.Fatalf("%s: %d %+v", tt.change, code, ch)
		}
		_, _, err := w.client.PostMessageContext(t.Context(), releases, slackgo.MsgOptionText("x", false))
		wantCode(t, tt.change+" post", err, tt.code)
		_, _, _, err = w.client.UpdateMessageContext(t.Context(), releases, ts, slackgo.MsgOptionText("x", false))
		wantCode(t, tt.change+" update", err, tt.code)
		if listed := len(w.Channels("")); (listed < 3) != (tt.code == "channel_not_found") {
			t.Errorf("%s: %d channels are listed", tt.change, listed)
		}
		w.send(t, http.MethodPost, "/local/slack/channels/"+releases, "application/json", tt.back, &ch)
		w.post(t, slackgo.MsgOptionText("back", false))
	}
	var refusal map[string]string
	if code := w.control(t, http.MethodPost, "/local/slack/channels/C9", map[string]bool{"archived": true}, &refusal); code != http.StatusNotFound || refusal["error"] == "" {
		t.Errorf("an unknown channel: %d %v", code, refusal)
	}
	var app slack.AppChange
	if code := w.control(t, http.MethodPost, "/local/slack/app", map[string]bool{"revoked": true}, &app); code != http.StatusOK || !app.Revoked {
		t.Fatalf("revoke: %d %+v", code, app)
	}
	_, err := w.client.AuthTestContext(t.Context())
	wantCode(t, "revoked", err, "token_revoked")
	w.control(t, http.MethodPost, "/local/slack/app", map[string]bool{"revoked": false}, &app)
	w.post(t, slackgo.MsgOptionText("back", false))
}
