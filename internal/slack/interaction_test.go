package slack_test

import (
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/slack"
)

const (
	approveClick = `{"type":"block_actions","api_app_id":"A0SIGNALBOX","trigger_id":"1.2.x","token":"legacy",
		"team":{"id":"T0SIGNALBOX","domain":"signalbox"},"enterprise":null,"user":{"id":"U0DANA00001","name":"dana","team_id":"T0SIGNALBOX"},
		"container":{"type":"message","message_ts":"1773134520.000100","channel_id":"C0RELEASES","is_ephemeral":false},
		"channel":{"id":"C0RELEASES","name":"releases"},"message":{"ts":"1773134520.000100","text":"web-shop waits for approval","blocks":[{"type":"from_the_future","x":[1]}]},
		"response_url":"https://hooks.slack.com/actions/secret-path","state":{"values":{}},
		"actions":[{"type":"button","action_id":"approval_approve","block_id":"approval:abcdefghijklmnopqrstuvwx23","value":"abcdefghijklmnopqrstuvwx23","action_ts":"1773136710.123456"}]}`
	rejectSubmission = `{"type":"view_submission","api_app_id":"A0SIGNALBOX","trigger_id":"1.2.y","team":{"id":"T0SIGNALBOX"},
		"user":{"id":"U0LEE000002","team_id":"T0SIGNALBOX"},
		"view":{"id":"V0VIEW","callback_id":"approval_reject","private_metadata":"{\"request\":\"abcdefghijklmnopqrstuvwx23\",\"channel\":\"C0RELEASES\",\"ts\":\"1773134520.000100\"}",
		"state":{"values":{"reason":{"reason":{"type":"plain_text_input","value":" not yet "}}}}}}`
)

// form is a body with one payload.
func form(payload string) string { return url.Values{"payload": {payload}}.Encode() }

func TestInteractionsBecomeWhatTheyAre(t *testing.T) {
	t.Parallel()
	from := slack.Origin{App: "A0SIGNALBOX", Team: "T0SIGNALBOX", User: "U0DANA00001", UserTeam: "T0SIGNALBOX"}
	click := slack.Click{
		Origin: from, Action: slack.ActionApprove, Request: requestID, Card: card, TS: "1773136710.123456",
		Trigger: "1.2.x", About: "web-shop waits for approval",
	}
	lees := from
	lees.User = "U0LEE000002"
	tests := []struct {
		name, payload string
		want          slack.Interaction
	}{
		{"a click", approveClick, click},
		{"a modal", rejectSubmission, slack.Submission{Origin: lees, Action: slack.ActionReject, View: "V0VIEW", Request: requestID, Card: card, Reason: " not yet "}},
		{"a modal without its field", strings.Replace(rejectSubmission, `"reason":{"reason"`, `"other":{"reason"`, 1), slack.Submission{Origin: lees, Action: slack.ActionReject, View: "V0VIEW", Request: requestID, Card: card}},
		{"an empty field", strings.Replace(rejectSubmission, `" not yet "`, `null`, 1), slack.Submission{Origin: lees, Action: slack.ActionReject, View: "V0VIEW", Request: requestID, Card: card}},
		{"a button of another age", strings.Replace(approveClick, "approval_approve", "promote_v0", 1), slack.Unknown{Origin: from, What: "promote_v0"}},
		{"another modal", strings.Replace(rejectSubmission, `"callback_id":"approval_reject"`, `"callback_id":"x"`, 1), slack.Unknown{Origin: lees, What: "x"}},
		{"a shortcut", strings.Replace(approveClick, "block_actions", "shortcut", 1), slack.Unknown{Origin: from, What: "shortcut"}},
		{"a closed modal", strings.Replace(approveClick, "block_actions", "view_closed", 1), slack.Unknown{Origin: from, What: "view_closed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := slack.ParseInteraction([]byte(form(tt.payload)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMalformedInteractionsAreRefused(t *testing.T) {
	t.Parallel()
	replace := func(payload, old, other string) string {
		if !strings.Contains(payload, old) {
			t.Fatalf("nothing to replace: %s", old)
		}
		return form(strings.Replace(payload, old, other, 1))
	}
	const action = `{"type":"button","action_id":"approval_approve","block_id":"approval:abcdefghijklmnopqrstuvwx23","value":"abcdefghijklmnopqrstuvwx23","action_ts":"1773136710.123456"}`
	bodies := map[string]string{
		"nothing":                 "",
		"no payload":              "a=b",
		"two payloads":            form(approveClick) + "&" + form(approveClick),
		"a payload by another":    "Payload=" + url.QueryEscape(approveClick),
		"a broken escape":         "payload=%zz",
		"a semicolon":             "payload=1;payload=2",
		"no JSON":                 form("hello"),
		"an empty payload":        form(""),
		"null":                    form("null"),
		"a list":                  form("[]"),
		"a string":                form(`"x"`),
		"half":                    form(approveClick[:200]),
		"two values":              form(approveClick + "{}"),
		"deep nesting":            form(strings.Repeat("[", 100_000)),
		"deep nesting inside":     replace(approveClick, `"state":{"values":{}}`, `"state":`+strings.Repeat(`{"a":`, 50_000)),
		"no type":                 replace(approveClick, "block_actions", ""),
		"no user":                 replace(approveClick, "U0DANA00001", ""),
		"a user that is none":     replace(approveClick, "U0DANA00001", "U0DANA:00001"),
		"a user that is a number": replace(approveClick, `"id":"U0DANA00001"`, `"id":7`),
		"no actions":              replace(approveClick, "["+action+"]", "[]"),
		"null actions":            replace(approveClick, "["+action+"]", "null"),
		"a null action":           replace(approveClick, "["+action+"]", "[null,null]"),
		"two actions":             replace(approveClick, action, action+","+action),
		"not a button":            replace(approveClick, `"type":"button"`, `"type":"overflow"`),
		"no request":              replace(approveClick, `"value":"abcdefghijklmnopqrstuvwx23"`, `"value":""`),
		"a request that is none":  replace(approveClick, `"value":"abcdefghijklmnopqrstuvwx23"`, `"value":"abcdefghijklmnopqrstuvwx1!"`),
		"no channel":              replace(approveClick, `"channel_id":"C0RELEASES"`, `"channel_id":""`),
		"no message":              replace(approveClick, `"message_ts":"1773134520.000100"`, `"message_ts":null`),
		"no time of the click":    replace(approveClick, "1773136710.123456", "x:y"),
		"no trigger":              form(strings.NewReplacer("approval_approve", "approval_reject", "1.2.x", "").Replace(approveClick)),
		"no view":                 replace(rejectSubmission, `"id":"V0VIEW"`, `"id":""`),
		"no metadata":             replace(rejectSubmission, `"private_metadata":"{`, `"private_metadata":"`),
		"foreign metadata":        replace(rejectSubmission, `C0RELEASES`, `#releases`),
		"a list of values":        replace(rejectSubmission, `"values":{`, `"values":[],"other":{`),
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := slack.ParseInteraction([]byte(body))
			if !errors.Is(err, slack.ErrMalformed) {
				t.Errorf("ParseInteraction = %v, %v; want ErrMalformed", got, err)
			}
			if err != nil && strings.Contains(err.Error(), "U0DANA") {
				t.Errorf("the error repeats the payload: %v", err)
			}
		})
	}
}

func FuzzParseInteraction(f *testing.F) {
	f.Add(form(approveClick))
	f.Add(form(rejectSubmission))
	f.Add(form(`{"type":"block_actions","actions":[null]}`))
	f.Add(form(`{"type":"view_submission","user":{"id":"U1"},"view":null}`))
	f.Add("payload=null")
	if example, err := os.ReadFile("testdata/modal-approval_reject.golden.json"); err == nil {
		f.Add(form(string(example)))
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := slack.ParseInteraction([]byte(body))
		if (got == nil) == (err == nil) {
			t.Errorf("ParseInteraction(%q) = %v, %v; want exactly one", body, got, err)
		}
		if err != nil && !errors.Is(err, slack.ErrMalformed) {
			t.Errorf("ParseInteraction(%q) fails with %v", body, err)
		}
	})
}
