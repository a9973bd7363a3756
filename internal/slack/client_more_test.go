package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/slack"
)

// note is a message without a request behind it.
var note = slack.Message{Text: "still waiting", Blocks: []slackgo.Block{slackgo.NewDividerBlock()}}

func homeTab() slackgo.HomeTabViewRequest {
	return slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: note.Blocks}}
}

const repliedOK = `{"ok":true,"channel":"C0RELEASES","ts":"1773134522.000300","message":{"text":"x","thread_ts":"`

func TestPublishSendsTheHomeOfOneMember(t *testing.T) {
	t.Parallel()
	a := newAPI(t, openedOK)
	if err := a.client(&vault{current: botToken}).Publish(t.Context(), "U0DANA00001", homeTab()); err != nil {
		t.Fatal(err)
	}
	want := []call{{"views.publish", botToken, map[string]string{"user_id": `"U0DANA00001"`, "view": `{"type":"home","blocks":[{"type":"divider"}]}`}}}
	if diff := cmp.Diff(want, a.calls, cmp.AllowUnexported(call{})); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestReplyGoesIntoTheThread(t *testing.T) {
	t.Parallel()
	blocks, err := json.Marshal(note.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, broadcast := range []bool{false, true} {
		a := newAPI(t, ok(repliedOK+card.TS+`"}}`))
		if err := a.client(&vault{current: botToken}).Reply(t.Context(), card, note, broadcast); err != nil {
			t.Fatal(err)
		}
		args := map[string]string{
			"channel": card.Channel, "thread_ts": card.TS, "text": note.Text, "blocks": string(blocks),
			"parse": "none", "unfurl_links": "false", "unfurl_media": "false",
		}
		if broadcast {
			args["reply_broadcast"] = "true"
		}
		if diff := cmp.Diff([]call{{"chat.postMessage", botToken, args}}, a.calls, cmp.AllowUnexported(call{})); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	}
}

func TestReplyToACardThatIsGoneIsPostedOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t, postedOK) // in the channel
	if err := a.client(&vault{current: botToken}).Reply(t.Context(), card, note, false); err != nil || len(a.calls) != 1 {
		t.Errorf("Reply = %v after %d calls; an error would make the caller post again", err, len(a.calls))
	}
}

func TestDirectOpensTheConversationFirst(t *testing.T) {
	t.Parallel()
	a := newAPI(t, ok(`{"ok":true,"channel":{"id":"D0DANA00001"}}`), ok(`{"ok":true,"channel":"D0DANA00001","ts":"1.000001","message":{"text":"x"}}`))
	got, err := a.client(&vault{current: botToken}).Direct(t.Context(), "U0DANA00001", note)
	if err != nil || got != (approval.Card{Channel: "D0DANA00001", TS: "1.000001"}) {
		t.Fatalf("Direct = %v, %v", got, err)
	}
	if methods(a) != "conversations.open chat.postMessage" || a.calls[0].args["users"] != "U0DANA00001" || a.calls[1].args["channel"] != "D0DANA00001" {
		t.Errorf("calls %+v", a.calls)
	}
}

func TestWhoeverSlackDoesNotHaveIsNotFound(t *testing.T) {
	t.Parallel()
	direct := func(ctx context.Context, c *slack.Client) error { _, err := c.Direct(ctx, "U9", note); return err }
	publish := func(ctx context.Context, c *slack.Client) error { return c.Publish(ctx, "U9", homeTab()) }
	members := func(ctx context.Context, c *slack.Client) error { _, err := c.Members(ctx, "S9"); return err }
	tests := []struct {
		code  string
		do    func(context.Context, *slack.Client) error
		found bool
	}{
		{"user_not_found", direct, false},
		{"user_disabled", direct, false},
		{"cannot_dm_bot", direct, false},
		{"user_not_visible", publish, false},
		{"no_such_subteam", members, false},
		{"restricted_action", direct, true},
		{"not_enabled", publish, true},
		{"plan_upgrade_required", members, true},
		{"missing_scope", members, true},
	}
	for _, tt := range tests {
		a := newAPI(t, no(tt.code))
		if err := tt.do(t.Context(), a.client(&vault{current: botToken})); err == nil || errors.Is(err, approval.ErrNotFound) == tt.found {
			t.Errorf("%s: error %v", tt.code, err)
		}
	}
}

func TestAGroupMayBeEmptyButNotUnknown(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{`{"ok":true,"users":[]}`: true, `{"ok":true,"users":["U1"]}`: true, `{"ok":true}`: false, `{"ok":true,"users":null}`: false} {
		a := newAPI(t, ok(body))
		if got, err := a.client(&vault{current: botToken}).Members(t.Context(), "S0QA0000001"); (err == nil) != want {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
}

func TestGroupsAreRememberedForHalfAMinute(t *testing.T) {
	t.Parallel()
	now, calls := time.Unix(1_773_134_520, 0), 0
	var fails error
	g := slack.NewGroups(func(_ context.Context, group string) ([]string, error) {
		calls++
		return []string{group, "U1"}, fails
	}, func() time.Time { return now })
	members := func(group string, wantCalls int, wantErr error) {
		t.Helper()
		got, err := g.Members(t.Context(), group)
		if !errors.Is(err, wantErr) || err == nil && got[0] != group || calls != wantCalls {
			t.Errorf("Members(%s) = %v, %v after %d calls, want %d calls and %v", group, got, err, calls, wantCalls, wantErr)
		}
		if err == nil {
			got[0] = "spoilt"
		}
	}
	members("S1", 1, nil)
	now = now.Add(30*time.Second - 1)
	members("S1", 1, nil)
	members("S2", 2, nil)
	now = now.Add(1)
	fails = approval.ErrNotFound
	members("S1", 3, approval.ErrNotFound) // the old members do not stand in
	fails = nil
	members("S1", 4, nil)
	now = now.Add(-time.Hour)
	members("S1", 5, nil) // a clock that went back
}

func TestRespondSpeaksToWhoeverTyped(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"ok", `{"ok":true}`, ""} {
		a := newAPI(t, ok(said))
		if err := a.client(&vault{current: botToken}).Respond(t.Context(), a.URL+"/response/R1/hidden", note); err != nil {
			t.Fatalf("%q: %v", said, err)
		}
		if c := a.calls[0]; c.method != "response/R1/hidden" || c.token != "" {
			t.Errorf("called %+v", c)
		}
	}
}

func TestRespondGoesNowhereElse(t *testing.T) {
	t.Parallel()
	a := newAPI(t, ok("ok"))
	c := slack.NewClient("https://slack.com/api/", "T0SIGNALBOX", &http.Client{Transport: refusing{}}, &vault{current: botToken})
	for _, url := range []string{
		"http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/x", "https://hooks.slack.com:8443/x", "https://evil.example/hooks.slack.com",
		"https://hooks.slack.com@evil.example/", "https://user@hooks.slack.com/", a.URL, "//hooks.slack.com/x", "hooks.slack.com/x", "", "http://slack.com/x", "%zz",
	} {
		err := c.Respond(t.Context(), url, note)
		if err == nil || errors.Is(err, errReached) || err.Error() != "slack response_url: it does not lead to Slack" {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{"https://hooks.slack.com/commands/T/1/hidden", "https://slack.com/x"} {
		if err := c.Respond(t.Context(), url, note); err == nil || !strings.Contains(err.Error(), errReached.Error()) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q: %v, want it tried and not told", url, err)
		}
	}
	if len(a.calls) != 0 {
		t.Errorf("%d calls elsewhere", len(a.calls))
	}
}

var errReached = errors.New("reached")

// refusing is a network that nothing passes.
type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, errReached }

func TestRespondSaysWhyNot(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		answer  answer
		want    string
		missing bool
	}{
		{"too late", answer{status: 404, body: "expired_url"}, "expired_url", true},
		{"too often", answer{status: 404, body: `{"ok":false,"error":"used_url"}`}, "used_url", true},
		{"broken blocks", answer{status: 400, body: "invalid_blocks"}, "invalid_blocks", false},
		{"limited", answer{status: 429, header: map[string]string{"Retry-After": "7"}}, "try again in 7s", false},
		{"limited, softly", ok(`{"ok":false,"error":"ratelimited"}`), "try again in 30s", false},
		{"down", answer{status: 500, body: "<html>hidden</html>"}, "HTTP status 500", false},
		{"a page", ok("<html>hidden</html>"), "neither ok nor an error", false},
		{"moved", answer{status: 302, header: map[string]string{"Location": "https://evil.example/hidden"}}, "HTTP status 302", false},
		{"reset", answer{do: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}, "EOF", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, tt.answer)
			err := a.client(&vault{current: botToken}).Respond(t.Context(), a.URL+"/response/R1/hidden", note)
			if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, approval.ErrNotFound) != tt.missing {
				t.Fatalf("error %v, want %s", err, tt.want)
			}
			if strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "://") {
				t.Errorf("error tells the address: %v", err)
			}
		})
	}
}
