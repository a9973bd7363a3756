package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// ErrTriggerExpired means that a click is too long ago to open a modal: the
// person must click again.
var ErrTriggerExpired = errors.New("trigger expired")

// errNoAnswer: Slack answers neither "ok" nor an error. The library takes that
// for a success.
var errNoAnswer = errors.New("neither ok nor an error in the answer")

// Slack counts its limits by the minute, and does not always say how long to
// wait. https://docs.slack.dev/apis/web-api/rate-limits/
const (
	defaultRetryAfter = 30 * time.Second
	maxRetryAfter     = time.Hour
)

// A RateLimitedError means that Slack wants us to slow down. The message may
// have been posted all the same.
type RateLimitedError struct {
	Method     string
	RetryAfter time.Duration // always positive
}

func (e *RateLimitedError) Error() string {
	return fmt.Sprintf("slack %s: rate limited, try again in %s", e.Method, e.RetryAfter)
}

func rateLimited(method string, after time.Duration) error {
	if after <= 0 {
		after = defaultRetryAfter
	}
	return &RateLimitedError{Method: method, RetryAfter: min(after, maxRetryAfter)}
}

// noCode stands for an error that Slack gives no name.
const noCode = "an error without a code"

// A refusedError is Slack's own "no". scope is what the app lacks, if that is
// why.
type refusedError struct{ method, code, detail, scope string }

func (e *refusedError) Error() string {
	return strings.TrimSuffix("slack "+e.method+": "+e.code+" "+e.detail, " ")
}

// refused reports whether Slack said no with one of codes.
func refused(err error, codes ...string) bool {
	var r *refusedError
	if !errors.As(err, &r) {
		return false
	}
	for _, c := range codes {
		if r.code == c {
			return true
		}
	}
	return false
}

// explain turns the library's error into ours. It keeps neither URLs nor the
// token, which Go's HTTP errors and Slack's form fields would bring along.
func explain(method string, err error, token string) error {
	var (
		limited *slackgo.RateLimitedError
		number  *strconv.NumError // from a Retry-After that is no number
		status  slackgo.StatusCodeError
		answer  slackgo.SlackErrorResponse
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return rateLimited(method, limited.RetryAfter)
	case errors.As(err, &number):
		return rateLimited(method, 0)
	case errors.As(err, &status):
		if status.Code == http.StatusTooManyRequests {
			return rateLimited(method, 0)
		}
		return fmt.Errorf("slack %s: HTTP status %d", method, status.Code)
	case errors.As(err, &answer):
		return refusal(method, answer, token)
	case errors.Is(err, errNoAnswer):
		return fmt.Errorf("slack %s: %w", method, errNoAnswer)
	}
	return broken(method, err, token)
}

func refusal(method string, answer slackgo.SlackErrorResponse, token string) error {
	code := answer.Err
	switch {
	case code == "ratelimited", code == "rate_limited":
		return rateLimited(method, 0)
	case !isErrorCode(code):
		code = noCode
	}
	var detail []string
	if answer.Needed != "" {
		detail = append(detail, "needs "+answer.Needed)
	}
	detail = append(detail, answer.ResponseMetadata.Messages...)
	return &refusedError{
		method: method, code: code, detail: redact(plain(strings.Join(detail, "; "), maxEnding), token), scope: scopeOf(answer.Needed),
	}
}

// scopeOf is s if it reads like scopes, such as "channels:history".
func scopeOf(s string) string {
	if len(s) > maxName || !only(s, func(c byte) bool { return lower(c) || digit(c) || strings.IndexByte(":._, ", c) >= 0 }) {
		return ""
	}
	return s
}

// broken is about a call that had no answer, or one that could not be read.
func broken(method string, err error, token string) error {
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("slack %s: %w", method, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("slack %s: %w", method, context.DeadlineExceeded)
	}
	var outer *url.Error
	if errors.As(err, &outer) { // its own text repeats the URL
		err = outer.Err
	}
	return fmt.Errorf("slack %s: %s", method, redact(plain(err.Error(), maxEnding), token))
}

// redact takes the token out of s, and every word that holds a URL.
func redact(s, token string) string {
	if token != "" {
		s = strings.ReplaceAll(s, token, "[secret]")
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		if strings.Contains(w, "://") {
			words[i] = "[address]"
		}
	}
	return strings.Join(words, " ")
}
