package ballot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

var now = time.Date(2026, 3, 10, 9, 22, 0, 0, time.UTC)

// secret is an address at which anybody could answer.
const secret = "https://hooks.slack.com/commands/T0/1/hidden"

const aBallot = `{"schema":1,"kind":"ballot","id":"1","request_id":"r","verdict":"approve","door":"Slack","slack_user":"U1","at":"2026-03-10T09:22:00Z"}`

const anInquiry = `{"schema":1,"kind":"inquiry","id":"1","question":"why","slack_user":"U1","about":"7f2d","reply":"` + secret + `","at":"2026-03-10T09:22:00Z"}`

func TestDecodeRefusesWhatWasNotSent(t *testing.T) {
	t.Parallel()
	swap := func(s, old, other string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("nothing to replace: %s", old)
		}
		return strings.Replace(s, old, other, 1)
	}
	tests := map[string]string{
		"empty":                    ``,
		"no JSON":                  `hello noon`,
		"another value":            `[]`,
		"no schema":                swap(aBallot, `"schema":1,`, ``),
		"newer schema":             swap(aBallot, `"schema":1`, `"schema":2`),
		"unknown kind":             swap(aBallot, `"kind":"ballot"`, `"kind":"noon"`),
		"kind of another type":     swap(aBallot, `"kind":"ballot"`, `"kind":7`),
		"an inquiry called ballot": swap(anInquiry, `"kind":"inquiry"`, `"kind":"ballot"`),
		"a ballot called inquiry":  swap(aBallot, `"kind":"ballot"`, `"kind":"inquiry"`),
		"nobody":                   swap(aBallot, `"slack_user":"U1",`, ``),
		"wrong type":               `{"schema":1,"id":"1","reason":{"not before noon":1}}`,
		"a time that is none":      swap(aBallot, `2026-03-10T09:22:00Z`, `noon`),
		"text after it":            `{"schema":1} not before noon`,
		"too long a body":          `{"schema":1,"reason":"` + strings.Repeat("not before noon", 1000) + `"}`,
		"override without reason":  swap(aBallot, `"verdict":"approve"`, `"verdict":"override","reason":"  "`),
		"another question":         swap(anInquiry, `"question":"why"`, `"question":"noon"`),
		"a question of nobody":     swap(anInquiry, `"slack_user":"U1"`, `"slack_user":""`),
		"a question without reply": swap(anInquiry, secret, ``),
		"a why about nothing":      swap(anInquiry, `"about":"7f2d"`, `"about":""`),
		"a reply that is a list":   swap(anInquiry, `"`+secret+`"`, `["`+secret+`"]`),
		"a reply for a time":       swap(anInquiry, `2026-03-10T09:22:00Z`, secret),
		"an inquiry without id":    swap(anInquiry, `"id":"1"`, `"id":""`),
		"an inquiry without time":  swap(anInquiry, `,"at":"2026-03-10T09:22:00Z"`, ``),
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ballot.Decode(body)
			if err == nil || got != (ballot.Message{}) {
				t.Fatalf("Decode = %v, %v; want only an error", got, err)
			}
			if strings.Contains(err.Error(), "noon") || strings.Contains(err.Error(), "hidden") {
				t.Errorf("error %q repeats the message", err)
			}
		})
	}
}

func TestEveryVerdictArrives(t *testing.T) {
	t.Parallel()
	for _, v := range []approval.Verdict{approval.Approve, approval.Reject, approval.Withdraw, approval.Override} {
		b := approval.Ballot{ID: "1", RequestID: "r", Verdict: v, Reason: "because", Door: approval.DoorSlack, SlackUser: "U1", At: now}
		body, err := ballot.Encode(b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ballot.Decode(body)
		if diff := cmp.Diff(ballot.Message{Ballot: &b}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", v, err, diff)
		}
	}
}

func TestEveryQuestionArrives(t *testing.T) {
	t.Parallel()
	for _, q := range []approval.Inquiry{
		{ID: "1", Question: approval.Home, SlackUser: "U1", At: now},
		{ID: "2", Question: approval.List, SlackUser: "U1", Reply: secret, At: now},
		{ID: "3", Question: approval.Why, SlackUser: "U1", About: "7f2d", Reply: secret, At: now},
	} {
		body, err := ballot.EncodeInquiry(q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ballot.Decode(body)
		if diff := cmp.Diff(ballot.Message{Inquiry: &q}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", q.Question, err, diff)
		}
	}
}

func TestBallotOfAnEarlierReleaseIsCounted(t *testing.T) {
	t.Parallel()
	if m, err := ballot.Decode(strings.Replace(aBallot, `"kind":"ballot",`, ``, 1)); err != nil || m.Ballot == nil {
		t.Errorf("Decode = %+v, %v", m, err)
	}
}

func TestDecodeIgnoresFieldsOfALaterRelease(t *testing.T) {
	t.Parallel()
	if _, err := ballot.Decode(strings.Replace(aBallot, `{`, `{"mood":"good",`, 1)); err != nil {
		t.Errorf("Decode: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(aBallot)
	f.Add(anInquiry)
	f.Add(`{`)
	f.Fuzz(func(t *testing.T, body string) {
		m, err := ballot.Decode(body)
		if ((m.Ballot == nil) == (m.Inquiry == nil)) != (err != nil) {
			t.Errorf("Decode(%q) = %+v and error %v; want exactly one of three", body, m, err)
		}
		if b := m.Ballot; b != nil && (b.ID == "" || b.RequestID == "" || !b.Verdict.Valid()) {
			t.Errorf("Decode(%q) = %+v without an error", body, b)
		}
		if q := m.Inquiry; q != nil && (q.ID == "" || q.SlackUser == "" || !q.Question.Valid()) {
			t.Errorf("Decode(%q) = %+v without an error", body, q)
		}
	})
}
