package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/secret"
)

// window is how far the clock of a signed request may be from ours.
// https://docs.slack.dev/authentication/verifying-requests-from-slack/
const window = 5 * time.Minute

// Why a request does not count as Slack's.
var (
	// ErrUnsigned: it carries no signature, or none that could be one.
	ErrUnsigned = errors.New("no signature")
	// ErrStale: it was signed too long ago, or in the future.
	ErrStale = errors.New("signature out of its time")
	// ErrForged: none of the keys makes this signature.
	ErrForged = errors.New("wrong signature")
)

// Verify reports whether Slack signed body, exactly as it was received, with
// one of keys and within five minutes of now. An empty key signs nothing. The
// same request verifies again until its time is up: see approval.Ballot.ID for
// what becomes of a repetition.
//
// The library's own verifier reads the clock itself and knows one key; during
// a rotation there are two.
func Verify(h http.Header, body []byte, now time.Time, keys ...secret.Text) error {
	stamp, signature := h.Get("X-Slack-Request-Timestamp"), h.Get("X-Slack-Signature")
	unix, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || signature == "" {
		return ErrUnsigned
	}
	if age := now.Sub(time.Unix(unix, 0)); age > window || age < -window {
		return ErrStale
	}
	genuine := false
	for _, key := range keys {
		if key.Empty() {
			continue
		}
		mac := hmac.New(sha256.New, []byte(key.Reveal()))
		mac.Write([]byte("v0:" + stamp + ":"))
		mac.Write(body)
		want := "v0=" + hex.EncodeToString(mac.Sum(nil))
		genuine = hmac.Equal([]byte(want), []byte(signature)) || genuine
	}
	if !genuine {
		return ErrForged
	}
	return nil
}
