package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
	"github.com/signalbox/signalbox/internal/slack"
)

var _ approval.Desk = (*slack.Client)(nil)

var permalinkOK = ok(`{"ok":true,"channel":"C0RELEASES","permalink":"https://signalbox.slack.com/archives/C0RELEASES/p1773134520000100"}`)

// standing looks at a request that has been posted.
func standing(r approval.Request, yours approval.Refusal) approval.Standing {
	r.Cards = []approval.Card{{Channel: "D0DANA00001", TS: "1773134520.000200", Place: dana.Slack}, card}
	return approval.Standing{Request: r, Progress: r.Tally(), Yours: yours}
}

func overviews() map[string]approval.Overview {
	var many []approval.Standing
	for range 30 {
		many = append(many, standing(hostile(), ""))
	}
	return map[string]approval.Overview{
		"nothing":      {Now: voted},
		"only-others":  {Now: voted, Others: []approval.Standing{standing(pending(), approval.NotApprover)}},
		"a-bit-of-all": {Now: voted, Mine: []approval.Standing{standing(busy(), ""), standing(pending(), "")}, Releases: []approval.Standing{standing(cards["held"], approval.SelfAuthored)}, Others: []approval.Standing{{Request: cards["pending-unknown-starter"]}}},
		"too-much":     {Now: voted, Mine: many, Releases: many, Others: many},
	}
}

func TestHomeTabShowsWhatWaits(t *testing.T) {
	t.Parallel()
	for name, o := range overviews() {
		a := newAPI(t, permalinkOK, openedOK)
		if name == "nothing" {
			a = newAPI(t, openedOK) // no card, so no link to ask for
		}
		if err := a.client(&vault{current: botToken}).Home(t.Context(), dana.Slack, o); err != nil {
			t.Fatal(err)
		}
		view := a.calls[len(a.calls)-1].args["view"]
		v, problems, err := blockkit.ParseHome(view)
		if err != nil || len(problems) > 0 || len(view) > blockkit.MaxViewBytes {
			t.Errorf("%s: %v, %v, %d bytes", name, err, problems, len(view))
		}
		if name != "too-much" {
			golden(t, "home-"+name+".golden.json", map[string]any{"blocks": v.Blocks})
		}
		checkBlocks(t, []byte(blocksOf(t, view)), 100)
	}
}

func blocksOf(t *testing.T, view string) string {
	t.Helper()
	var v struct{ Blocks json.RawMessage }
	if err := json.Unmarshal([]byte(view), &v); err != nil {
		t.Fatal(err)
	}
	return string(v.Blocks)
}

func TestHomeTabDoesWithoutLinks(t *testing.T) {
	t.Parallel()
	for _, answer := range []answer{no("missing_scope"), ok(`{"ok":true,"permalink":"javascript:alert(1)/archives/x"}`), ok(`{"ok":true,"permalink":""}`), {status: 429}} {
		a := newAPI(t, answer, openedOK)
		if err := a.client(&vault{current: botToken}).Home(t.Context(), dana.Slack, overviews()["a-bit-of-all"]); err != nil {
			t.Errorf("%v: %v", answer, err)
		}
		if methods(a) != "chat.getPermalink views.publish" || strings.Contains(a.calls[1].args["view"], slack.ActionOpen) {
			t.Errorf("called %s", methods(a))
		}
	}
}

func TestHomeTabOfNobodyIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for code, again := range map[string]bool{"user_not_found": false, "not_enabled": true, "missing_scope": true, "ratelimited": true} {
		if err := newAPI(t, no(code)).client(&vault{current: botToken}).Home(t.Context(), dana.Slack, approval.Overview{}); (err != nil) != again {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestListIsAnsweredWhereItWasAsked(t *testing.T) {
	t.Parallel()
	for name, o := range overviews() {
		m := responded(t, func(ctx context.Context, c *slack.Client, reply string) error { return c.List(ctx, reply, o) }, permalinkOK, name != "nothing")
		if name != "too-much" {
			golden(t, "list-"+name+".golden.json", map[string]any{"text": m.Text, "blocks": m.Blocks})
		}
	}
}

func TestWhyAnswersInSentences(t *testing.T) {
	t.Parallel()
	outdated := standing(busy(), approval.NeverOpens)
	outdated.Outdated = true
	var many []approval.Standing
	for range 5 {
		many = append(many, standing(hostile(), approval.SelfAuthored))
	}
	answers := map[string][]approval.Standing{
		"nothing":      nil,
		"mine":         {standing(circles(nil), "")},
		"own":          {standing(circles(func(r *approval.Request) { tie(r, lee, approval.Authored) }), approval.SelfAuthored)},
		"not-mine":     {standing(pending(), approval.NotApprover)},
		"counted":      {standing(circles(nil), approval.Counted)},
		"outside":      {standing(circles(func(r *approval.Request) { r.Rule.Hours, r.Rule.RefuseOutside = berlin(), true }), approval.Outside)},
		"held":         {standing(cards["held"], approval.Counted)},
		"nobody":       {standing(cards["pending-nobody-no-rule"], approval.NobodyMay)},
		"blocked":      {standing(cards["pending-unknown-starter"], approval.StarterUnknown)},
		"decided":      {standing(decided(approval.Approve, approval.DoorSlack, "", &applied), approval.AlreadyDecided)},
		"outdated":     {outdated},
		"several-evil": many,
	}
	for name, found := range answers {
		m := responded(t, func(ctx context.Context, c *slack.Client, reply string) error {
			return c.Why(ctx, reply, "7f2d<!here>`", found)
		}, ok("ok"), false)
		golden(t, "why-"+name+".golden.json", map[string]any{"text": m.Text, "blocks": m.Blocks})
	}
}

// responded answers through a response_url and returns what was said there.
func responded(t *testing.T, say func(context.Context, *slack.Client, string) error, first answer, links bool) slack.Message {
	t.Helper()
	a := newAPI(t, ok("ok"))
	if links {
		a.answers = []answer{first, ok("ok")}
	}
	if err := say(t.Context(), a.client(&vault{current: botToken}), a.URL+"/response/R1/hidden"); err != nil {
		t.Fatal(err)
	}
	args := a.calls[len(a.calls)-1].args
	var m slack.Message
	var set slackgo.Blocks
	if err := errors.Join(json.Unmarshal([]byte(args["text"]), &m.Text), json.Unmarshal([]byte(args["blocks"]), &set)); err != nil {
		t.Fatal(err)
	}
	m.Blocks = set.BlockSet
	if _, problems, err := blockkit.ParseMessage(args["blocks"]); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", err, problems)
	}
	checkLimits(t, m)
	return m
}

func TestAnswerThatIsTooLateIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for code, again := range map[string]bool{"expired_url": false, "used_url": false, "invalid_blocks": true} {
		a := newAPI(t, answer{status: 404, body: code})
		err := a.client(&vault{current: botToken}).Why(t.Context(), a.URL+"/response/R1/hidden", "x", nil)
		if (err != nil) != again || err != nil && strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", code, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a := newAPI(t, answer{do: hangs})
	if err := a.client(&vault{current: botToken}).List(ctx, a.URL+"/response/R1/hidden", approval.Overview{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("List = %v, want DeadlineExceeded", err)
	}
}
