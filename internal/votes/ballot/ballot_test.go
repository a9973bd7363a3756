package ballot_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

func TestDecodeRefusesWhatWasNotCast(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"empty":           ``,
		"no JSON":         `hello`,
		"another value":   `[]`,
		"no schema":       `{"id":"1","request_id":"r","verdict":"approve","door":"Slack","slack_user":"U1","at":"2026-03-10T09:22:00Z"}`,
		"newer schema":    `{"schema":2,"id":"1","request_id":"r","verdict":"approve","door":"Slack","slack_user":"U1","at":"2026-03-10T09:22:00Z"}`,
		"nobody":          `{"schema":1,"id":"1","request_id":"r","verdict":"approve","door":"Slack","at":"2026-03-10T09:22:00Z"}`,
		"wrong type":      `{"schema":1,"id":"1","reason":{"not before noon":1}}`,
		"text after it":   `{"schema":1} not before noon`,
		"too long a body": `{"schema":1,"reason":"` + strings.Repeat("not before noon", 1000) + `"}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ballot.Decode(body)
			if err == nil || got != (approval.Ballot{}) {
				t.Fatalf("Decode = %v, %v; want only an error", got, err)
			}
			if strings.Contains(err.Error(), "noon") {
				t.Errorf("error %q holds the voter's words", err)
			}
		})
	}
}

func TestDecodeIgnoresFieldsOfALaterRelease(t *testing.T) {
	t.Parallel()
	const body = `{"schema":1,"id":"1","request_id":"r","verdict":"approve","door":"Slack","slack_user":"U1","at":"2026-03-10T09:22:00Z","mood":"good"}`
	if _, err := ballot.Decode(body); err != nil {
		t.Errorf("Decode: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"schema":1,"id":"1","request_id":"r","verdict":"approve","door":"Slack","slack_user":"U1","at":"2026-03-10T09:22:00Z"}`)
	f.Add(`{`)
	f.Fuzz(func(t *testing.T, body string) {
		b, err := ballot.Decode(body)
		if err == nil && (b.ID == "" || b.RequestID == "" || !b.Verdict.Valid()) {
			t.Errorf("Decode(%q) = %+v without an error", body, b)
		}
		if err != nil && b != (approval.Ballot{}) {
			t.Errorf("Decode(%q) = %+v and error %v; want one of them", body, b, err)
		}
	})
}
