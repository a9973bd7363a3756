package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/console"
)

func newConsole(ready bool) http.Handler {
	p := &console.Progress{}
	p.Step("deploying")
	if ready {
		p.Ready()
	}
	part := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		_, _ = io.WriteString(w, r.URL.Path)
	})
	return console.New(console.Options{
		Progress: p, People: []console.Person{{Name: "Dana", Slack: "U1"}},
		Parts: map[string]http.Handler{"/local/slack/": part},
	})
}

func TestConsole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, path, host, origin string
		ready                            bool
		status                           int
		body                             string
	}{
		{"healthy", "GET", "/healthz", "127.0.0.1:8080", "", true, 200, `{"ready":true}`},
		{"starting", "GET", "/healthz", "127.0.0.1:8080", "", false, 503, `"step":"deploying"`},
		{"a part while starting", "GET", "/local/slack/messages", "127.0.0.1:8080", "", false, 503, "still starting: deploying"},
		{"a part", "GET", "/local/slack/messages", "localhost:8080", "", true, 200, "/local/slack/messages"},
		{"people", "GET", "/local/people", "[::1]:8080", "", true, 200, `"name":"Dana"`},
		{"an unknown call", "GET", "/local/nothing", "127.0.0.1:8080", "", true, 404, "docs/local.md"},
		{"the page", "GET", "/", "127.0.0.1:8080", "", true, 200, "<title>Signalbox console</title>"},
		{"its script", "GET", "/app.js", "127.0.0.1:8080", "", true, 200, "import"},
		{"another website", "POST", "/local/slack/actions", "127.0.0.1:8080", "https://evil.example", true, 403, "other web pages"},
		{"a rebound name", "GET", "/local/people", "evil.example:8080", "", true, 421, "127.0.0.1"},
		{"our own page", "POST", "/local/slack/actions", "127.0.0.1:8080", "http://127.0.0.1:8080", true, 200, "actions"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(tt.method, tt.path, strings.NewReader("{}"))
			req.Host = tt.host
			if tt.origin != "" {
				req.Header.Set("Origin", tt.origin)
			}
			rec := httptest.NewRecorder()
			newConsole(tt.ready).ServeHTTP(rec, req)
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.body) {
				t.Errorf("%s %s = %d %q, want %d with %q", tt.method, tt.path, rec.Code, rec.Body, tt.status, tt.body)
			}
		})
	}
}

func TestThePageRunsOnlyItsOwnScripts(t *testing.T) {
	t.Parallel()
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Host = "127.0.0.1"
	newConsole(true).ServeHTTP(rec, req)
	if csp := rec.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
}

func TestAHugeBodyIsCutOff(t *testing.T) {
	t.Parallel()
	req := httptest.NewRequest(http.MethodPost, "/local/slack/actions", strings.NewReader(strings.Repeat("x", 2<<20)))
	req.Host = "127.0.0.1"
	rec := httptest.NewRecorder()
	newConsole(true).ServeHTTP(rec, req)
	if rec.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MiB answered %d, want 413", rec.Code)
	}
}
