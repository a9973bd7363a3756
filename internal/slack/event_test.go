package slack_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/slack"
)

const (
	events     = "/slack/events"
	challenge  = `{"token":"legacy","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}`
	homeOpened = `{"token":"legacy","team_id":"T0SIGNALBOX","api_app_id":"A0SIGNALBOX","type":"event_callback","event_id":"Ev0HOME0001","event_time":1773136710,
		"event":{"type":"app_home_opened","user":"U0DANA00001","channel":"D0DANA00001","tab":"home","event_ts":"1773136710.000100"}}`
)

// told is an event as Slack signs it.
func told(body string) event.Request {
	r := request(events, body)
	r.Header.Set("Content-Type", "application/json")
	return r
}

func TestSlackLearnsThatTheAddressIsOurs(t *testing.T) {
	t.Parallel()
	got := newFront().door.Serve(t.Context(), told(challenge))
	if got.Status != http.StatusOK || got.Body != `{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}` || got.Header["Content-Type"] != "application/json" {
		t.Errorf("answer %+v", got)
	}
}

func TestOpenedHomeTabIsAQuestion(t *testing.T) {
	t.Parallel()
	f := newFront()
	for range 3 { // Slack sends an event again
		if got := f.door.Serve(t.Context(), told(homeOpened)); got.Status != http.StatusOK || got.Body != "" {
			t.Errorf("answer %+v", got)
		}
	}
	want := []approval.Inquiry{{ID: "slack:event:Ev0HOME0001", Question: approval.Home, SlackUser: "U0DANA00001", At: now}}
	if diff := cmp.Diff(want, f.votes.inquiries); diff != "" {
		t.Errorf("inquiries (-want +got):\n%s", diff)
	}
}

func TestEventThatIsNotSavedComesAgain(t *testing.T) {
	t.Parallel()
	f := newFront()
	f.votes.err = errDown
	if got := f.door.Serve(t.Context(), told(homeOpened)); got.Status != http.StatusInternalServerError {
		t.Errorf("answer %+v, want 500", got)
	}
}

func TestOtherEventsHaveNoEffect(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		strings.Replace(homeOpened, `"tab":"home"`, `"tab":"messages"`, 1),
		strings.Replace(homeOpened, "app_home_opened", "message", 1),
		strings.Replace(homeOpened, "event_callback", "app_rate_limited", 1),
	} {
		f := newFront()
		if got := f.door.Serve(t.Context(), told(body)); got.Status != http.StatusOK || got.Body != "" || len(f.votes.inquiries) != 0 {
			t.Errorf("answer %+v, inquiries %v to %s", got, f.votes.inquiries, body)
		}
	}
}

func TestEventsThatAreNotOursAreRefused(t *testing.T) {
	t.Parallel()
	unsigned := func(body string) event.Request {
		r := signedWith("guess", events, body)
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	tests := map[string]struct {
		req    event.Request
		status int
	}{
		"a forged challenge":  {unsigned(challenge), http.StatusUnauthorized},
		"a forged event":      {unsigned(homeOpened), http.StatusUnauthorized},
		"a form":              {request(events, homeOpened), http.StatusUnsupportedMediaType},
		"no JSON":             {told("{"), http.StatusBadRequest},
		"a list":              {told("[]"), http.StatusBadRequest},
		"an empty challenge":  {told(`{"type":"url_verification"}`), http.StatusBadRequest},
		"an endless one":      {told(`{"type":"url_verification","challenge":"` + strings.Repeat("a", 2000) + `"}`), http.StatusBadRequest},
		"nothing":             {told("null"), http.StatusForbidden},
		"another app":         {told(strings.Replace(homeOpened, "A0SIGNALBOX", "A0OTHER", 1)), http.StatusForbidden},
		"another workspace":   {told(strings.Replace(homeOpened, "T0SIGNALBOX", "T0OTHER", 1)), http.StatusForbidden},
		"a user that is none": {told(strings.Replace(homeOpened, "U0DANA00001", "U1 <!here>", 1)), http.StatusBadRequest},
		"an event without id": {told(strings.Replace(homeOpened, "Ev0HOME0001", "", 1)), http.StatusBadRequest},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFront()
			refused(t, f, tt.req, tt.status)
			if len(f.votes.inquiries) != 0 {
				t.Errorf("asked %+v", f.votes.inquiries)
			}
		})
	}
}

func TestEveryButtonCastsItsOwnVerdict(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]approval.Verdict{slack.ActionApprove: approval.Approve, slack.ActionWithdraw: approval.Withdraw} {
		f := newFront()
		if got := f.door.Serve(t.Context(), request(interactions, form(strings.Replace(approveClick, slack.ActionApprove, action, 1)))); got.Status != http.StatusOK || got.Body != "" {
			t.Errorf("%s: answer %+v", action, got)
		}
		if len(f.votes.ballots) != 1 || f.votes.ballots[0].Verdict != want || f.votes.ballots[0].RequestID != requestID {
			t.Errorf("%s casts %+v, want %s", action, f.votes.ballots, want)
		}
	}
}

func TestEveryModalCastsItsOwnVerdict(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]struct {
		verdict approval.Verdict
		silent  bool
	}{
		slack.ActionReject: {approval.Reject, false}, slack.ActionRejectSilently: {approval.Reject, true},
		slack.ActionApproveReason: {approval.Approve, false}, slack.ActionOverride: {approval.Override, false},
	} {
		f := newFront()
		f.door.Serve(t.Context(), request(interactions, form(strings.Replace(approveClick, slack.ActionApprove, action, 1))))
		if len(f.votes.ballots) != 0 || len(f.desk.opened) != 1 || f.desk.opened[0].CallbackID != action {
			t.Fatalf("%s: opened %+v, ballots %v", action, f.desk.opened, f.votes.ballots)
		}
		sent := strings.Replace(submission, `"callback_id":"approval_reject"`, `"callback_id":"`+action+`"`, 1)
		f.door.Serve(t.Context(), request(interactions, form(sent)))
		f.door.Serve(t.Context(), request(interactions, form(strings.NewReplacer(typedReason, " ", "V0VIEW", "V0OTHER").Replace(sent))))
		if wanted := map[bool]int{false: 1, true: 2}[want.silent]; len(f.votes.ballots) != wanted {
			t.Fatalf("%s: ballots %+v, want %d", action, f.votes.ballots, wanted)
		}
		if b := f.votes.ballots[0]; b.Verdict != want.verdict || b.Reason != typedReason || b.Card != card {
			t.Errorf("%s casts %+v", action, b)
		}
	}
}
