package slack_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/slack"
)

// refused sends req and wants it refused with status, in one word, and without
// effect.
func refused(t *testing.T, f *front, req event.Request, status int) {
	t.Helper()
	got := f.door.Serve(t.Context(), req)
	if got.Status != status {
		t.Errorf("status = %d, want %d", got.Status, status)
	}
	if got.Body == "" || strings.ContainsAny(got.Body, " \n<") {
		t.Errorf("body = %q, want one word", got.Body)
	}
	if n := len(f.votes.ballots) + len(f.desk.opened) + len(f.desk.told); n != 0 {
		t.Errorf("%d effects, want none", n)
	}
}

func TestRequestsThatAreNotSlacksAreRefused(t *testing.T) {
	t.Parallel()
	change := func(set func(*event.Request)) event.Request {
		r := request(interactions, form(approveClick))
		set(&r)
		return r
	}
	old := strconv.FormatInt(now.Add(-6*time.Minute).Unix(), 10)
	tests := []struct {
		name   string
		req    event.Request
		status int
	}{
		{"another path", change(func(r *event.Request) { r.Path = "/slack/other" }), http.StatusNotFound},
		{"another method", change(func(r *event.Request) { r.Method = http.MethodGet }), http.StatusMethodNotAllowed},
		{"JSON", change(func(r *event.Request) { r.Header.Set("Content-Type", "application/json") }), http.StatusUnsupportedMediaType},
		{"no content type", change(func(r *event.Request) { r.Header.Del("Content-Type") }), http.StatusUnsupportedMediaType},
		{"a long body", request(interactions, strings.Repeat("a", 256<<10+1)), http.StatusRequestEntityTooLarge},
		{"no signature", change(func(r *event.Request) { r.Header.Del("X-Slack-Signature") }), http.StatusUnauthorized},
		{"another key", signedWith("guess", interactions, form(approveClick)), http.StatusUnauthorized},
		{"an empty key", signedWith("", interactions, form(approveClick)), http.StatusUnauthorized},
		{"another body", change(func(r *event.Request) { r.Body = []byte(form(rejectClick)) }), http.StatusUnauthorized},
		{"an old request", change(func(r *event.Request) {
			r.Header.Set("X-Slack-Request-Timestamp", old)
			r.Header.Set("X-Slack-Signature", sign(signingKey, old, string(r.Body)))
		}), http.StatusUnauthorized},
		{"a payload in the URL", change(func(r *event.Request) {
			*r = request(interactions, "a=b")
			r.Query = url.Values{"payload": {approveClick}}
		}), http.StatusBadRequest},
		{"two payloads", request(interactions, form(approveClick)+"&"+form(approveClick)), http.StatusBadRequest},
		{"no JSON", request(interactions, form("{")), http.StatusBadRequest},
		{"a command that is no form", request("/slack/commands", "%zz"), http.StatusBadRequest},
		{"options that are no payload", request("/slack/options", "a=b"), http.StatusBadRequest},
		{"another app", request(interactions, form(strings.Replace(approveClick, "A0SIGNALBOX", "A0OTHER", 1))), http.StatusForbidden},
		{"another workspace", request(interactions, form(strings.Replace(approveClick, `"team":{"id":"T0SIGNALBOX"`, `"team":{"id":"T0OTHER"`, 1))), http.StatusForbidden},
		{"no workspace", request(interactions, form(strings.Replace(approveClick, `"team":{"id":"T0SIGNALBOX","domain":"signalbox"}`, `"team":null`, 1))), http.StatusForbidden},
		{"a member of another workspace", request(interactions, form(strings.Replace(approveClick, `"team_id":"T0SIGNALBOX"`, `"team_id":"T0OTHER"`, 1))), http.StatusForbidden},
		{"a member of no workspace", request(interactions, form(strings.Replace(approveClick, `"team_id":"T0SIGNALBOX"`, `"team_id":""`, 1))), http.StatusForbidden},
		{"a modal of another workspace", request(interactions, form(strings.Replace(submission, `"team_id":"T0SIGNALBOX"`, `"team_id":"T0OTHER"`, 1))), http.StatusForbidden},
		{"options of another workspace", request("/slack/options", form(strings.Replace(approveClick, `"team_id":"T0SIGNALBOX"`, `"team_id":"T0OTHER"`, 1))), http.StatusForbidden},
		{"a command to another app", request("/slack/commands", "api_app_id=A0OTHER&team_id=T0SIGNALBOX"), http.StatusForbidden},
		{"a command of another workspace", request("/slack/commands", "api_app_id=A0SIGNALBOX&team_id=T0OTHER"), http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			refused(t, newFront(), tt.req, tt.status)
		})
	}
}

func TestPayloadInTheURLIsNeverRead(t *testing.T) {
	t.Parallel()
	f := newFront()
	req := request(interactions, form(strings.Replace(approveClick, slack.ActionApprove, slack.ActionView, 1)))
	req.Query = url.Values{"payload": {approveClick}}
	if got := f.door.Serve(t.Context(), req); got.Status != http.StatusOK || len(f.votes.ballots) != 0 {
		t.Errorf("answer = %+v, ballots %v", got, f.votes.ballots)
	}
}

func TestSignatureIsCheckedBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	refused(t, newFront(), signedWith("guess", interactions, form("{")), http.StatusUnauthorized)
}

func TestRotatedSigningSecretNeedsNoDeploy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		vault     *vault
		signed    string
		status    int
		refreshed int
	}{
		{"the secret in force", &vault{current: signingKey}, signingKey, http.StatusOK, 0},
		{"Slack still signs with the one before", &vault{current: signingKey, previous: previousKey}, previousKey, http.StatusOK, 0},
		{"Slack signs with one that we have not read", &vault{current: previousKey, renewed: signingKey}, signingKey, http.StatusOK, 1},
		{"nobody's", &vault{current: signingKey, previous: previousKey}, "guess", http.StatusUnauthorized, 1},
		{"the secret cannot be read", &vault{err: errDown}, signingKey, http.StatusInternalServerError, 0},
		{"the secret cannot be read again", &vault{current: previousKey, refreshErr: errDown}, signingKey, http.StatusInternalServerError, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFront()
			f.door.Signing = tt.vault
			got := f.door.Serve(t.Context(), signedWith(tt.signed, interactions, form(approveClick)))
			if got.Status != tt.status || tt.vault.refreshed != tt.refreshed {
				t.Errorf("status %d, refreshed %d times; want %d and %d", got.Status, tt.vault.refreshed, tt.status, tt.refreshed)
			}
			if voted := len(f.votes.ballots) == 1; voted != (tt.status == http.StatusOK) {
				t.Errorf("voted: %v", voted)
			}
		})
	}
}

func TestStaleRequestDoesNotReadTheSecretAgain(t *testing.T) {
	t.Parallel()
	f := newFront()
	f.door.Now = func() time.Time { return now.Add(6 * time.Minute) }
	refused(t, f, request(interactions, form(approveClick)), http.StatusUnauthorized)
	if f.vault.refreshed != 0 {
		t.Errorf("refreshed %d times", f.vault.refreshed)
	}
}

// TestSlacksRequestAsAWSPassesItOn goes the whole way from the event that an
// HTTP API makes of Slack's request: lower-case headers and a body in base64.
func TestSlacksRequestAsAWSPassesItOn(t *testing.T) {
	t.Parallel()
	f := newFront()
	raw := gatewayEvent(t, request(interactions, form(approveClick)))
	got, err := event.ServeHTTP(f.door.Serve)(t.Context(), raw)
	if err != nil || !strings.Contains(string(got), `"statusCode":200`) || len(f.votes.ballots) != 1 {
		t.Errorf("answer %s, %v, ballots %v", got, err, f.votes.ballots)
	}
}
