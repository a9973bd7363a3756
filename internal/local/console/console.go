// Package console serves the browser's view of the local world, and the HTTP
// contract that scripts use, on one loopback port.
//
// It shows what the emulators tell through their control handlers and keeps
// nothing of its own but how far the start has come. It trusts whoever can
// reach the loopback interface, and nobody else: a page of another origin is
// refused, so that a website in the same browser cannot press buttons here.
package console

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path"
)

//go:embed page
var page embed.FS

// contentPolicy lets the page run its own scripts and nothing else. Drawings
// set no inline styles, and nothing is loaded from elsewhere.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// maxBody bounds a request to the control handlers, in bytes.
const maxBody = 1 << 20

// A Person is somebody of the demo, as GET /local/people shows them.
type Person struct {
	Name   string   `json:"name"`
	Slack  string   `json:"slack"`
	Email  string   `json:"email"`
	Groups []string `json:"groups"`
}

// Options says what a console shows.
type Options struct {
	Progress *Progress
	People   []Person
	// Parts are the control handlers of the emulators by path prefix, such as
	// "/local/slack/". A prefix ends in a slash unless it is a whole path.
	Parts map[string]http.Handler
}

// New makes the handler of the console.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", o.Progress.serve)
	mux.HandleFunc("GET /local/people", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, o.People) })
	for prefix, part := range o.Parts {
		mux.Handle(prefix, o.Progress.whenReady(part))
	}
	mux.HandleFunc("/local/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "nothing is served at "+path.Clean(r.URL.Path)+"; docs/local.md lists the calls")
	})
	mux.Handle("/", pages())
	return sameOrigin(mux)
}

func pages() http.Handler {
	root, err := fs.Sub(page, "page")
	if err != nil { // the folder is compiled in
		return http.NotFoundHandler()
	}
	files := http.FileServerFS(root)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentPolicy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what a foreign web page sends: by the Origin that browsers
// add to it, and by the Host, which a rebound DNS name gives away.
func sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, "the console answers on 127.0.0.1 and localhost only")
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			if u, err := url.Parse(origin); err != nil || u.Host != r.Host {
				refuse(w, http.StatusForbidden, "requests of other web pages are refused")
				return
			}
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody is left to tell
}

func refuse(w http.ResponseWriter, status int, sentence string) {
	answer(w, status, map[string]string{"error": sentence})
}
