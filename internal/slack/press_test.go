package slack_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	workspace "github.com/signalbox/signalbox/internal/local/slack"
	operations "github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/slack"
)

const (
	pressedValue = "111122223333|eu-west-1|payments|3f1c2b4a-0d15-4c1e-9b52-8f0f2a5cbe11"
	pressedReply = "https://hooks.slack.com/actions/secret-path"
)

// pressed is a click on the button for c.
func pressed(c release.Command) string {
	return strings.NewReplacer(
		"approval_approve", slack.OperateAction(c), `"value":"abcdefghijklmnopqrstuvwx23"`, `"value":"`+pressedValue+`"`,
	).Replace(approveClick)
}

// works is a queue of operations, which drops what comes again.
type works struct {
	mu  sync.Mutex
	all []operations.Operation
	err error
}

func (w *works) Submit(_ context.Context, op operations.Operation) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, had := range w.all {
		if had.ID == op.ID {
			return w.err
		}
	}
	if w.err == nil {
		w.all = append(w.all, op)
	}
	return w.err
}

func TestPressesBecomeWhatTheyAre(t *testing.T) {
	t.Parallel()
	if got := slack.OperateValue(executionID); got != pressedValue {
		t.Errorf("OperateValue = %q", got)
	}
	for _, c := range release.Commands {
		got, err := slack.ParseInteraction([]byte(form(pressed(c))))
		if err != nil {
			t.Fatal(err)
		}
		want := slack.Press{
			Origin:  slack.Origin{App: "A0SIGNALBOX", Team: "T0SIGNALBOX", User: "U0DANA00001", UserTeam: "T0SIGNALBOX"},
			Command: c, Of: executionID, TS: "1773136710.123456", Reply: pressedReply,
		}
		if diff := cmp.Diff(slack.Interaction(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c, diff)
		}
	}
	for _, action := range []string{slack.ActionOpenRelease, slack.OperateAction("explode"), slack.OperateAction("")} {
		got, err := slack.ParseInteraction([]byte(form(strings.Replace(approveClick, "approval_approve", action, 1))))
		if _, unknown := got.(slack.Unknown); err != nil || !unknown {
			t.Errorf("%s: %#v, %v", action, got, err)
		}
	}
}

func TestMalformedPressesAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"no value":                {pressedValue, ""},
		"no execution":            {"|3f1c2b4a-0d15-4c1e-9b52-8f0f2a5cbe11", "|"},
		"no account":              {"111122223333|", "|"},
		"one part less":           {"111122223333|", ""},
		"one part more":           {pressedValue, pressedValue + "|x"},
		"a request's id":          {pressedValue, "abcdefghijklmnopqrstuvwx23"},
		"a value that is a list":  {`"` + pressedValue + `"`, `["` + pressedValue + `"]`},
		"no button":               {`"type":"button"`, `"type":"overflow"`},
		"no time":                 {"1773136710.123456", ""},
		"a time that is none":     {"1773136710.123456", "1773136710:123456"},
		"no way to answer":        {`"response_url":"` + pressedReply + `",`, ""},
		"an empty way to answer":  {pressedReply, ""},
		"an endless way":          {pressedReply, pressedReply + strings.Repeat("x", 10_000)},
		"two clicks at once":      {`"actions":[`, `"actions":[{"type":"button","action_id":"release_stop","action_ts":"1.000001"},`},
		"nobody":                  {`"id":"U0DANA00001"`, `"id":""`},
		"somebody who is no name": {"U0DANA00001", "U0DANA|00001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := pressed(release.Stop)
			if !strings.Contains(raw, change[0]) {
				t.Fatalf("nothing to replace: %s", change[0])
			}
			got, err := slack.ParseInteraction([]byte(form(strings.Replace(raw, change[0], change[1], 1))))
			if !errors.Is(err, slack.ErrMalformed) || got != nil {
				t.Errorf("%#v, %v", got, err)
			}
			if err != nil && strings.Contains(err.Error(), "secret-path") {
				t.Errorf("the error holds the way to answer: %v", err)
			}
		})
	}
}

func TestPressIsOnTheQueueBeforeItIsAcknowledged(t *testing.T) {
	t.Parallel()
	f, w := newFront(), &works{}
	f.door.Operations = w
	for range 3 { // Slack, or an attacker, sends it again
		if got := f.door.Serve(t.Context(), request(interactions, form(pressed(release.RollBack)))); got.Status != http.StatusOK || got.Body != "" {
			t.Errorf("answer = %+v, want 200 and an empty body", got)
		}
	}
	want := []operations.Operation{{
		ID:      "slack:3f1c2b4a-0d15-4c1e-9b52-8f0f2a5cbe11:" + string(release.RollBack) + ":U0DANA00001:1773136710.123456",
		Command: release.RollBack, Of: executionID, SlackUser: "U0DANA00001", Reply: pressedReply, At: now,
	}}
	if diff := cmp.Diff(want, w.all); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if len(f.votes.ballots) != 0 {
		t.Errorf("ballots %v", f.votes.ballots)
	}
}

// Whoever clicks again, on another button or as somebody else asks again.
func TestEveryPressIsAnOperation(t *testing.T) {
	t.Parallel()
	f, w := newFront(), &works{}
	f.door.Operations = w
	once := pressed(release.Stop)
	for _, raw := range []string{
		once, strings.Replace(once, "1773136710.123456", "1773136711.000001", 1), pressed(release.RetryStage), strings.Replace(once, "U0DANA00001", "U0LEE000002", 1),
		strings.Replace(once, "|3f1c2b4a-", "|4f1c2b4a-", 1),
	} {
		if got := f.door.Serve(t.Context(), request(interactions, form(raw))); got.Status != http.StatusOK {
			t.Errorf("answer = %+v", got)
		}
	}
	if len(w.all) != 5 {
		t.Errorf("%d operations, want 5: %+v", len(w.all), w.all)
	}
}

func TestUnsavedPressIsAnErrorForSlackToShow(t *testing.T) {
	t.Parallel()
	f, w := newFront(), &works{err: errDown}
	f.door.Operations = w
	if got := f.door.Serve(t.Context(), request(interactions, form(pressed(release.Stop)))); got.Status != http.StatusInternalServerError || strings.Contains(got.Body, "secret-path") {
		t.Errorf("answer = %+v, want 500", got)
	}
}

func TestStrangersPressNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"another app":                  {"A0SIGNALBOX", "A0STRANGER1"},
		"another workspace":            {`"team":{"id":"T0SIGNALBOX"`, `"team":{"id":"T0OTHER0001"`},
		"a member of another one":      {`"team_id":"T0SIGNALBOX"`, `"team_id":"T0OTHER0001"`},
		"a value that is none of ours": {pressedValue, "payments"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, w := newFront(), &works{}
			f.door.Operations = w
			raw := pressed(release.Stop)
			if !strings.Contains(raw, change[0]) {
				t.Fatalf("nothing to replace: %s", change[0])
			}
			got := f.door.Serve(t.Context(), request(interactions, form(strings.Replace(raw, change[0], change[1], 1))))
			if got.Status < 400 || got.Status >= 500 || len(w.all) != 0 {
				t.Errorf("answer = %+v, operations %v", got, w.all)
			}
		})
	}
	f, w := newFront(), &works{}
	f.door.Operations = w
	if got := f.door.Serve(t.Context(), signedWith("another key", interactions, form(pressed(release.Stop)))); got.Status != http.StatusUnauthorized || len(w.all) != 0 {
		t.Errorf("a wrong signature: %+v, operations %v", got, w.all)
	}
}

func TestAnswerToAPressIsPlainAndForOneOnly(t *testing.T) {
	t.Parallel()
	a := newAPI(t, ok("ok"))
	c := a.client(&vault{current: botToken})
	if err := c.Answer(t.Context(), a.URL+"/actions/1", "Ask <!channel> & `co`"); err != nil {
		t.Fatal(err)
	}
	if err := c.Answer(t.Context(), a.URL+"/actions/1", strings.Repeat("<", 5000)); err != nil {
		t.Fatal(err)
	}
	if len(a.calls) != 2 || a.calls[0].args["response_type"] != `"ephemeral"` || a.calls[0].args["replace_original"] != "false" {
		t.Fatalf("calls %+v", a.calls)
	}
	for _, sent := range a.calls {
		text := sent.args["text"]
		if strings.Contains(text, "<") || len([]rune(text)) > 8000 || sent.token != "" {
			t.Errorf("call %+v", sent)
		}
	}
	if err := c.Answer(t.Context(), "https://evil.example/x", "no"); err == nil || strings.Contains(err.Error(), "evil") {
		t.Errorf("an answer to a stranger: %v", err)
	}
	gone := newAPI(t, answer{status: http.StatusNotFound, body: "expired_url"})
	if err := gone.client(&vault{current: botToken}).Answer(t.Context(), gone.URL+"/actions/1", "too late"); !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("too late: %v", err)
	}
}

// The buttons of a card work in Slack.
func TestButtonsOfACardArePressed(t *testing.T) {
	t.Parallel()
	o, w := newHall(t), &works{}
	door := &slack.Door{App: "A0SIGNALBOX", Team: "T0SIGNALBOX", Signing: &vault{current: signingKey}, Operations: w, Now: time.Now}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		a := door.Serve(r.Context(), event.Request{Method: r.Method, Path: interactions, Header: r.Header, Body: body})
		rw.WriteHeader(a.Status)
		_, _ = io.WriteString(rw, a.Body)
	}))
	t.Cleanup(front.Close)
	o.SetRequestURL(front.URL)
	v := failed().view()
	m, err := o.client.PostCard(t.Context(), "C0RELEASES", v)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Commands) == 0 {
		t.Fatal("a release that failed offers nothing")
	}
	for _, c := range v.Commands {
		a, err := o.Click(t.Context(), workspace.Click{User: "U0DANA00001", Channel: m.Channel, TS: m.TS, ActionID: slack.OperateAction(c)})
		if err != nil || a.Status != http.StatusOK || a.Problem != "" {
			t.Errorf("%s: %+v, %v", c, a, err)
		}
	}
	if a, err := o.Click(t.Context(), workspace.Click{User: "U0DANA00001", Channel: m.Channel, TS: m.TS, ActionID: slack.ActionOpenRelease}); err != nil || a.Status != http.StatusOK || a.Problem != "" {
		t.Errorf("open: %+v, %v", a, err)
	}
	if len(w.all) != len(v.Commands) {
		t.Fatalf("operations %+v", w.all)
	}
	for i, c := range v.Commands {
		if op := w.all[i]; op.Command != c || op.Of != executionID || op.SlackUser != "U0DANA00001" {
			t.Errorf("%s: %+v", c, op)
		}
		if err := o.client.Answer(t.Context(), w.all[i].Reply, "It is being done."); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
	all := o.Messages("C0RELEASES")
	if len(all) != 1+len(v.Commands) || all[1].EphemeralTo != "U0DANA00001" || all[1].Text != "It is being done." {
		t.Errorf("messages %+v", all)
	}
}
