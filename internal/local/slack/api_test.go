package slack_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

// wantCode fails unless err is Slack's error with that code.
func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if err == nil || err.Error() != code {
		t.Errorf("%s: error %v, want %s", what, err, code)
	}
}

func TestOnlyTheAppsTokenIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for token, code := range map[string]string{"xoxb-other": "invalid_auth", "": "not_authed"} {
		client := slackgo.New(token, slackgo.OptionAPIURL(w.url+"/api/"))
		_, err := client.AuthTestContext(t.Context())
		wantCode(t, "auth.test with token "+token, err, code)
		_, err = client.OpenViewContext(t.Context(), "x", rejectModal()) // token as a header
		wantCode(t, "views.open with token "+token, err, code)
	}
	who, err := w.client.AuthTestContext(t.Context())
	if err != nil || who.TeamID != "T0SIGNALBOX" || who.UserID != bot || who.BotID != "B0SIGNALBOX" {
		t.Errorf("auth.test = %+v, %v", who, err)
	}
}

func TestCallsThatSlackCannotReadAreRefusedWithItsCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const (
		form = "application/x-www-form-urlencoded"
		auth = "token=" + token
	)
	tests := map[string]struct{ method, contentType, body, code string }{
		"unknown method":        {"chat.shout", form, auth, "unknown_method"},
		"no method of ours":     {"usergroups.create", form, auth, "unknown_method"},
		"text":                  {"chat.postMessage", "text/html", auth, "invalid_post_type"},
		"no type":               {"chat.postMessage", "", auth, "missing_post_type"},
		"charset":               {"chat.postMessage", form + "; charset=utf-16", auth, "invalid_charset"},
		"broken form":           {"chat.postMessage", form, "%zz", "invalid_form_data"},
		"argument twice":        {"chat.postMessage", form, auth + "&channel=a&channel=b", "invalid_array_arg"},
		"broken JSON":           {"chat.postMessage", "application/json", "{", "invalid_json"},
		"JSON list":             {"chat.postMessage", "application/json", "[]", "json_not_object"},
		"JSON to a reader":      {"users.info", "application/json", `{"token":"` + token + `","user":"x"}`, "invalid_post_type"},
		"missing argument":      {"chat.postMessage", form, auth, "invalid_arguments"},
		"unknown argument":      {"chat.postMessage", form, auth + "&channel=" + releases + "&text=x&colour=red", "invalid_arguments"},
		"unknown channel":       {"chat.postMessage", form, auth + "&channel=C9&text=x", "channel_not_found"},
		"foreign channel":       {"chat.postMessage", form, auth + "&channel=" + private + "&text=x", "not_in_channel"},
		"archived channel":      {"chat.postMessage", form, auth + "&channel=C0OLD&text=x", "is_archived"},
		"no text":               {"chat.postMessage", form, auth + "&channel=" + releases, "no_text"},
		"blocks are no list":    {"chat.postMessage", form, auth + "&channel=" + releases + "&blocks={}", "invalid_blocks_format"},
		"metadata is no object": {"chat.postMessage", form, auth + "&text=x&channel=" + releases + "&metadata=3", "invalid_metadata_format"},
		"metadata without type": {"chat.postMessage", form, auth + `&text=x&channel=` + releases + `&metadata={"a":1}`, "invalid_metadata_schema"},
		"too large":             {"chat.postMessage", form, strings.Repeat("x", 2<<20), "request_too_large"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got struct {
				OK    bool
				Error string
			}
			if status := w.send(t, http.MethodPost, "/api/"+tt.method, tt.contentType, tt.body, &got); status != http.StatusOK {
				t.Errorf("status %d, want 200", status)
			}
			if got.OK || got.Error != tt.code {
				t.Errorf("answer %+v, want %s", got, tt.code)
			}
		})
	}
}

func TestJSONBodiesAreReadLikeForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var got struct{ OK bool }
	body := `{"token":"` + token + `","channel":"` + releases + `","text":"x","unfurl_links":false,"thread_ts":null,"blocks":[{"type":"divider"}]}`
	w.send(t, http.MethodPost, "/api/chat.postMessage", "application/json; charset=utf-8", body, &got)
	if messages := w.Messages(releases); !got.OK || len(messages) != 1 || len(messages[0].Blocks) != 1 {
		t.Errorf("ok %v, messages %+v; want one with one block", got.OK, messages)
	}
}

func TestBrokenBlocksAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := slackgo.NewTextBlockObject("plain_text", strings.Repeat("日", 76), false, false)
	_, _, err := w.client.PostMessageContext(t.Context(), releases, slackgo.MsgOptionBlocks(
		slackgo.NewActionBlock("a", slackgo.NewButtonBlockElement("go", "1", long)),
	))
	wantCode(t, "post", err, "invalid_blocks")
	refused, ok := err.(slackgo.SlackErrorResponse) //nolint:errorlint // the library returns it bare
	want := []string{"[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"}
	if !ok || cmp.Diff(want, refused.ResponseMetadata.Messages) != "" {
		t.Errorf("messages %v, want %v", refused.ResponseMetadata.Messages, want)
	}
	if m := w.Messages(releases); len(m) != 0 {
		t.Errorf("%d messages were posted, want none", len(m))
	}
}

func TestBlocksOverTheBudgetAreTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var blocks []slackgo.Block
	for range 4 {
		blocks = append(blocks, slackgo.NewSectionBlock(slackgo.NewTextBlockObject("mrkdwn", strings.Repeat("x", 3000), false, false), nil, nil))
	}
	_, _, err := w.client.PostMessageContext(t.Context(), releases, slackgo.MsgOptionBlocks(blocks...))
	wantCode(t, "post", err, "msg_blocks_too_long")
	w.post(t, slackgo.MsgOptionBlocks(blocks[:3]...))
}

func TestUsersAreFoundAsInSlack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := map[string]struct {
		want func(*slackgo.User) bool
		does string
	}{
		dana: {func(u *slackgo.User) bool {
			return !u.Deleted && !u.IsBot && !u.IsRestricted && u.TZ == "Europe/London"
		}, "an ordinary member"},
		gone:     {func(u *slackgo.User) bool { return u.Deleted }, "deactivated"},
		guest:    {func(u *slackgo.User) bool { return u.IsRestricted && u.IsUltraRestricted }, "a guest"},
		outsider: {func(u *slackgo.User) bool { return u.TeamID == "T0OTHER" && u.IsStranger }, "of another workspace"},
		bot:      {func(u *slackgo.User) bool { return u.IsBot }, "a bot"},
	}
	for id, tt := range tests {
		u, err := w.client.GetUserInfoContext(t.Context(), id)
		if err != nil || !tt.want(u) {
			t.Errorf("users.info %s = %+v, %v; want %s", id, u, err, tt.does)
		}
	}
	_, err := w.client.GetUserInfoContext(t.Context(), "U9")
	wantCode(t, "users.info", err, "user_not_found")

	u, err := w.client.GetUserByEmailContext(t.Context(), "lee@example.com")
	if err != nil || u.ID != lee || u.Profile.Email != "lee@example.com" {
		t.Errorf("users.lookupByEmail = %+v, %v; want Lee", u, err)
	}
	for _, email := range []string{"gone@example.com", "out@example.com", "nobody@example.com"} {
		_, err := w.client.GetUserByEmailContext(t.Context(), email)
		wantCode(t, email, err, "users_not_found")
	}
}

func TestChannelsTellWhetherTheBotIsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, member := range map[string]bool{releases: true, private: false} {
		ch, err := w.client.GetConversationInfoContext(t.Context(), &slackgo.GetConversationInfoInput{ChannelID: id})
		if err != nil || ch.ID != id || ch.IsMember != member {
			t.Errorf("conversations.info %s = %+v, %v; want member %v", id, ch, err, member)
		}
	}
	_, err := w.client.GetConversationInfoContext(t.Context(), &slackgo.GetConversationInfoInput{ChannelID: "C9"})
	wantCode(t, "conversations.info", err, "channel_not_found")
}

func TestAWorkspaceSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	_, err := slack.New(slack.Options{Token: "t", Team: slack.Team{ID: "T"}})
	want := "local Slack needs SigningSecret\nlocal Slack needs App.ID\nlocal Slack needs App.BotUser\n" +
		"local Slack needs App.BotID\nlocal Slack needs URL, the address it is served at"
	if err == nil || err.Error() != want {
		t.Errorf("New = %v, want %s", err, want)
	}
}
