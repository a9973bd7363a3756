package slack_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func rateLimited(o *slack.Options) { o.RateLimits = true }

func TestSlackFailsAsOrderedAndThenWorksAgain(t *testing.T) {
	t.Parallel()
	isLimited := func(err error) bool {
		var limited *slackgo.RateLimitedError
		return errors.As(err, &limited) && limited.RetryAfter == time.Second
	}
	isStatus := func(status int) func(error) bool {
		return func(err error) bool {
			var code slackgo.StatusCodeError
			return errors.As(err, &code) && code.Code == status
		}
	}
	isCode := func(code string) func(error) bool {
		return func(err error) bool { return err != nil && err.Error() == code }
	}
	broken := func(err error) bool { return err != nil }
	tests := map[slack.Fault]struct {
		failed func(error) bool
		posted int
	}{
		slack.RateLimited:                  {isLimited, 0},
		slack.RateLimitedAfterCommit:       {isLimited, 1},
		slack.RateLimitedBare:              {isStatus(http.StatusTooManyRequests), 0},
		slack.RateLimitedOK:                {isCode("ratelimited"), 0},
		slack.ServerError:                  {isStatus(http.StatusInternalServerError), 0},
		slack.Hang:                         {broken, 0},
		slack.TimeoutAfterCommit:           {broken, 1},
		slack.Reset:                        {broken, 0},
		slack.ResetAfterCommit:             {broken, 1},
		slack.ErrorFault("invalid_blocks"): {isCode("invalid_blocks"), 0},
	}
	for fault, tt := range tests {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			impatient := slackgo.New(token, slackgo.OptionAPIURL(w.url+"/api/"), slackgo.OptionHTTPClient(&http.Client{Timeout: 200 * time.Millisecond}))
			if err := w.Fail("chat.postMessage", fault, 1); err != nil {
				t.Fatal(err)
			}
			_, _, err := impatient.PostMessageContext(t.Context(), releases, slackgo.MsgOptionText("x", false))
			if !tt.failed(err) {
				t.Errorf("first post: %v (%T)", err, err)
			}
			if got := len(w.Messages(releases)); got != tt.posted {
				t.Errorf("%d messages after the fault, want %d", got, tt.posted)
			}
			w.postCard(t)
		})
	}
}

// slack-go takes an error without a name for success: our own code must not.
func TestANamelessErrorHasNoTimestamp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Fail("*", slack.Nameless, 1); err != nil {
		t.Fatal(err)
	}
	_, ts, err := w.client.PostMessageContext(t.Context(), releases, slackgo.MsgOptionText("x", false))
	if err != nil || ts != "" || len(w.Messages(releases)) != 0 {
		t.Errorf("ts %q, error %v, %d messages; want nothing at all", ts, err, len(w.Messages(releases)))
	}
}

func TestFaultsAreOrderedThroughTheControlAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	order := func(method, fault string, times int) (int, string) {
		var answer struct{ Error string }
		status := w.control(t, http.MethodPost, "/local/slack/faults", map[string]any{"method": method, "fault": fault, "times": times}, &answer)
		return status, answer.Error
	}
	if status, problem := order("auth.test", "rate_limited_ok", 2); status != http.StatusOK {
		t.Fatalf("order: %d %s", status, problem)
	}
	_, err := w.client.AuthTestContext(t.Context())
	wantCode(t, "auth.test", err, "ratelimited")
	if status, problem := order("auth.test", "rate_limited_ok", 0); status != http.StatusOK {
		t.Fatalf("withdraw: %d %s", status, problem)
	}
	if _, err := w.client.AuthTestContext(t.Context()); err != nil {
		t.Errorf("auth.test after the fault was withdrawn: %v", err)
	}
	for _, wrong := range []struct {
		method, fault string
		times         int
	}{{"chat.shout", "hang", 1}, {"auth.test", "explode", 1}, {"auth.test", "error:", 1}, {"auth.test", "hang", -1}} {
		if status, problem := order(wrong.method, wrong.fault, wrong.times); status != http.StatusBadRequest || problem == "" {
			t.Errorf("order %+v: %d %q, want 400 with a sentence", wrong, status, problem)
		}
	}
}
