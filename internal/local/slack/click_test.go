package slack_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func (w world) click(t *testing.T, user, ts, action string) (slack.Answer, error) {
	t.Helper()
	return w.Click(t.Context(), slack.Click{User: user, Channel: releases, TS: ts, ActionID: action})
}

func wantRefusal(t *testing.T, what string, err error, status int, sentence string) {
	t.Helper()
	var refusal slack.Refusal
	if !errors.As(err, &refusal) || refusal.Status != status || refusal.Sentence != sentence {
		t.Errorf("%s: %v, want %d: %s", what, err, status, sentence)
	}
}

func TestAClickIsASignedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	answer, err := w.click(t, dana, ts, "approval_approve")
	if err != nil || answer.Status != http.StatusOK || answer.Problem != "" {
		t.Fatalf("answer %+v, %v", answer, err)
	}
	got := w.app.last(t)
	verifier, err := slackgo.NewSecretsVerifier(got.header, secret)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(&verifier, got.body)
	if err := verifier.Ensure(); err != nil {
		t.Errorf("signature: %v", err)
	}
	if got.path != "/slack/interactions" || len(got.form) != 1 || got.header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		t.Errorf("path %s, fields %d, type %s", got.path, len(got.form), got.header.Get("Content-Type"))
	}
}

func TestAClickTellsTheAppEverythingAboutIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	if _, err := w.click(t, outsider, ts, "approval_reject"); err != nil {
		t.Fatal(err)
	}
	p := w.app.payload(t)
	action := p.ActionCallback.BlockActions[0]
	got := map[string]string{
		"type": string(p.Type), "app": p.APIAppID, "team": p.Team.ID, "user": p.User.ID, "user's team": p.User.TeamID,
		"channel": p.Channel.ID, "container": p.Container.Type, "container's message": p.Container.MessageTs,
		"message": p.Message.Timestamp, "text": p.Message.Text, "sender": p.Message.User,
		"action": action.ActionID, "block": action.BlockID, "value": action.Value, "label": action.Text.Text, "element": string(action.Type),
	}
	want := map[string]string{
		"type": "block_actions", "app": "A0SIGNALBOX", "team": "T0SIGNALBOX", "user": outsider, "user's team": "T0OTHER",
		"channel": releases, "container": "message", "container's message": ts,
		"message": ts, "text": "web-shop waits", "sender": bot,
		"action": "approval_reject", "block": "approval:r1", "value": "r1", "label": "Reject", "element": "button",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("payload (-want +got):\n%s", diff)
	}
	if p.TriggerID == "" || !strings.HasPrefix(p.ResponseURL, w.url+"/response/") || action.ActionTs <= ts || len(p.Message.Blocks.BlockSet) != 2 {
		t.Errorf("trigger %q, response_url %q, action_ts %q, %d blocks", p.TriggerID, p.ResponseURL, action.ActionTs, len(p.Message.Blocks.BlockSet))
	}
}

func TestEveryClickIsAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	seen := map[string]bool{}
	for range 3 {
		if _, err := w.click(t, dana, ts, "approval_approve"); err != nil {
			t.Fatal(err)
		}
		p := w.app.payload(t)
		seen[p.TriggerID], seen[p.ResponseURL], seen[p.ActionCallback.BlockActions[0].ActionTs] = true, true, true
	}
	if len(seen) != 9 {
		t.Errorf("%d different triggers, URLs and times, want 9", len(seen))
	}
}

func TestAButtonWithALinkAlsoTellsTheApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.click(t, dana, w.postCard(t), "approval_view"); err != nil {
		t.Fatal(err)
	}
	if got := w.app.payload(t).ActionCallback.BlockActions[0].ActionID; got != "approval_view" {
		t.Errorf("action %q, want approval_view", got)
	}
}

func TestOnlyWhatIsShownCanBeClicked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	edited := w.postCard(t)
	if _, _, _, err := w.client.UpdateMessageContext(t.Context(), releases, edited, slackgo.MsgOptionText("approved", false)); err != nil {
		t.Fatal(err)
	}
	whisper, err := w.client.PostEphemeralContext(t.Context(), releases, lee, slackgo.MsgOptionText("x", false), slackgo.MsgOptionBlocks(card()...))
	if err != nil {
		t.Fatal(err)
	}
	label := slackgo.NewTextBlockObject("plain_text", "Go", false, false)
	twins := w.post(t, slackgo.MsgOptionBlocks(
		slackgo.NewActionBlock("one", slackgo.NewButtonBlockElement("go", "1", label)),
		slackgo.NewActionBlock("two", slackgo.NewButtonBlockElement("go", "2", label)),
		slackgo.NewActionBlock("three", slackgo.NewDatePickerBlockElement("when")),
	))

	_, err = w.click(t, dana, edited, "approval_approve")
	wantRefusal(t, "button gone", err, http.StatusConflict, `Slack would not show that: there is no button or menu "approval_approve" (any more).`)
	_, err = w.click(t, dana, whisper, "approval_approve")
	wantRefusal(t, "somebody else's", err, http.StatusConflict, "Slack would not show that: Dana Whitfield sees no message "+whisper+" in #releases.")
	_, err = w.click(t, dana, twins, "go")
	wantRefusal(t, "two of them", err, http.StatusConflict, `There are 2 elements "go": say which block_id.`)
	_, err = w.click(t, dana, twins, "when")
	wantRefusal(t, "nothing chosen", err, http.StatusBadRequest, `"when" is of type datepicker: say what is chosen, as value.`)
	_, err = w.click(t, "U9", twins, "go")
	wantRefusal(t, "nobody", err, http.StatusNotFound, `There is no Slack user "U9".`)
	_, err = w.Click(t.Context(), slack.Click{User: dana, Channel: "C9", TS: twins, ActionID: "go"})
	wantRefusal(t, "nowhere", err, http.StatusNotFound, `There is no Slack channel "C9".`)
	_, err = w.Click(t.Context(), slack.Click{User: lee, Channel: private, TS: twins, ActionID: "go"})
	wantRefusal(t, "outside", err, http.StatusConflict, "Slack would not show that: Lee Okafor is not in #private.")

	if _, err := w.Click(t.Context(), slack.Click{User: dana, Channel: releases, TS: twins, ActionID: "go", BlockID: "two"}); err != nil {
		t.Fatal(err)
	}
	if got := w.app.payload(t).ActionCallback.BlockActions[0].Value; got != "2" {
		t.Errorf("value %q, want 2", got)
	}
	if _, err := w.click(t, lee, whisper, "approval_approve"); err != nil {
		t.Fatal(err)
	}
	if p := w.app.payload(t); !p.Container.IsEphemeral || p.Message.Timestamp != "" {
		t.Errorf("ephemeral %v, message %q; want an ephemeral container and no message", p.Container.IsEphemeral, p.Message.Timestamp)
	}
}

func TestSlackComplainsAboutLateAndWrongAcknowledgements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	w.app.answer = func(http.ResponseWriter, request) { w.clock.advance(4 * time.Second) }
	late, err := w.click(t, dana, ts, "approval_approve")
	if err != nil || late.LatencyMS != 4000 || late.Problem != "Slack shows an error: the app took 4000 ms, and Slack waits 3000." {
		t.Errorf("late answer %+v, %v", late, err)
	}
	w.app.answer = func(rw http.ResponseWriter, _ request) { http.Error(rw, "no", http.StatusInternalServerError) }
	var answer map[string]any
	status := w.control(t, http.MethodPost, "/local/slack/actions", slack.Click{User: dana, Channel: releases, TS: ts, ActionID: "approval_approve"}, &answer)
	want := map[string]any{
		"status": 500.0, "latency_ms": 0.0, "body": "no\n", "problem": "Slack shows an error: the app answered 500, and only 200 counts.",
	}
	if diff := cmp.Diff(want, answer); status != http.StatusOK || diff != "" {
		t.Errorf("status %d, answer (-want +got):\n%s", status, diff)
	}
}

func TestAnAppThatCannotBeReachedIsSaidSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	click := slack.Click{User: dana, Channel: releases, TS: ts, ActionID: "approval_approve"}
	for base, want := range map[string]int{"": http.StatusServiceUnavailable, "http://127.0.0.1:1": http.StatusBadGateway} {
		w.SetRequestURL(base)
		var answer struct{ Error string }
		if status := w.control(t, http.MethodPost, "/local/slack/actions", click, &answer); status != want || answer.Error == "" {
			t.Errorf("app at %q: %d %q, want %d with a sentence", base, status, answer.Error, want)
		}
	}
	var answer struct{ Error string }
	if status := w.send(t, http.MethodPost, "/local/slack/actions", "application/json", "[", &answer); status != http.StatusBadRequest || answer.Error == "" {
		t.Errorf("broken request: %d %q, want 400 with a sentence", status, answer.Error)
	}
}

func TestChannelsAndUsersAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var channels, users []json.RawMessage
	w.control(t, http.MethodGet, "/local/slack/channels", nil, &channels)
	w.control(t, http.MethodGet, "/local/slack/users", nil, &users)
	if len(channels) != 3 || string(channels[0]) != `{"id":"C0RELEASES","name":"releases","messages":0}` {
		t.Errorf("channels = %s", channels)
	}
	if len(users) != 6 || !strings.Contains(string(users[0]), `"real_name":"Dana Whitfield"`) {
		t.Errorf("users = %s", users)
	}
}
