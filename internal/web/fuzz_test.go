package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// FuzzPost sends any body. Only the right code of the right link may vote, and
// every answer keeps the page's promises, which serve checks.
func FuzzPost(f *testing.F) {
	w := newWorld(f)
	f.Add("application/x-www-form-urlencoded", w.form(dana, code, "because", "approve").Encode())
	f.Add("application/x-www-form-urlencoded", w.form(dana, "WRNG", "</textarea><script>", "reject").Encode())
	f.Add("application/x-www-form-urlencoded; charset=utf-8", "t=&t=%zz")
	f.Add("text/plain", "\x00\xff")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		w := newWorld(t)
		res := w.postRaw(contentType, body)
		if res.Status < 300 || res.Status > 503 {
			t.Errorf("status %d", res.Status)
		}
		if voted := res.Status == http.StatusSeeOther; voted != (len(w.queue) == 1) {
			t.Errorf("status %d with the queue %v", res.Status, w.queue)
		}
		if fields, err := url.ParseQuery(body); len(w.queue) == 1 && (err != nil || !w.links[key(dana)].Accepts(fields.Get("code"))) {
			t.Errorf("voted without the code: %q", body)
		}
	})
}

func FuzzGet(f *testing.F) {
	w := newWorld(f)
	f.Add(w.token(dana), "1")
	f.Add(w.token(dana)[:80], "")
	f.Add(`"><script>`, "2")
	f.Fuzz(func(t *testing.T, token, voted string) {
		w := newWorld(t)
		res := w.serve(event.Request{Method: http.MethodGet, Query: map[string][]string{"t": {token}, "voted": {voted}}})
		if opened := res.Status == http.StatusOK; opened != (token == w.token(dana) || token == w.token(lee)) {
			t.Errorf("status %d for the token %q", res.Status, token)
		}
	})
}
