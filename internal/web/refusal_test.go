package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/people"
)

// TestLinksThatOpenNothing lists the links that are refused, and the calls
// each may cost: junk must not reach the table, nor a stranger the key.
func TestLinksThatOpenNothing(t *testing.T) {
	t.Parallel()
	resigned := func(change func(*approval.Claims)) func(*testing.T, *world) string {
		return func(t *testing.T, _ *world) string {
			c := claimsOf(dana)
			change(&c)
			return tokenOf(t, c)
		}
	}
	genuine := func(_ *testing.T, w *world) string { return w.token(dana) }
	read, verified := []string{"Link", "Request"}, []string{"Link", "Request", "Verify"}
	tests := []struct {
		name   string
		token  func(*testing.T, *world) string
		status int
		says   string
		calls  []string
	}{
		{"empty", func(*testing.T, *world) string { return "" }, 400, "This link is incomplete", nil},
		{"cut short", func(t *testing.T, w *world) string { return w.token(dana)[:70] }, 400, "This link is incomplete", nil},
		{"markup", func(*testing.T, *world) string { return `"><script>alert(1)</script>` }, 400, "This link is incomplete", nil},
		{"wrong purpose", resigned(func(c *approval.Claims) { c.Purpose = 2 }), 404, "We do not know this link", nil},
		{"no purpose", resigned(func(c *approval.Claims) { c.Purpose = 0 }), 404, "We do not know this link", nil},
		{"expired", resigned(func(c *approval.Claims) { c.ExpiresAt = now }), 410, "This link has expired", nil},
		{"another approval", resigned(func(c *approval.Claims) { c.RequestID = strings.Repeat("b", 25) + "a" }), 404, "We do not know this link", []string{"Link"}},
		{"another person", resigned(func(c *approval.Claims) { c.PersonKey = approval.PersonKey("marco") }), 404, "We do not know this link", []string{"Link"}},
		{"the request is gone", func(_ *testing.T, w *world) string { delete(w.requests, request().ID); return w.token(dana) }, 404, "We do not know this link", read},
		{"the signature of another link", func(_ *testing.T, w *world) string { return w.token(dana)[:43] + w.token(lee)[43:] }, 403, "This link is not genuine", verified},
		{"a longer life than was signed", func(t *testing.T, w *world) string {
			c := claimsOf(dana)
			c.ExpiresAt = c.ExpiresAt.AddDate(1, 0, 0)
			return tokenOf(t, c)[:43] + w.token(dana)[43:]
		}, 403, "This link is not genuine", verified},
		{"the record of somebody else", func(_ *testing.T, w *world) string {
			w.links[key(dana)] = approval.NewLink(request(), lee, code)
			return w.token(dana)
		}, 404, "We do not know this link", verified},
		{"no approver any more", func(_ *testing.T, w *world) string {
			w.edit(func(r *approval.Request) { r.Approvers = []people.Person{lee} })
			return w.token(dana)
		}, 404, "We do not know this link", verified},
		{"the table throttles", func(t *testing.T, w *world) string { w.broken["Link"] = true; return genuine(t, w) }, 503, "We cannot check this link right now", []string{"Link"}},
		{"the table throttles later", func(t *testing.T, w *world) string { w.broken["Request"] = true; return genuine(t, w) }, 503, "We cannot check this link right now", read},
		{"the key is denied", func(t *testing.T, w *world) string { w.broken["Verify"] = true; return genuine(t, w) }, 503, "We cannot check this link right now", verified},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := newWorld(t)
				token := tt.token(t, w)
				var res event.Response
				if method == http.MethodGet {
					res = w.serve(event.Request{Method: method, Query: url.Values{"t": {token}}})
				} else {
					res = w.post(url.Values{"t": {token}, "code": {code}, "verdict": {"approve"}})
				}
				if res.Status != tt.status || !strings.Contains(res.Body, tt.says) {
					t.Errorf("%s: status %d, want %d and %q:\n%s", method, res.Status, tt.status, tt.says, text(res.Body))
				}
				if diff := cmp.Diff(tt.calls, w.calls); diff != "" {
					t.Errorf("%s: calls (-want +got):\n%s", method, diff)
				}
				if strings.Contains(res.Body, "web-shop") || strings.Contains(res.Body, "Dana") || strings.Contains(res.Body, "<form") {
					t.Errorf("%s: a refused link shows an approval", method)
				}
				if res.Status == http.StatusServiceUnavailable && res.Header["Retry-After"] == "" {
					t.Errorf("%s: no Retry-After", method)
				}
			}
		})
	}
}

func TestRequestsThatAreNotForThisPage(t *testing.T) {
	t.Parallel()
	form := "application/x-www-form-urlencoded"
	header := func(kind string) http.Header { return http.Header{"Content-Type": {kind}} }
	good := newWorld(t).form(dana, code, "", "approve").Encode()
	tests := []struct {
		name   string
		req    event.Request
		status int
	}{
		{"another path", event.Request{Method: http.MethodGet, Path: "/admin"}, 404},
		{"below the path", event.Request{Method: http.MethodGet, Path: "/approve/v1.token"}, 404},
		{"PUT", event.Request{Method: http.MethodPut}, 405},
		{"OPTIONS", event.Request{Method: http.MethodOptions}, 405},
		{"a method in small letters", event.Request{Method: "post"}, 405},
		{"JSON", event.Request{Method: http.MethodPost, Header: header("application/json"), Body: []byte(`{"verdict":"approve"}`)}, 415},
		{"multipart", event.Request{Method: http.MethodPost, Header: header("multipart/form-data; boundary=x")}, 415},
		{"text", event.Request{Method: http.MethodPost, Header: header("text/plain"), Body: []byte(good)}, 415},
		{"no type", event.Request{Method: http.MethodPost, Body: []byte(good)}, 415},
		{"two types", event.Request{Method: http.MethodPost, Header: header(form + "," + form), Body: []byte(good)}, 415},
		{"over 8 KiB", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte(good + "&x=" + strings.Repeat("a", 8192))}, 413},
		{"bad escape", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte("t=%zz&verdict=approve")}, 400},
		{"two verdicts", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte(good + "&verdict=reject")}, 400},
		{"two codes", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte(good + "&code=X")}, 400},
		{"two tokens", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte(good + "&t=X")}, 400},
		{"no verdict", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte("t=x&code=y")}, 400},
		{"unknown verdict", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte("t=x&code=y&verdict=Approve")}, 400},
		{"the token in the address alone", event.Request{Method: http.MethodPost, Header: header(form), Body: []byte("code=y&verdict=approve"),
			Query: url.Values{"t": {newWorld(t).token(dana)}}}, 400},
		{"two tokens in the address", event.Request{Method: http.MethodGet, Query: url.Values{"t": {newWorld(t).token(dana), "x"}}}, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			res := w.serve(tt.req)
			if res.Status != tt.status {
				t.Errorf("status %d, want %d:\n%s", res.Status, tt.status, text(res.Body))
			}
			if len(w.calls) > 0 {
				t.Errorf("it cost the calls %v", w.calls)
			}
			if (res.Header["Allow"] == "GET, HEAD, POST") != (tt.status == http.StatusMethodNotAllowed) {
				t.Errorf("Allow: %q", res.Header["Allow"])
			}
		})
	}
}

func TestAHangingServiceBecomesAPage(t *testing.T) {
	t.Parallel()
	tests := map[string]int{"Link": 503, "Request": 503, "Verify": 503, "SpendAttempt": 503, "Cast": 503, "UseLink": 202}
	for call, status := range tests {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // its clock jumps while everybody waits
				w := newWorld(t)
				w.hanging[call] = true
				if res := w.post(w.form(dana, code, "", "approve")); res.Status != status {
					t.Errorf("status %d, want %d", res.Status, status)
				}
			})
		})
	}
}
