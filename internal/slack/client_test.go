package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/slack"
)

func TestPostSendsTheCard(t *testing.T) {
	t.Parallel()
	a := newAPI(t, postedOK)
	got, err := a.client(&vault{current: botToken}).Post(t.Context(), pending(), "C0RELEASES")
	if err != nil || got != card {
		t.Fatalf("Post = %v, %v", got, err)
	}
	m := slack.ApprovalCard(pending())
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	want := []call{{"chat.postMessage", botToken, map[string]string{
		"channel": "C0RELEASES", "text": m.Text, "blocks": string(blocks), "parse": "none", "unfurl_links": "false", "unfurl_media": "false",
	}}}
	if diff := cmp.Diff(want, a.calls, cmp.AllowUnexported(call{})); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestUpdateRedrawsTheCard(t *testing.T) {
	t.Parallel()
	a := newAPI(t, postedOK)
	r := decided(approval.Approve, approval.DoorSlack, "", &applied)
	if err := a.client(&vault{current: botToken}).Update(t.Context(), r, card); err != nil {
		t.Fatal(err)
	}
	m := slack.ApprovalCard(r)
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	want := []call{{"chat.update", botToken, map[string]string{
		"channel": card.Channel, "ts": card.TS, "text": m.Text, "blocks": string(blocks), "parse": "none",
	}}}
	if diff := cmp.Diff(want, a.calls, cmp.AllowUnexported(call{})); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestUpdateOfAMessageThatIsGoneSaysSoAndPostsNothing(t *testing.T) {
	t.Parallel()
	a := newAPI(t, no("message_not_found"))
	err := a.client(&vault{current: botToken}).Update(t.Context(), pending(), card)
	if !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("Update = %v, want ErrNotFound", err)
	}
	if got := methods(a); got != "chat.update" {
		t.Errorf("called %s", got)
	}
}

func TestBlocksThatSlackRefusesAreSentAsText(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"} {
		a := newAPI(t, no(code), postedOK)
		if err := a.client(&vault{current: botToken}).Update(t.Context(), pending(), card); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		if got := methods(a); got != "chat.update chat.update" {
			t.Fatalf("%s: called %s", code, got)
		}
		if _, has := a.calls[1].args["blocks"]; has || a.calls[1].args["text"] == "" {
			t.Errorf("%s: second call has %v", code, a.calls[1].args)
		}
	}
	a := newAPI(t, no("invalid_blocks"))
	if err := a.client(&vault{current: botToken}).Update(t.Context(), pending(), card); err == nil || len(a.calls) != 2 {
		t.Errorf("Update = %v after %d calls, want an error after 2", err, len(a.calls))
	}
}

func TestTellIsPlainText(t *testing.T) {
	t.Parallel()
	a := newAPI(t, ephemeralOK)
	err := a.client(&vault{current: botToken}).Tell(t.Context(), card, "U0SAM000009", "Ask <!channel> & co\nplease")
	if err != nil {
		t.Fatal(err)
	}
	want := []call{{"chat.postEphemeral", botToken, map[string]string{
		"channel": card.Channel, "user": "U0SAM000009", "text": "Ask &lt;!channel&gt; &amp; co\nplease", "parse": "none",
	}}}
	if diff := cmp.Diff(want, a.calls, cmp.AllowUnexported(call{})); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestOpenTakesAUsedTriggerForAnOpenModal(t *testing.T) {
	t.Parallel()
	modal, err := slack.ReasonModal(slack.Click{Action: slack.ActionReject, Request: requestID, Card: card})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		answer answer
		want   error
	}{{openedOK, nil}, {no("exchanged_trigger_id"), nil}, {no("expired_trigger_id"), slack.ErrTriggerExpired}} {
		a := newAPI(t, tt.answer)
		if err := a.client(&vault{current: botToken}).Open(t.Context(), "1.2.x", modal); !errors.Is(err, tt.want) {
			t.Errorf("Open = %v, want %v", err, tt.want)
		}
		if a.calls[0].method != "views.open" || a.calls[0].token != botToken || a.calls[0].args["trigger_id"] != `"1.2.x"` {
			t.Errorf("called %+v", a.calls[0])
		}
	}
}

func TestVoterTellsWhoMayNotVoteAtAll(t *testing.T) {
	t.Parallel()
	const lead = `{"ok":true,"user":{"id":"U0DANA00001","real_name":"Dana","team_id":`
	tests := []struct {
		name   string
		answer answer
		want   approval.SlackUser
		err    error
	}{
		{"a member", ok(lead + `"T0SIGNALBOX"}}`), approval.SlackUser{Name: "Dana"}, nil},
		{"a member of a workspace of our organisation", ok(lead + `"E0ORG","enterprise_user":{"teams":["T0SIGNALBOX"]}}}`), approval.SlackUser{Name: "Dana"}, nil},
		{"deactivated", ok(lead + `"T0SIGNALBOX","deleted":true}}`), approval.SlackUser{Name: "Dana", Deleted: true}, nil},
		{"a bot", ok(lead + `"T0SIGNALBOX","is_bot":true}}`), approval.SlackUser{Name: "Dana", Bot: true}, nil},
		{"a workflow", ok(lead + `"T0SIGNALBOX","is_workflow_bot":true}}`), approval.SlackUser{Name: "Dana", Bot: true}, nil},
		{"a guest of many channels", ok(lead + `"T0SIGNALBOX","is_restricted":true}}`), approval.SlackUser{Name: "Dana", Guest: true}, nil},
		{"a guest of one channel", ok(lead + `"T0SIGNALBOX","is_ultra_restricted":true}}`), approval.SlackUser{Name: "Dana", Guest: true}, nil},
		{"a member of another workspace", ok(lead + `"T0OTHER"}}`), approval.SlackUser{Name: "Dana", Foreign: true}, nil},
		{"of no workspace", ok(lead + `""}}`), approval.SlackUser{Name: "Dana", Foreign: true}, nil},
		{"a stranger", ok(lead + `"T0SIGNALBOX","is_stranger":true}}`), approval.SlackUser{Name: "Dana", Foreign: true}, nil},
		{"unknown", no("user_not_found"), approval.SlackUser{}, approval.ErrNotFound},
		{"hidden", no("user_not_visible"), approval.SlackUser{}, approval.ErrNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, tt.answer)
			got, err := a.client(&vault{current: botToken}).Voter(t.Context(), "U0DANA00001")
			if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
				t.Errorf("Voter: %v, want %v (-want +got):\n%s", err, tt.err, diff)
			}
			if a.calls[0].args["user"] != "U0DANA00001" {
				t.Errorf("asked for %v", a.calls[0].args)
			}
		})
	}
	a := newAPI(t, ok(lead+`"T0SIGNALBOX"}}`))
	if got, err := a.client(&vault{current: botToken}).Voter(t.Context(), "U0OTHER"); err == nil || errors.Is(err, approval.ErrNotFound) {
		t.Errorf("Voter = %v, %v for an answer about somebody else", got, err)
	}
}

func TestRotatedTokenIsReadAgainOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		token   *vault
		answers []answer
		calls   []string // the tokens
		ok      bool
	}{
		{"rotated", &vault{current: botToken, renewed: newToken}, []answer{no("invalid_auth"), postedOK}, []string{botToken, newToken}, true},
		{"revoked for good", &vault{current: botToken, renewed: newToken}, []answer{no("token_revoked")}, []string{botToken, newToken}, false},
		{"not rotated", &vault{current: botToken}, []answer{no("invalid_auth")}, []string{botToken}, false},
		{"cannot be read again", &vault{current: botToken, refreshErr: errDown}, []answer{no("invalid_auth")}, []string{botToken}, false},
		{"cannot be read", &vault{err: errDown}, []answer{postedOK}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, tt.answers...)
			_, err := a.client(tt.token).Post(t.Context(), pending(), "C0RELEASES")
			var tokens []string
			for _, c := range a.calls {
				tokens = append(tokens, c.token)
			}
			if diff := cmp.Diff(tt.calls, tokens); diff != "" || (err == nil) != tt.ok {
				t.Errorf("Post = %v; tokens (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestRedirectDoesNotTakeTheTokenAlong(t *testing.T) {
	t.Parallel()
	elsewhere := newAPI(t, postedOK)
	target := (&url.URL{Scheme: "http", Host: strings.TrimPrefix(elsewhere.URL, "http://"), Path: "/chat.postMessage"}).String()
	a := newAPI(t, answer{status: http.StatusTemporaryRedirect, header: map[string]string{"Location": target}})
	if _, err := a.client(&vault{current: botToken}).Post(t.Context(), pending(), "C0RELEASES"); err == nil || len(elsewhere.calls) != 0 {
		t.Errorf("Post = %v, and %d calls elsewhere", err, len(elsewhere.calls))
	}
}

func TestCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	a := newAPI(t, answer{do: func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}})
	if _, err := a.client(&vault{current: botToken}).Post(ctx, pending(), "C0RELEASES"); !errors.Is(err, context.Canceled) {
		t.Errorf("Post = %v, want Canceled", err)
	}
}
