package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An Answer is what the app answered to something that a user did.
type Answer struct {
	Status    int    `json:"status"`
	LatencyMS int64  `json:"latency_ms"`
	Body      string `json:"body"`
	// Problem says what Slack would have shown to the user instead of taking
	// the answer; empty when all is well.
	Problem string `json:"problem,omitempty"`

	contentType string
	// noRetry is the app's wish not to get the event again.
	noRetry bool
}

// A Refusal says why Slack would not let the user do that. It is an error so
// that nobody takes a click that never happened for one that did.
type Refusal struct {
	// Status is the HTTP status that fits.
	Status   int
	Sentence string
}

func (r Refusal) Error() string { return r.Sentence }

func deny(status int, format string, args ...any) error {
	return Refusal{Status: status, Sentence: fmt.Sprintf(format, args...)}
}

// interact sends an interaction payload to the app.
func (w *Workspace) interact(ctx context.Context, payload map[string]any) (Answer, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return Answer{}, fmt.Errorf("write the payload of %v: %w", payload["type"], err)
	}
	return w.submit(ctx, "/slack/interactions", url.Values{"payload": {string(raw)}})
}

// submit posts a form to the app for a user who waits.
func (w *Workspace) submit(ctx context.Context, path string, form url.Values) (Answer, error) {
	a, err := w.deliver(ctx, path, form.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	a.Problem = a.complaint("Slack shows an error")
	return a, err
}

// deliver signs body and posts it to the app, as Slack does.
func (w *Workspace) deliver(ctx context.Context, path, body string, header map[string]string) (Answer, error) {
	w.mu.Lock()
	base := w.requestURL
	w.mu.Unlock()
	if base == "" {
		return Answer{}, deny(http.StatusServiceUnavailable, "Slack does not know yet where the app listens.")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("address the app: %w", err)
	}
	started := w.now()
	stamp := strconv.FormatInt(started.Unix(), 10)
	for name, value := range header {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", sign(w.options.SigningSecret, stamp, body))
	resp, err := w.client.Do(req)
	if err != nil {
		return Answer{}, fmt.Errorf("reach the app: %w", err)
	}
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return Answer{}, fmt.Errorf("read the app's answer: %w", err)
	}
	return Answer{
		Status:      resp.StatusCode,
		LatencyMS:   w.now().Sub(started).Milliseconds(),
		Body:        string(content),
		contentType: resp.Header.Get("Content-Type"),
		noRetry:     resp.Header.Get("X-Slack-No-Retry") == "1",
	}, nil
}

// complaint is what Slack has against the answer, whatever it was an answer to,
// and what it does about it.
func (a Answer) complaint(consequence string) string {
	switch {
	case a.Status == 0: // there is none
		return ""
	case a.Status != http.StatusOK:
		return fmt.Sprintf("%s: the app answered %d, and only 200 counts.", consequence, a.Status)
	case time.Duration(a.LatencyMS)*time.Millisecond > slackPatience:
		return fmt.Sprintf("%s: the app took %d ms, and Slack waits %d.", consequence, a.LatencyMS, slackPatience.Milliseconds())
	default:
		return ""
	}
}

// sign makes the v0 signature of a request.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+stamp+":"+body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// payload begins an interaction payload by u.
func (w *Workspace) payload(kind string, u User) map[string]any {
	return map[string]any{
		"type":                  kind,
		"api_app_id":            w.options.App.ID,
		"team":                  map[string]any{"id": w.options.Team.ID, "domain": w.options.Team.Domain},
		"enterprise":            nil,
		"is_enterprise_install": false,
		"user": map[string]any{
			"id": u.ID, "username": u.Name, "name": u.Name, "team_id": w.teamOf(u),
		},
	}
}
