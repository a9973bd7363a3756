package event_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
)

func TestServeHTTPReadsASlackPost(t *testing.T) {
	t.Parallel()
	var got event.Request
	answer := serve(t, sample(t, "httpapi-v2-slack-post.json"), func(r event.Request) event.Response {
		got = r
		return event.Response{Status: http.StatusOK}
	})
	want := event.Request{
		Method: http.MethodPost,
		Path:   "/slack/interactions",
		Query:  url.Values{},
		Header: http.Header{
			"Host":                      {"abcdefghij.execute-api.eu-west-1.amazonaws.com"},
			"User-Agent":                {"Slackbot 1.0 (+https://api.slack.com/robots)"},
			"Content-Type":              {"application/x-www-form-urlencoded"},
			"X-Slack-Request-Timestamp": {"1773136710"},
			"X-Slack-Signature":         {"v0=" + strings.Repeat("0", 64)},
		},
		Body:      []byte("payload=%7B%22type%22%3A%22block_actions%22%7D"),
		RequestID: "9f8e7d6c-5b4a-4392-8170-6f5e4d3c2b1a",
		SourceIP:  "203.0.113.7",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request differs (-want +got):\n%s", diff)
	}
	if answer.Status != http.StatusOK {
		t.Errorf("status is %d", answer.Status)
	}
}

func TestServeHTTPReadsALink(t *testing.T) {
	t.Parallel()
	serve(t, sample(t, "function-url-request-get.json"), func(r event.Request) event.Response {
		if r.Method != http.MethodGet || r.Query.Get("t") != "EXAMPLE-SIGNED-TOKEN" || len(r.Body) != 0 {
			t.Errorf("read as %s %s with body %q", r.Method, r.Query, r.Body)
		}
		return event.Response{Status: http.StatusOK}
	})
}

func TestServeHTTPWritesTheResponse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		give event.Response
		want answer
	}{
		{"page", event.Response{Status: 200, Header: map[string]string{"Content-Type": "text/html"}, Body: "<p>é"},
			answer{Status: 200, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<p>é"}},
		{"empty", event.Response{Status: 204}, answer{Status: 204}},
		{"bytes that are no text", event.Response{Status: 200, Body: "\xff\x00"},
			answer{Status: 200, Body: "/wA=", Base64: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := serve(t, sample(t, "function-url-request-get.json"), func(event.Request) event.Response { return tt.give })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestServeHTTPRefusesWhatItCannotDecode(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", event.MaxBodyBytes+1)
	tests := []struct {
		name   string
		body   string
		base64 bool
		query  string
		status int
	}{
		{"longest body", long[1:], false, "", http.StatusOK},
		{"longest body in base64", base64.StdEncoding.EncodeToString([]byte(long[1:])), true, "", http.StatusOK},
		{"a byte more", long, false, "", http.StatusRequestEntityTooLarge},
		{"a byte more in base64", base64.StdEncoding.EncodeToString([]byte(long)), true, "", http.StatusRequestEntityTooLarge},
		{"much more in base64", base64.StdEncoding.EncodeToString([]byte(long + long)), true, "", http.StatusRequestEntityTooLarge},
		{"broken base64", "====", true, "", http.StatusBadRequest},
		{"broken query", "", false, "t=%zz", http.StatusBadRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			raw := with(t, sample(t, "httpapi-v2-slack-post.json"), "body", tt.body)
			raw = with(t, raw, "isBase64Encoded", tt.base64)
			raw = with(t, raw, "rawQueryString", tt.query)
			handled := false
			got := serve(t, raw, func(event.Request) event.Response {
				handled = true
				return event.Response{Status: http.StatusOK}
			})
			if got.Status != tt.status || handled != (tt.status == http.StatusOK) {
				t.Errorf("status %d (handled: %v), want %d", got.Status, handled, tt.status)
			}
		})
	}
}

func TestServeHTTPFailsOnWhatIsNoRequest(t *testing.T) {
	t.Parallel()
	handler := event.ServeHTTP(func(context.Context, event.Request) event.Response {
		t.Error("handled")
		return event.Response{}
	})
	request := sample(t, "function-url-request-get.json")
	for name, raw := range map[string]json.RawMessage{
		"no JSON":     json.RawMessage(`{`),
		"an event":    sample(t, "approval-started.json"),
		"no method":   with(t, request, "requestContext.http.method", nil),
		"version 1.0": with(t, request, "version", "1.0"),
	} {
		if answer, err := handler(t.Context(), raw); err == nil {
			t.Errorf("%s: answered %s, want an error", name, answer)
		}
	}
	var malformed *event.MalformedError
	if _, err := handler(t.Context(), json.RawMessage(`{}`)); !errors.As(err, &malformed) {
		t.Errorf("error is %v, want a MalformedError", err)
	}
}

// answer is what API Gateway is told.
type answer struct {
	Status  int               `json:"statusCode"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Base64  bool              `json:"isBase64Encoded"`
}

// serve passes raw through ServeHTTP to handle and reads the answer.
func serve(tb testing.TB, raw json.RawMessage, handle func(event.Request) event.Response) answer {
	tb.Helper()
	out, err := event.ServeHTTP(func(_ context.Context, r event.Request) event.Response { return handle(r) })(tb.Context(), raw)
	if err != nil {
		tb.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		tb.Fatal(err)
	}
	return a
}
