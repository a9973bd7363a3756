package calls

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/local/control"
)

// prefix begins the addresses that functions get:
// /fn/<function>/<upstream>/<what the upstream gets>.
const prefix = "/fn/"

// maxBody is the largest request that is passed on, in bytes: more than any that
// a function of ours makes (chosen).
const maxBody = 64 << 20

// idleTimeout is below what upstreams allow (MiniStack's 75 seconds): one that
// hangs up just when a call begins would fail that call, which it would not do
// without us.
const idleTimeout = 30 * time.Second

// A Recorder passes on the calls of functions and lists them. It is safe for
// concurrent use.
type Recorder struct {
	list      list
	upstreams map[string]upstream
	// variables are the upstreams' names by the variable that leads to each.
	variables map[string]string
	proxy     *httputil.ReverseProxy
	transport *http.Transport
}

// An upstream is one that has been checked.
type upstream struct {
	Upstream
	base *url.URL
}

// New is a Recorder for calls of the upstreams. The error names one whose URL
// is none.
func New(upstreams ...Upstream) (*Recorder, error) {
	r := &Recorder{
		upstreams: map[string]upstream{}, variables: map[string]string{},
		// Functions set the time limits, for themselves: we wait as long as they.
		transport: &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: idleTimeout, DisableCompression: true},
	}
	for _, u := range upstreams {
		base, err := url.Parse(u.URL)
		if err != nil || base.Host == "" {
			return nil, fmt.Errorf("record the calls of %s: %q is no URL", u.Name, u.URL)
		}
		r.upstreams[u.Name] = upstream{u, base}
		for _, v := range u.Variables {
			r.variables[v] = u.Name
		}
	}
	r.proxy = &httputil.ReverseProxy{
		Rewrite: rewrite, Transport: r.transport, FlushInterval: -1,
		ModifyResponse: func(response *http.Response) error {
			if p, ok := passage(response.Request); ok {
				r.list.answered(p.call, response.StatusCode)
			}
			return nil
		},
		ErrorHandler: hangUp,
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // addresses are in its lines
	}
	return r, nil
}

// Environment is what leads function to us instead of to the upstreams, when
// base is the URL of Handler.
func (r *Recorder) Environment(base, function string) map[string]string {
	env := map[string]string{}
	for variable, name := range r.variables {
		address := base + prefix + url.PathEscape(function) + "/" + name
		if strings.HasSuffix(r.upstreams[name].URL, "/") { // as those who add a path to it expect
			address += "/"
		}
		env[variable] = address
	}
	return env
}

// Handler is what functions talk to.
func (r *Recorder) Handler() http.Handler { return http.HandlerFunc(r.pass) }

// Control is what has been recorded, over HTTP:
//
//	GET    /local/calls   all calls that are kept, newest last
//	DELETE /local/calls   forgets them
func (r *Recorder) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/calls", func(w http.ResponseWriter, _ *http.Request) { control.Answer(w, r.Calls()) })
	mux.HandleFunc("DELETE /local/calls", func(w http.ResponseWriter, _ *http.Request) {
		r.list.clear()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

// Calls are the calls that are kept, newest last.
func (r *Recorder) Calls() []Call { return r.list.all() }

// Close closes the connections that are not in use.
func (r *Recorder) Close() { r.transport.CloseIdleConnections() }

// A passing is one call on its way to an upstream.
type passing struct {
	upstream upstream
	call     *Call
}

// passingKey is the context key of a passing.
type passingKey struct{}

func passage(r *http.Request) (passing, bool) {
	p, ok := r.Context().Value(passingKey{}).(passing)
	return p, ok
}

// pass passes one call on. It reads the path itself: a ServeMux would tidy it.
func (r *Recorder) pass(w http.ResponseWriter, request *http.Request) {
	function, name, rest := split(request.URL)
	u, known := r.upstreams[name]
	if !known {
		control.Refuse(w, http.StatusNotFound, "nothing is served here: calls go to "+prefix+"<function>/<service>/")
		return
	}
	call := &Call{Function: function, Time: time.Now()}
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxBody))
	if err != nil {
		control.Refuse(w, http.StatusRequestEntityTooLarge, "the request is broken off, or larger than any that is passed on here")
		return
	}
	request = request.WithContext(context.WithValue(request.Context(), passingKey{}, passing{u, call}))
	request.URL = rest
	hold(request, body)
	call.Service, call.Operation = u.Read(request, body)
	r.list.begin(call)
	defer r.list.end(call) // also when the upstream stops in the middle of its answer
	r.proxy.ServeHTTP(w, request)
}

// hold makes body that of r. A request that still comes in while its answer goes
// out would be cut off: the server closes its body with the first byte of the
// answer, for which the transport closes the upstream's connection.
func hold(r *http.Request, body []byte) {
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 {
		r.Body = http.NoBody
	}
	r.ContentLength, r.TransferEncoding = int64(len(body)), nil
}

// split takes u apart into the function, the name of the upstream and what the
// upstream is to get, which keeps its spelling.
func split(u *url.URL) (function, name string, rest *url.URL) {
	path, found := strings.CutPrefix(u.EscapedPath(), prefix)
	parts := strings.SplitN(path+"/", "/", 3) // SDKs leave out the last slash
	if !found || len(parts) < 3 {
		return "", "", u
	}
	function, err := url.PathUnescape(parts[0])
	if err != nil {
		function = parts[0]
	}
	own := *u
	own.RawPath = "/" + strings.TrimSuffix(parts[2], "/")
	if own.Path, err = url.PathUnescape(own.RawPath); err != nil {
		own.Path = own.RawPath
	}
	return function, parts[1], &own
}

func rewrite(r *httputil.ProxyRequest) {
	if p, ok := passage(r.In); ok {
		r.SetURL(p.upstream.base)
	}
}

// hangUp ends a call that the upstream has not answered as the upstream would
// have: without an answer.
func hangUp(w http.ResponseWriter, _ *http.Request, _ error) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2, which nobody speaks here
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = connection.Close()
}
