package slack_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/slack"
)

var now = time.Unix(1773136710, 0).UTC()

var errDown = errors.New("not available")

// request is a request as Slack signs it.
func request(path, body string) event.Request {
	return signedWith(signingKey, path, body)
}

func signedWith(key, path, body string) event.Request {
	stamp := strconv.FormatInt(now.Unix(), 10)
	h := headers(stamp, sign(key, stamp, body))
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	return event.Request{Method: http.MethodPost, Path: path, Header: h, Body: []byte(body), RequestID: "r-1"}
}

const interactions = "/slack/interactions"

var (
	rejectClick = strings.Replace(approveClick, slack.ActionApprove, slack.ActionReject, 1)
	submission  = strings.Replace(rejectSubmission, " not yet ", " "+typedReason+" ", 1)
)

func TestApproveIsOnTheQueueBeforeItIsAcknowledged(t *testing.T) {
	t.Parallel()
	f := newFront()
	want := []approval.Ballot{{
		ID:        "slack:C0RELEASES:1773134520.000100:approval_approve:U0DANA00001:1773136710.123456",
		RequestID: requestID, Verdict: approval.Approve, Door: approval.DoorSlack, SlackUser: "U0DANA00001", Card: card, At: now,
	}}
	got := f.door.Serve(t.Context(), request(interactions, form(approveClick)))
	if got.Status != http.StatusOK || got.Body != "" {
		t.Errorf("answer = %+v, want 200 and an empty body", got)
	}
	if diff := cmp.Diff(want, f.votes.ballots); diff != "" {
		t.Errorf("ballots (-want +got):\n%s", diff)
	}
}

func TestReplayedClickVotesOnce(t *testing.T) {
	t.Parallel()
	f := newFront()
	for range 3 {
		for _, body := range []string{form(approveClick), form(submission)} {
			if got := f.door.Serve(t.Context(), request(interactions, body)); got.Status != http.StatusOK {
				t.Fatalf("answer = %+v", got)
			}
		}
	}
	if len(f.votes.ballots) != 2 {
		t.Errorf("%d ballots, want 2: %+v", len(f.votes.ballots), f.votes.ballots)
	}
}

func TestSecondClickIsAnotherBallot(t *testing.T) {
	t.Parallel()
	f := newFront()
	for _, ts := range []string{"1773136710.123456", "1773136711.000001"} {
		f.door.Serve(t.Context(), request(interactions, form(strings.Replace(approveClick, "1773136710.123456", ts, 1))))
	}
	if len(f.votes.ballots) != 2 {
		t.Errorf("%d ballots, want 2", len(f.votes.ballots))
	}
}

func TestUnsavedApproveIsAnErrorForSlackToShow(t *testing.T) {
	t.Parallel()
	f := newFront()
	f.votes.err = errDown
	if got := f.door.Serve(t.Context(), request(interactions, form(approveClick))); got.Status != http.StatusInternalServerError {
		t.Errorf("answer = %+v, want 500", got)
	}
}

func TestRejectOpensTheModal(t *testing.T) {
	t.Parallel()
	f := newFront()
	got := f.door.Serve(t.Context(), request(interactions, form(rejectClick)))
	if got.Status != http.StatusOK || got.Body != "" || len(f.votes.ballots) != 0 {
		t.Errorf("answer = %+v, ballots %v; want 200, no body and no ballot", got, f.votes.ballots)
	}
	if len(f.desk.opened) != 1 || f.desk.opened[0].CallbackID != slack.ActionReject {
		t.Fatalf("opened %+v, want the reject modal", f.desk.opened)
	}
	want := `{"request":"` + requestID + `","channel":"C0RELEASES","ts":"1773134520.000100"}`
	if got := f.desk.opened[0].PrivateMetadata; got != want {
		t.Errorf("private_metadata = %s, want %s", got, want)
	}
}

func TestRejectThatCannotOpenTheModalSaysSo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name             string
		openErr, tellErr error
		status, told     int
	}{
		{"a late click is asked for again", slack.ErrTriggerExpired, nil, http.StatusOK, 1},
		{"a late click that cannot be asked for again", slack.ErrTriggerExpired, errDown, http.StatusInternalServerError, 1},
		{"Slack is down", errDown, nil, http.StatusInternalServerError, 0},
		{"Slack hangs", context.DeadlineExceeded, nil, http.StatusInternalServerError, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFront()
			f.desk.openErr, f.desk.tellErr = tt.openErr, tt.tellErr
			got := f.door.Serve(t.Context(), request(interactions, form(rejectClick)))
			if got.Status != tt.status || len(f.desk.told) != tt.told {
				t.Errorf("answer = %+v, told %q; want status %d and %d told", got, f.desk.told, tt.status, tt.told)
			}
		})
	}
}

func TestSubmissionRejectsWithItsReason(t *testing.T) {
	t.Parallel()
	f := newFront()
	want := []approval.Ballot{{
		ID: "slack:view:V0VIEW", RequestID: requestID, Verdict: approval.Reject, Reason: typedReason,
		Door: approval.DoorSlack, SlackUser: "U0LEE000002", Card: card, At: now,
	}}
	got := f.door.Serve(t.Context(), request(interactions, form(submission)))
	if got.Status != http.StatusOK || got.Body != "" {
		t.Errorf("answer = %+v, want 200 and an empty body, which closes the modal", got)
	}
	if diff := cmp.Diff(want, f.votes.ballots); diff != "" {
		t.Errorf("ballots (-want +got):\n%s", diff)
	}
}

func TestSubmissionThatDoesNotCountKeepsTheModalOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		castErr      error
		says         string
	}{
		{"no reason", "", nil, "say why"},
		{"only spaces", " \\n\\t ", nil, "say why"},
		{"too long", strings.Repeat("ä", 501), nil, "500 characters"},
		{"not saved", "because", errDown, "nothing was decided"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFront()
			f.votes.err = tt.castErr
			got := f.door.Serve(t.Context(), request(interactions, form(strings.Replace(rejectSubmission, " not yet ", tt.reason, 1))))
			if got.Status != http.StatusOK || len(f.votes.ballots) != 0 {
				t.Errorf("answer = %+v, ballots %v", got, f.votes.ballots)
			}
			if !strings.HasPrefix(got.Body, `{"errors":{"reason":"`) || !strings.Contains(got.Body, tt.says) || !strings.HasSuffix(got.Body, `"response_action":"errors"}`) {
				t.Errorf("body = %s, want an error at the reason that says %q", got.Body, tt.says)
			}
			if got.Header["Content-Type"] != "application/json" {
				t.Errorf("content type = %q", got.Header["Content-Type"])
			}
		})
	}
}

func TestReasonOfFiveHundredCharactersIsTaken(t *testing.T) {
	t.Parallel()
	f := newFront()
	reason := strings.Repeat("🚂", 500)
	f.door.Serve(t.Context(), request(interactions, form(strings.Replace(rejectSubmission, " not yet ", reason, 1))))
	if len(f.votes.ballots) != 1 || f.votes.ballots[0].Reason != reason {
		t.Errorf("ballots = %+v", f.votes.ballots)
	}
}

func TestWhatIsNotAVoteIsOnlyAcknowledged(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{
		strings.Replace(approveClick, slack.ActionApprove, slack.ActionView, 1),
		strings.Replace(approveClick, slack.ActionApprove, "approve_v0", 1),
		strings.Replace(approveClick, "block_actions", "message_action", 1),
		strings.Replace(rejectSubmission, `"callback_id":"approval_reject"`, `"callback_id":"feedback"`, 1),
	} {
		f := newFront()
		got := f.door.Serve(t.Context(), request(interactions, form(payload)))
		if got.Status != http.StatusOK || got.Body != "" || len(f.votes.ballots)+len(f.desk.opened)+len(f.desk.told) != 0 {
			t.Errorf("answer = %+v to %.60s, with effects %+v", got, payload, f)
		}
	}
}

func TestCommandExplainsApprovals(t *testing.T) {
	t.Parallel()
	f := newFront()
	body := url.Values{"api_app_id": {"A0SIGNALBOX"}, "team_id": {"T0SIGNALBOX"}, "user_id": {"U0DANA00001"}, "command": {"/signalbox"}, "text": {"<!channel>"}}
	got := f.door.Serve(t.Context(), request("/slack/commands", body.Encode()))
	if got.Status != http.StatusOK || !strings.Contains(got.Body, `"response_type":"ephemeral"`) || !strings.Contains(got.Body, "asks people before a release") || strings.Contains(got.Body, "channel>") {
		t.Errorf("answer = %+v", got)
	}
}

func TestOptionsAreEmpty(t *testing.T) {
	t.Parallel()
	f := newFront()
	got := f.door.Serve(t.Context(), request("/slack/options", form(strings.Replace(approveClick, "block_actions", "block_suggestion", 1))))
	if got.Status != http.StatusOK || got.Body != `{"options":[]}` {
		t.Errorf("answer = %+v", got)
	}
}
