package slack_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
)

// Slack's published example.
// https://docs.slack.dev/authentication/verifying-requests-from-slack/
const (
	exampleKey       = "8f742231b10e8888abcd99yyyzzz85a5"
	exampleStamp     = "1531420618"
	exampleSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	exampleBody      = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F" +
		"T1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

var exampleTime = time.Unix(1531420618, 0)

func headers(stamp, signature string) http.Header {
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", signature)
	return h
}

// sign is written out here again, so that the tests do not trust the code.
func sign(key, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func TestOnlySlacksSignatureInItsTimeVerifies(t *testing.T) {
	t.Parallel()
	key, other := secret.NewText(exampleKey), secret.NewText("another")
	stamp := func(d time.Duration) string { return strconv.FormatInt(exampleTime.Add(d).Unix(), 10) }
	signed := func(d time.Duration) http.Header { return headers(stamp(d), sign(exampleKey, stamp(d), exampleBody)) }
	example := headers(exampleStamp, exampleSignature)
	tests := []struct {
		name   string
		header http.Header
		body   string
		now    time.Time
		keys   []secret.Text
		want   error
	}{
		{"the published example", example, exampleBody, exampleTime, []secret.Text{key}, nil},
		{"the second of two keys", example, exampleBody, exampleTime, []secret.Text{other, key}, nil},
		{"the first of two keys", example, exampleBody, exampleTime, []secret.Text{key, other}, nil},
		{"another key", example, exampleBody, exampleTime, []secret.Text{other}, slack.ErrForged},
		{"no key", example, exampleBody, exampleTime, nil, slack.ErrForged},
		{"an empty key signs nothing", headers(exampleStamp, sign("", exampleStamp, exampleBody)), exampleBody, exampleTime, []secret.Text{{}, secret.NewText("")}, slack.ErrForged},
		{"one byte more", example, exampleBody + "&", exampleTime, []secret.Text{key}, slack.ErrForged},
		{"one byte less", example, exampleBody[:len(exampleBody)-1], exampleTime, []secret.Text{key}, slack.ErrForged},
		{"no body", example, "", exampleTime, []secret.Text{key}, slack.ErrForged},
		{"five minutes old", signed(-300 * time.Second), exampleBody, exampleTime, []secret.Text{key}, nil},
		{"older", signed(-301 * time.Second), exampleBody, exampleTime, []secret.Text{key}, slack.ErrStale},
		{"five minutes ahead", signed(300 * time.Second), exampleBody, exampleTime, []secret.Text{key}, nil},
		{"further ahead", signed(301 * time.Second), exampleBody, exampleTime, []secret.Text{key}, slack.ErrStale},
		{"the end of time", headers("9223372036854775807", exampleSignature), exampleBody, exampleTime, []secret.Text{key}, slack.ErrStale},
		{"the beginning of time", headers("-9223372036854775808", exampleSignature), exampleBody, exampleTime, []secret.Text{key}, slack.ErrStale},
		{"no headers", http.Header{}, exampleBody, exampleTime, []secret.Text{key}, slack.ErrUnsigned},
		{"no signature", headers(exampleStamp, ""), exampleBody, exampleTime, []secret.Text{key}, slack.ErrUnsigned},
		{"no timestamp", headers("", exampleSignature), exampleBody, exampleTime, []secret.Text{key}, slack.ErrUnsigned},
		{"a timestamp that is no number", headers("now", exampleSignature), exampleBody, exampleTime, []secret.Text{key}, slack.ErrUnsigned},
		{"two timestamps", headers(exampleStamp+","+exampleStamp, exampleSignature), exampleBody, exampleTime, []secret.Text{key}, slack.ErrUnsigned},
		{"another version", headers(exampleStamp, strings.Replace(exampleSignature, "v0", "v1", 1)), exampleBody, exampleTime, []secret.Text{key}, slack.ErrForged},
		{"capital letters", headers(exampleStamp, strings.ToUpper(exampleSignature)), exampleBody, exampleTime, []secret.Text{key}, slack.ErrForged},
		{"the start of the signature", headers(exampleStamp, exampleSignature[:20]), exampleBody, exampleTime, []secret.Text{key}, slack.ErrForged},
		{"another number for the same time", headers("0"+exampleStamp, exampleSignature), exampleBody, exampleTime, []secret.Text{key}, slack.ErrForged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := slack.Verify(tt.header, []byte(tt.body), tt.now, tt.keys...); !errors.Is(err, tt.want) {
				t.Errorf("Verify = %v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzNothingElseVerifies(f *testing.F) {
	f.Add(exampleStamp, exampleSignature, exampleBody+" ")
	f.Add("1531420619", exampleSignature, exampleBody)
	f.Add(exampleStamp, "v0=", "")
	key := secret.NewText(exampleKey)
	f.Fuzz(func(t *testing.T, stamp, signature, body string) {
		err := slack.Verify(headers(stamp, signature), []byte(body), exampleTime, key)
		if genuine := signature == sign(exampleKey, stamp, body); err == nil && !genuine {
			t.Errorf("Verify accepts %q %q %q", stamp, signature, body)
		}
	})
}
