package e2e_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// interactions is where Slack sends clicks and modals.
const interactions = "/slack/interactions"

// A recorder stands between Slack and our HTTP API and keeps what passes, as
// somebody would who listens.
type recorder struct {
	url string

	mu     sync.Mutex
	passed []signed
}

// A signed request is one that Slack has sent, or somebody who says so.
type signed struct {
	path   string
	header http.Header
	body   string
}

func record(api string) (*recorder, error) {
	target, err := url.Parse(api)
	if err != nil {
		return nil, err
	}
	r := &recorder{}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		r.passed = append(r.passed, signed{req.URL.Path, req.Header.Clone(), string(body)})
		r.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(rw, req)
	}))
	r.url = server.URL
	return r, nil
}

// last is the latest request that holds all of words.
func (r *recorder) last(t *testing.T, words ...string) signed {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
next:
	for i := len(r.passed) - 1; i >= 0; i-- {
		for _, word := range words {
			if !strings.Contains(r.passed[i].body, word) {
				continue next
			}
		}
		return r.passed[i]
	}
	t.Fatalf("Slack has sent no request with %q", words)
	return signed{}
}

// sign makes the request that Slack would make of body at that time.
func (s *system) sign(path, body string, at time.Time) signed {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.signing))
	_, _ = io.WriteString(mac, "v0:"+stamp+":"+body)
	return signed{path: path, body: body, header: http.Header{
		"Content-Type":              {"application/x-www-form-urlencoded"},
		"X-Slack-Request-Timestamp": {stamp},
		"X-Slack-Signature":         {"v0=" + hex.EncodeToString(mac.Sum(nil))},
	}}
}

// send sends r straight to our HTTP API and returns the status of the answer.
func (s *system) send(t *testing.T, r signed) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.env["SIGNALBOX_API_URL"]+r.path, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = r.header.Clone()
	answer := do(t, request)
	return answer.status
}

// A payload is the body of an interaction, before it is a form.
type payload map[string]any

// signed is p as Slack would send it now.
func (s *system) signed(t *testing.T, p payload) signed {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return s.sign(interactions, url.Values{"payload": {string(raw)}}.Encode(), time.Now())
}

// clicked is a click on a button of m that answers about request, whether or
// not Slack would still show it.
func (r *release) clicked(who people.Person, m said, request, button string) payload {
	const team, app = "T0SIGNALBOX", "A0SIGNALBOX"
	return payload{
		"type": "block_actions", "api_app_id": app, "team": payload{"id": team}, "trigger_id": "1.2.3",
		"user":      payload{"id": who.Slack, "team_id": team},
		"container": payload{"type": "message", "message_ts": m.TS, "channel_id": m.Channel},
		"actions": []payload{{
			"type": "button", "action_id": button, "value": request, "action_ts": fmt.Sprintf("%.6f", float64(time.Now().UnixMicro())/1e6),
		}},
	}
}

func (r *release) pressed(who people.Person, m said, request, button string) signed {
	r.t.Helper()
	return r.signed(r.t, r.clicked(who, m, request, button))
}
