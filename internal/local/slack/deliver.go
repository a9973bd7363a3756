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
	return w.deliver(ctx, "/slack/interactions", url.Values{"payload": {string(raw)}})
}

// deliver signs form and posts it to the app, as Slack does.
func (w *Workspace) deliver(ctx context.Context, path string, form url.Values) (Answer, error) {
	w.mu.Lock()
	base := w.requestURL
	w.mu.Unlock()
	if base == "" {
		return Answer{}, deny(http.StatusServiceUnavailable, "Slack does not know yet where the app listens.")
	}
	body := form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("address the app: %w", err)
	}
	started := w.now()
	stamp := strconv.FormatInt(started.Unix(), 10)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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
	a := Answer{
		Status:      resp.StatusCode,
		LatencyMS:   w.now().Sub(started).Milliseconds(),
		Body:        string(content),
		contentType: resp.Header.Get("Content-Type"),
	}
	a.Problem = a.complaint()
	return a, nil
}

// complaint is what Slack has against the answer, whatever it was an answer to.
func (a Answer) complaint() string {
	switch {
	case a.Status != http.StatusOK:
		return fmt.Sprintf("Slack shows an error: the app answered %d, and only 200 counts.", a.Status)
	case time.Duration(a.LatencyMS)*time.Millisecond > slackPatience:
		return fmt.Sprintf("Slack shows an error: the app took %d ms, and Slack waits %d.", a.LatencyMS, slackPatience.Milliseconds())
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
