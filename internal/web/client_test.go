package web_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/people"
)

func sign(message []byte) []byte {
	h := hmac.New(sha256.New, []byte("a key for tests"))
	h.Write(message)
	return h.Sum(nil)
}

func tokenOf(t testing.TB, c approval.Claims) string {
	t.Helper()
	message, err := c.Message()
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.Token(sign(message))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func claimsOf(p people.Person) approval.Claims { return approval.NewLink(request(), p, code).Claims() }

func (w *world) token(p people.Person) string {
	w.t.Helper()
	return tokenOf(w.t, claimsOf(p))
}

// serve asks the page and checks what holds for each of its answers.
func (w *world) serve(req event.Request) event.Response {
	w.t.Helper()
	req.RequestID = reference
	if req.Path == "" {
		req.Path = "/approve"
	}
	res := w.page.Serve(w.t.Context(), req)
	checkResponse(w.t, req, res)
	return res
}

func (w *world) get(query string) event.Response {
	w.t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.serve(event.Request{Method: http.MethodGet, Query: q})
}

func (w *world) post(fields url.Values) event.Response {
	w.t.Helper()
	return w.postRaw("application/x-www-form-urlencoded", fields.Encode())
}

func (w *world) postRaw(contentType, body string) event.Response {
	w.t.Helper()
	return w.serve(event.Request{
		Method: http.MethodPost, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body),
	})
}

func (w *world) form(p people.Person, typed, reason, verdict string) url.Values {
	w.t.Helper()
	return url.Values{"t": {w.token(p)}, "code": {typed}, "reason": {reason}, "verdict": {verdict}}
}

// withLog runs f and returns what it logged. Tests that use it do not run in
// parallel.
func withLog(t *testing.T, f func()) string {
	t.Helper()
	var buf bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&buf, nil)))
	defer slog.SetDefault(before)
	f()
	return buf.String()
}
