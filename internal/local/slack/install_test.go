package slack_test

import (
	"net/http"
	"testing"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func installed(manifest string) func(*slack.Options) {
	return func(o *slack.Options) { o.Manifest = manifest }
}

const poor = `oauth_config: {scopes: {bot: ["chat:write", "im:write"]}}`

func TestAMethodNeedsItsScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withGroups, installed(poor))
	w.post(t, slackgo.MsgOptionText("x", false))
	_, err := w.client.GetUserGroupMembersContext(t.Context(), "S0QA0000001")
	wantCode(t, "usergroups.users.list", err, "missing_scope")
	refused, ok := err.(slackgo.SlackErrorResponse) //nolint:errorlint // the library returns it bare
	if !ok || refused.Needed != "usergroups:read" || refused.Provided != "chat:write,im:write" {
		t.Errorf("needed %q, provided %q", refused.Needed, refused.Provided)
	}
	_, err = w.Command(t.Context(), release(dana))
	wantRefusal(t, "a command", err, http.StatusConflict, "Slack does not know the command /release: the app lacks the scope commands.")
}

func TestAnAppGetsWhatItsManifestNames(t *testing.T) {
	t.Parallel()
	rich := newWorld(t, installed(`
features:
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  slash_commands: [{command: /release}]
oauth_config: {scopes: {bot: [commands]}}
settings: {event_subscriptions: {bot_events: [app_home_opened]}}`))
	rich.app.verifying(nil)
	if a, err := rich.Visit(t.Context(), slack.Visit{User: dana}); err != nil || a.Problem != "" {
		t.Errorf("visit: %+v, %v", a, err)
	}
	if _, err := rich.Command(t.Context(), release(dana)); err != nil {
		t.Errorf("command: %v", err)
	}
	other := release(dana)
	other.Command = "/other"
	_, err := rich.Command(t.Context(), other)
	wantRefusal(t, "another command", err, http.StatusConflict, "Slack does not know the command /other: the app has no such command.")
	if _, err := rich.publish(t, dana, "", slackgo.NewDividerBlock()); err != nil {
		t.Errorf("publish: %v", err)
	}
}

func TestAnAppGetsNothingThatItsManifestLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, installed(poor))
	_, err := w.publish(t, dana, "", slackgo.NewDividerBlock())
	wantCode(t, "a home without a tab", err, "not_enabled")
	c, _, _, err := w.client.OpenConversationContext(t.Context(), &slackgo.OpenConversationParameters{Users: []string{dana}})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = w.client.PostMessageContext(t.Context(), c.ID, slackgo.MsgOptionText("x", false))
	wantCode(t, "a message without a tab", err, "messages_tab_disabled")
	_, err = w.Visit(t.Context(), slack.Visit{User: dana})
	wantRefusal(t, "a visit without a tab", err, http.StatusBadRequest, `The app has no tab "home".`)

	deaf := newWorld(t, installed("features: {app_home: {home_tab_enabled: true}}"))
	a, err := deaf.Visit(t.Context(), slack.Visit{User: dana})
	if err != nil || a.Problem != "Slack tells the app nothing: it is not subscribed to app_home_opened." || len(deaf.app.got) != 0 {
		t.Errorf("a visit unheard: %+v, %v", a, err)
	}
	if _, err := slack.New(slack.Options{
		Token: "t", SigningSecret: "s", URL: "http://x", Team: slack.Team{ID: "T"},
		App: slack.App{ID: "A", BotUser: "U", BotID: "B"}, Manifest: "{",
	}); err == nil {
		t.Error("a broken manifest was installed")
	}
}
