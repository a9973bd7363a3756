package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// A gateway gives the HTTP API a URL of its own, as a custom domain does on
// AWS. A local AWS tells its APIs apart by a Host header that browsers and
// resolvers do not all know the way to, and by an id that is made up during the
// deployment; the gateway's URL works everywhere and is known before.
type gateway struct {
	endpoint *url.URL
	listener net.Listener
	server   *http.Server
}

// listen takes a port for the gateway. Requests wait until serve is called.
func listen(ctx context.Context, endpoint string) (*gateway, error) {
	target, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("read the endpoint: %w", err)
	}
	l, err := listenOn(ctx, 0)
	if err != nil {
		return nil, fmt.Errorf("take a port for the HTTP API: %w", err)
	}
	return &gateway{endpoint: target, listener: l}, nil
}

func (g *gateway) url() string { return "http://" + g.listener.Addr().String() }

// serve passes requests to the API that calls itself apiURL.
func (g *gateway) serve(apiURL string) error {
	api, err := url.Parse(apiURL)
	if err != nil || api.Host == "" {
		return fmt.Errorf("the template's output ApiEndpoint is %q, which is not a URL", apiURL)
	}
	g.server = &http.Server{
		Handler: whole(&httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(g.endpoint)
				r.Out.Host = api.Host
			},
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // links are in its lines
	}
	go func() { _ = g.server.Serve(g.listener) }() // ends with close
	return nil
}

// maxRequest is API Gateway's limit of a payload, in bytes, and a little more so
// that what is too large is refused by who should refuse it.
const maxRequest = 11 << 20

// whole reads a request to its end before it is passed on. A ReverseProxy that
// still sends can cut off an answer that comes early.
func whole(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			http.Error(w, "the request is cut short or too large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		next.ServeHTTP(w, r)
	})
}

func (g *gateway) close() error {
	if g.server == nil {
		return g.listener.Close()
	}
	if err := g.server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the HTTP API: %w", err)
	}
	return nil
}
