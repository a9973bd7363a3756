package slack_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/slack"
)

func TestWarmConnectionNeedsNoHandshake(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client := server.Client()
	slack.Warm(t.Context(), client, server.URL)

	shakes := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		TLSHandshakeDone: func(tls.ConnectionState, error) { shakes++ },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if shakes != 0 {
		t.Errorf("%d handshakes after warming", shakes)
	}
}

// A silent client counts its requests, and does nothing until its caller gives up.
type silent struct{ calls atomic.Int32 }

func (s *silent) Do(r *http.Request) (*http.Response, error) {
	s.calls.Add(1)
	<-r.Context().Done()
	return nil, errors.New("gave up")
}

func TestWarmWaitsForNobody(t *testing.T) {
	t.Parallel()
	var s silent
	begin := time.Now()
	slack.Warm(t.Context(), &s, "https://a.example/", "https://b.example/", "http://plain.example/", "https://broken.example/\x00")
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	if n := s.calls.Load(); n != 2 {
		t.Errorf("%d calls, want 2: only what is encrypted and can be asked", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	slack.Warm(ctx, &s, "https://a.example/")
}
