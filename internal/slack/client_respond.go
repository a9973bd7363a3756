package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// respondMethod names in errors what has no name in Slack's API.
const respondMethod = "response_url"

// maxRespondAnswer is as much of Slack's answer as is read, in bytes.
const maxRespondAnswer = 4 << 10

// errForeignResponse: whoever made up a response_url would get our answers.
var errForeignResponse = errors.New("slack response_url: it does not lead to Slack")

// Respond shows m to the one person whose command or click came with
// responseURL, which works five times within 30 minutes; after that it fails
// with approval.ErrNotFound. The URL is a secret: it gets into no error. It
// must lead to the hooks of the Slack that is configured, or to the host of its
// API itself.
// https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
func (c *Client) Respond(ctx context.Context, responseURL string, m Message) error {
	if !c.leadsToSlack(responseURL) {
		return errForeignResponse
	}
	body, err := json.Marshal(struct {
		Type   string          `json:"response_type"`
		Text   string          `json:"text"`
		Blocks []slackgo.Block `json:"blocks,omitempty"`
		// Whoever answers a command must not lose the card it was typed at.
		Replace bool `json:"replace_original"`
	}{"ephemeral", m.Text, m.Blocks, false})
	if err != nil {
		return fmt.Errorf("encode answer to a response_url: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, responseURL, bytes.NewReader(body))
	if err != nil { // leadsToSlack has parsed it; the error would repeat it
		return errForeignResponse
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := c.http.Do(req)
	if err != nil {
		return broken(respondMethod, err, "")
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxRespondAnswer))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return broken(respondMethod, err, "")
	}
	return responded(resp, strings.TrimSpace(string(answer)))
}

// leadsToSlack reports whether raw is an https URL of Slack's hooks, or has the
// scheme and the host of the API.
func (c *Client) leadsToSlack(raw string) bool {
	api, err := url.Parse(c.url)
	if err != nil {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Opaque != "" || u.Hostname() == "" {
		return false
	}
	hooks := u.Scheme == "https" && u.Host == "hooks."+strings.TrimPrefix(api.Host, "www.")
	return hooks || u.Scheme == api.Scheme && u.Hostname() == api.Hostname()
}

// responded reads what a response_url answers: "ok", or a code, bare or in an
// object.
func responded(resp *http.Response, answer string) error {
	var object struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	code := answer
	if json.Unmarshal([]byte(answer), &object) == nil {
		code = object.Error
	}
	taken := object.OK || answer == "" || answer == "ok"
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, code == "ratelimited", code == "rate_limited":
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // without one, the default
		return rateLimited(respondMethod, time.Duration(seconds)*time.Second)
	case resp.StatusCode == http.StatusOK && taken:
		return nil
	case isErrorCode(code) && !taken:
		return unanswerable(code)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("slack %s: HTTP status %d", respondMethod, resp.StatusCode)
	}
	return fmt.Errorf("slack %s: %w", respondMethod, errNoAnswer)
}

// unanswerable is the error for one of the codes of a response_url.
func unanswerable(code string) error {
	if code == "expired_url" || code == "used_url" {
		return fmt.Errorf("slack %s: %w: %s", respondMethod, approval.ErrNotFound, code)
	}
	return &refusedError{method: respondMethod, code: code}
}
