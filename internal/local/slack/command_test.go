package slack_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func release(user string) slack.Command {
	return slack.Command{User: user, Channel: releases, Command: "/release", Text: "status web-shop"}
}

func TestACommandIsASignedForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var answer slack.Answer
	if status := w.control(t, http.MethodPost, "/local/slack/commands", release(dana), &answer); status != http.StatusOK || answer.Status != http.StatusOK {
		t.Fatalf("status %d, answer %+v", status, answer)
	}
	got := w.app.last(t)
	verifier, err := slackgo.NewSecretsVerifier(got.header, secret)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(&verifier, got.body)
	if err := verifier.Ensure(); err != nil || got.path != "/slack/commands" {
		t.Errorf("signature: %v, path %s", err, got.path)
	}
	form := got.form
	if form.Get("trigger_id") == "" || form.Get("response_url") == "" {
		t.Errorf("trigger_id %q, response_url %q", form.Get("trigger_id"), form.Get("response_url"))
	}
	form.Del("trigger_id")
	form.Del("response_url")
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	want := map[string]string{
		"api_app_id": "A0SIGNALBOX", "team_id": "T0SIGNALBOX", "team_domain": "signalbox", "channel_id": releases, "channel_name": "releases",
		"user_id": dana, "user_name": "dana", "command": "/release", "text": "status web-shop", "is_enterprise_install": "false",
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
}

func TestTheAnswerToACommandIsShown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body string
		text, to, problem string
		shown             int
	}{
		"nothing":      {"text/plain", "", "", "", "", 0},
		"text":         {"text/plain", "all green", "all green", dana, "", 1},
		"JSON":         {"application/json", `{"text":"all green"}`, "all green", dana, "", 1},
		"in channel":   {"application/json", `{"response_type":"in_channel","text":"all green"}`, "all green", "", "", 1},
		"broken JSON":  {"application/json", `{`, "", "", "Slack shows an error: it refuses the app's answer (invalid_payload).", 0},
		"broken block": {"application/json", `{"blocks":[{"type":"x"}]}`, "", "", "Slack shows an error: it refuses the app's answer (invalid_blocks).", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.app.answer = func(rw http.ResponseWriter, _ request) {
				rw.Header().Set("Content-Type", tt.contentType)
				_, _ = io.WriteString(rw, tt.body)
			}
			a, err := w.Command(t.Context(), release(dana))
			if err != nil || a.Problem != tt.problem {
				t.Errorf("problem %q, %v; want %q", a.Problem, err, tt.problem)
			}
			got := w.Messages(releases)
			if len(got) != tt.shown {
				t.Fatalf("%d messages, want %d", len(got), tt.shown)
			}
			if tt.shown > 0 && (got[0].Text != tt.text || got[0].EphemeralTo != tt.to) {
				t.Errorf("message %+v, want %q to %q", got[0], tt.text, tt.to)
			}
		})
	}
}

func TestWhatIsNoCommandIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, word := range []string{"", "/", "release", "/two words"} {
		c := release(dana)
		c.Command = word
		var answer struct{ Error string }
		if status := w.control(t, http.MethodPost, "/local/slack/commands", c, &answer); status != http.StatusBadRequest || answer.Error == "" {
			t.Errorf("command %q: %d %q, want 400 with a sentence", word, status, answer.Error)
		}
	}
	if len(w.app.got) != 0 {
		t.Errorf("the app got %d requests, want none", len(w.app.got))
	}
}

// respond sends a message to the response_url of the last click.
func (w world) respond(t *testing.T, url string, options ...slackgo.MsgOption) error {
	t.Helper()
	_, _, err := w.client.PostMessageContext(t.Context(), releases, append(options, slackgo.MsgOptionResponseURL(url, slackgo.ResponseTypeEphemeral))...)
	return err
}

func (w world) responseURL(t *testing.T) string {
	t.Helper()
	if _, err := w.click(t, dana, w.postCard(t), "approval_approve"); err != nil {
		t.Fatal(err)
	}
	return w.app.payload(t).ResponseURL
}

func TestAResponseURLSpeaksToWhoeverClicked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	url := w.responseURL(t)
	text := slackgo.MsgOptionText("not you", false)
	if err := w.respond(t, url, text); err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(releases)[1]; got.Text != "not you" || got.EphemeralTo != dana {
		t.Errorf("message %+v, want it for Dana alone", got)
	}
	if err := w.respond(t, url, text, slackgo.MsgOptionReplaceOriginal(url)); err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(releases)[0]; got.Text != "not you" || got.Edits != 1 || len(got.Blocks) != 0 {
		t.Errorf("original %+v, want it replaced", got)
	}
	if err := w.respond(t, url, slackgo.MsgOptionDeleteOriginal(url)); err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(releases); len(got) != 1 {
		t.Errorf("%d messages, want the original gone", len(got))
	}
}

func TestAResponseURLWorksFiveTimesInHalfAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := func(url string) (int, string) {
		resp, err := http.Post(url, "application/json", nil) //nolint:noctx,gosec // a test's own server
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	often, late := w.responseURL(t), w.responseURL(t)
	if status, body := post(often); status != http.StatusBadRequest || body != "invalid_payload\n" {
		t.Errorf("no JSON: %d %q, want 400", status, body)
	}
	for range 5 {
		if err := w.respond(t, often, slackgo.MsgOptionText("x", false)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.respond(t, often, slackgo.MsgOptionText("x", false)); err == nil {
		t.Error("the sixth use succeeded")
	}
	w.clock.advance(30*time.Minute + time.Second)
	if err := w.respond(t, late, slackgo.MsgOptionText("x", false)); err == nil {
		t.Error("a use after half an hour succeeded")
	}
	if err := w.respond(t, w.url+"/response/R1/guess", slackgo.MsgOptionText("x", false)); err == nil {
		t.Error("a made-up address succeeded")
	}
	if err := w.Fail("response_url", slack.ServerError, 1); err != nil {
		t.Fatal(err)
	}
	fresh := w.responseURL(t)
	if err := w.respond(t, fresh, slackgo.MsgOptionText("x", false)); err == nil {
		t.Error("the ordered fault did not strike")
	}
}
