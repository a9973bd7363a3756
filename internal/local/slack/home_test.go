package slack_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"github.com/signalbox/signalbox/internal/local/slack"
)

// verifying makes the app answer the challenge, and everything else as rest
// does.
func (a *app) verifying(rest func(http.ResponseWriter, request)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = func(rw http.ResponseWriter, r request) {
		var e struct{ Type, Challenge string }
		if json.Unmarshal([]byte(r.body), &e); e.Type == slackevents.URLVerification { //nolint:errcheck // forms are not for us
			_, _ = io.WriteString(rw, e.Challenge)
			return
		}
		if rest != nil {
			rest(rw, r)
		}
	}
}

// events are the events that the app got, as client libraries read them.
func (a *app) events(t *testing.T) (all []slackevents.EventsAPIEvent, retries []string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.got {
		if r.path != "/slack/events" {
			continue
		}
		e, err := slackevents.ParseEvent(json.RawMessage(r.body), slackevents.OptionNoVerifyToken())
		if err != nil {
			t.Fatalf("event %s: %v", r.body, err)
		}
		all = append(all, e)
		retries = append(retries, r.header.Get("X-Slack-Retry-Num")+r.header.Get("X-Slack-Retry-Reason"))
	}
	return all, retries
}

func homeTab(blocks ...slackgo.Block) slackgo.HomeTabViewRequest {
	return slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, CallbackID: "home", Blocks: slackgo.Blocks{BlockSet: blocks}}
}

func (w world) publish(t *testing.T, user, hash string, blocks ...slackgo.Block) (*slackgo.ViewResponse, error) {
	t.Helper()
	r := slackgo.PublishViewContextRequest{UserID: user, View: homeTab(blocks...)}
	if hash != "" {
		r.Hash = &hash
	}
	return w.client.PublishViewContext(t.Context(), r)
}

func TestAVisitTellsTheAppWhoOpenedItsHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app.verifying(nil)
	if _, err := w.publish(t, dana, "", slackgo.NewDividerBlock()); err != nil {
		t.Fatal(err)
	}
	var answer slack.Answer
	if status := w.control(t, http.MethodPost, "/local/slack/home", slack.Visit{User: dana}, &answer); status != http.StatusOK || answer.Problem != "" {
		t.Fatalf("status %d, answer %+v", status, answer)
	}
	got := w.app.last(t)
	verifier, err := slackgo.NewSecretsVerifier(got.header, secret)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(&verifier, got.body)
	if err := verifier.Ensure(); err != nil || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("signature %v, type %s", err, got.header.Get("Content-Type"))
	}
	all, _ := w.app.events(t)
	if len(all) != 2 || all[0].Type != slackevents.URLVerification {
		t.Fatalf("events %+v, want the challenge and one", all)
	}
	e, ok := all[1].InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
	if !ok || e.User != dana || e.Tab != "home" || !strings.HasPrefix(e.Channel, "D") || e.View == nil || all[1].TeamID != "T0SIGNALBOX" || all[1].APIAppID != "A0SIGNALBOX" {
		t.Errorf("event %+v of %+v", e, all[1])
	}
}

func TestAnEventComesAgainUnlessTheAppTakesIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer  func(world, http.ResponseWriter, request)
		retries []string // of all but the challenge
		problem string
	}{
		"taken":   {nil, []string{""}, ""},
		"refused": {status(http.StatusInternalServerError), []string{"", "1http_error"}, "Slack delivers the event again: the app answered 500, and only 200 counts."},
		"unwanted": {
			func(_ world, rw http.ResponseWriter, _ request) {
				rw.Header().Set("X-Slack-No-Retry", "1")
				rw.WriteHeader(http.StatusForbidden)
			},
			[]string{""}, "Slack delivers the event again: the app answered 403, and only 200 counts.",
		},
		"slow, then fast": {
			func(w world, _ http.ResponseWriter, r request) {
				if r.header.Get("X-Slack-Retry-Num") == "" {
					w.clock.advance(4 * time.Second)
				}
			},
			[]string{"", "1http_timeout"}, "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.app.verifying(func(rw http.ResponseWriter, r request) {
				if tt.answer != nil {
					tt.answer(w, rw, r)
				}
			})
			a, err := w.Visit(t.Context(), slack.Visit{User: dana})
			_, retries := w.app.events(t)
			if diff := cmp.Diff(tt.retries, retries[1:]); diff != "" || err != nil || a.Problem != tt.problem {
				t.Errorf("problem %q, %v, retries (-want +got):\n%s", a.Problem, err, diff)
			}
		})
	}
}

func status(code int) func(world, http.ResponseWriter, request) {
	return func(_ world, rw http.ResponseWriter, _ request) { rw.WriteHeader(code) }
}

func TestWithoutAnAnswerToTheChallengeThereAreNoEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, err := w.Visit(t.Context(), slack.Visit{User: dana})
	if err != nil || a.Problem != "Slack delivers no events: the app did not answer the challenge." {
		t.Errorf("answer %+v, %v", a, err)
	}
	for _, form := range []func(string) string{
		func(c string) string { return c },
		func(c string) string { return "challenge=" + c },
		func(c string) string { return `{"challenge":"` + c + `"}` },
	} {
		w := newWorld(t)
		w.app.answer = func(rw http.ResponseWriter, r request) {
			var e struct{ Challenge string }
			_ = json.Unmarshal([]byte(r.body), &e)
			_, _ = io.WriteString(rw, form(e.Challenge))
		}
		var a slack.Answer
		if w.control(t, http.MethodPost, "/local/slack/events/verify", nil, &a); a.Problem != "" || a.Status != http.StatusOK {
			t.Errorf("%s: %+v", form("…"), a)
		}
	}
}

func TestAVisitCanBeToldTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app.verifying(nil)
	if _, err := w.Visit(t.Context(), slack.Visit{User: dana, Tab: "messages", Times: 2}); err != nil {
		t.Fatal(err)
	}
	all, _ := w.app.events(t)
	first, ok1 := all[1].Data.(*slackevents.EventsAPICallbackEvent)
	second, ok2 := all[2].Data.(*slackevents.EventsAPICallbackEvent)
	if len(all) != 3 || !ok1 || !ok2 || first.EventID != second.EventID {
		t.Errorf("events %+v, want the same one twice", all)
	}
}

func TestVisitsThatSlackWouldNotShowAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, v := range map[string]slack.Visit{
		"nobody": {User: "U9"}, "deactivated": {User: gone}, "an outsider": {User: outsider}, "a bot": {User: bot},
		"no such tab": {User: dana, Tab: "about"}, "too often": {User: dana, Times: 11},
	} {
		var answer struct{ Error string }
		if code := w.control(t, http.MethodPost, "/local/slack/home", v, &answer); code < 400 || answer.Error == "" {
			t.Errorf("%s: %d %q, want a refusal", what, code, answer.Error)
		}
	}
	if len(w.app.got) != 0 {
		t.Errorf("the app got %d requests, want none", len(w.app.got))
	}
}
