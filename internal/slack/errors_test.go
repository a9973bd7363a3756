package slack_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// every runs f for every method of the client that calls Slack.
func every(t *testing.T, f func(t *testing.T, do func(context.Context, *slack.Client) error)) {
	t.Helper()
	modal, err := slack.ReasonModal(slack.Click{Action: slack.ActionReject, Request: requestID, Card: card})
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(context.Context, *slack.Client) error{
		"Post": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Post(ctx, pending(), "C0RELEASES")
			return err
		},
		"Announce": func(ctx context.Context, c *slack.Client) error {
			return c.Announce(ctx, pending(), card, approval.Announcement{Kind: approval.Reminding, At: voted})
		},
		"Confirm": func(ctx context.Context, c *slack.Client) error {
			return c.Confirm(ctx, card, "U0DANA00001", pending(), approval.Invitation{To: dana, URL: "https://releases.example.com/approve?t=x"})
		},
		"Home": func(ctx context.Context, c *slack.Client) error {
			return c.Home(ctx, "U0DANA00001", approval.Overview{})
		},
		"Post to a member": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Post(ctx, pending(), "U0DANA00001")
			return err
		},
		"Update":  func(ctx context.Context, c *slack.Client) error { return c.Update(ctx, pending(), card) },
		"Tell":    func(ctx context.Context, c *slack.Client) error { return c.Tell(ctx, card, "U0DANA00001", "x") },
		"Voter":   func(ctx context.Context, c *slack.Client) error { _, err := c.Voter(ctx, "U0DANA00001"); return err },
		"Open":    func(ctx context.Context, c *slack.Client) error { return c.Open(ctx, "1.2.x", modal) },
		"Publish": func(ctx context.Context, c *slack.Client) error { return c.Publish(ctx, "U0DANA00001", homeTab()) },
		"Reply":   func(ctx context.Context, c *slack.Client) error { return c.Reply(ctx, card, note, true) },
		"Direct": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Direct(ctx, "U0DANA00001", note)
			return err
		},
		"PostCard": func(ctx context.Context, c *slack.Client) error {
			_, err := c.PostCard(ctx, "C0RELEASES", building().view())
			return err
		},
		"PostCard to a member": func(ctx context.Context, c *slack.Client) error {
			_, err := c.PostCard(ctx, "U0DANA00001", building().view())
			return err
		},
		"EditCard": func(ctx context.Context, c *slack.Client) error {
			return c.EditCard(ctx, cardAt, building().view())
		},
		"Say": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Say(ctx, cardAt, sayings()["failed"])
			return err
		},
		"PostDigest": func(ctx context.Context, c *slack.Client) error {
			_, err := c.PostDigest(ctx, "C0RELEASES", "digest 1", notice.Digest{}, nil)
			return err
		},
		"Find": func(ctx context.Context, c *slack.Client) error {
			_, err := c.Find(ctx, telegraph.Message{Channel: "C0RELEASES"}, executionID, voted)
			return err
		},
		"Members": func(ctx context.Context, c *slack.Client) error { _, err := c.Members(ctx, "S0QA0000001"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, do)
		})
	}
}

func TestSlackSlowsUsDownInEveryWay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer answer
		after  time.Duration
	}{
		{"with a number", answer{status: 429, header: map[string]string{"Retry-After": "7"}}, 7 * time.Second},
		{"without one", answer{status: 429, body: "slow down"}, 30 * time.Second},
		{"with a word", answer{status: 429, header: map[string]string{"Retry-After": "soon"}}, 30 * time.Second},
		{"with nothing to wait for", answer{status: 429, header: map[string]string{"Retry-After": "0"}}, 30 * time.Second},
		{"with a negative number", answer{status: 429, header: map[string]string{"Retry-After": "-5"}}, 30 * time.Second},
		{"with a very large number", answer{status: 429, header: map[string]string{"Retry-After": "999999"}}, time.Hour},
		{"as an answer", no("ratelimited"), 30 * time.Second},
		{"as another answer", no("rate_limited"), 30 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			every(t, func(t *testing.T, do func(context.Context, *slack.Client) error) {
				a := newAPI(t, tt.answer)
				err := do(t.Context(), a.client(&vault{current: botToken}))
				var limited *slack.RateLimitedError
				if !errors.As(err, &limited) || limited.RetryAfter != tt.after {
					t.Errorf("error = %v, want a RateLimitedError of %v", err, tt.after)
				}
				if len(a.calls) != 1 {
					t.Errorf("%d calls, want 1: the caller retries", len(a.calls))
				}
			})
		})
	}
}

// TestNoErrorIsSilentOrTellsASecret lets Slack fail in all the ways we know.
func TestNoErrorIsSilentOrTellsASecret(t *testing.T) {
	t.Parallel()
	hijack := func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
	}
	answers := map[string]answer{
		"ok is false without an error": ok(`{"ok":false}`),
		"an empty object":              ok(`{}`),
		"null":                         ok(`null`),
		"nothing":                      ok(``),
		"half an answer":               ok(`{"ok":true,"chan`),
		"HTML":                         {status: 200, body: "<html>Slack is down</html>"},
		"a list":                       ok(`[]`),
		"HTTP 500":                     {status: 500, body: "<html>" + botToken + "</html>"},
		"HTTP 503":                     {status: 503},
		"HTTP 403":                     {status: 403},
		"a reset connection":           {do: hijack},
		"fatal_error":                  no("fatal_error"),
		"missing_scope":                ok(`{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"commands"}`),
		"an error with the token":      ok(`{"ok":false,"error":"no_permission","response_metadata":{"messages":["token=` + botToken + ` at https://slack.com/x?token=` + botToken + `"]}}`),
		"an error that is a text":      ok(`{"ok":false,"error":"your token ` + botToken + ` is wrong"}`),
		"an error that is a number":    ok(`{"ok":false,"error":7}`),
		"an odd list of errors":        ok(`{"ok":false,"error":"x","errors":[{"odd":"` + botToken + `"}]}`),
		"not_in_channel":               no("not_in_channel"),
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			every(t, func(t *testing.T, do func(context.Context, *slack.Client) error) {
				a := newAPI(t, answer)
				err := do(t.Context(), a.client(&vault{current: botToken}))
				checkError(t, err, a.Server)
				if errors.Is(err, approval.ErrNotFound) {
					t.Errorf("%v passes for not found", err)
				}
			})
		})
	}
}

func checkError(t *testing.T, err error, server *httptest.Server) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, hidden := range []string{botToken, newToken, "://", server.URL} {
		if strings.Contains(err.Error(), hidden) {
			t.Errorf("error tells %q: %v", hidden, err)
		}
	}
	if !strings.HasPrefix(err.Error(), "slack ") {
		t.Errorf("error does not say what failed: %v", err)
	}
}

func TestSlackThatCannotBeReachedIsAnError(t *testing.T) {
	t.Parallel()
	every(t, func(t *testing.T, do func(context.Context, *slack.Client) error) {
		a := newAPI(t, postedOK)
		a.Close()
		checkError(t, do(t.Context(), a.client(&vault{current: botToken})), a.Server)
		bad := slack.NewClient("http://slack.example:port/"+botToken+"/", "T", &http.Client{}, &vault{current: botToken})
		checkError(t, do(t.Context(), bad), a.Server)
	})
}

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestSlackThatHangsIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	a := newAPI(t, answer{do: hangs})
	_, err := a.client(&vault{current: botToken}).Post(t.Context(), pending(), "C0RELEASES")
	if took := time.Since(begin); took > 4*time.Second {
		t.Errorf("took %v", took)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want DeadlineExceeded", err)
	}
	checkError(t, err, a.Server)
}

func TestEveryCallKeepsItsDeadline(t *testing.T) {
	t.Parallel()
	every(t, func(t *testing.T, do func(context.Context, *slack.Client) error) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		a := newAPI(t, answer{do: hangs})
		err := do(ctx, a.client(&vault{current: botToken}))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want DeadlineExceeded", err)
		}
		checkError(t, err, a.Server)
	})
}

func TestRateLimitSaysHowLong(t *testing.T) {
	t.Parallel()
	err := &slack.RateLimitedError{Method: "chat.update", RetryAfter: 7 * time.Second}
	if got, want := err.Error(), "slack chat.update: rate limited, try again in 7s"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}
