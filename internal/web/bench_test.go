package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// BenchmarkPage draws the page behind a link, the first time, when its
// template is read, and then again.
func BenchmarkPage(b *testing.B) {
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			w := newWorld(b)
			req := opening(w)
			b.StartTimer()
			draw(b, w, req)
		}
	})
	b.Run("next", func(b *testing.B) {
		w := newWorld(b)
		req := opening(w)
		for b.Loop() {
			draw(b, w, req)
		}
	})
}

func opening(w *world) event.Request {
	return event.Request{Method: http.MethodGet, Path: "/approve", Query: url.Values{"t": {w.token(dana)}}}
}

func draw(b *testing.B, w *world, req event.Request) {
	b.Helper()
	if res := w.page.Serve(b.Context(), req); res.Status != http.StatusOK {
		b.Fatalf("status %d", res.Status)
	}
}
