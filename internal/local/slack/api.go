package slack

import (
	"encoding/json"
	"net/http"
	"strings"
)

// A reply is the JSON object that a method answers. "ok" is added on the way
// out: true unless there is an "error".
type reply map[string]any

// refuse is the reply with Slack's code for an error. The problems say where
// it is, in both of the places that Slack has for them.
func refuse(code string, problems ...string) reply {
	r := reply{"error": code}
	if len(problems) > 0 {
		messages := make([]string, len(problems))
		for i, p := range problems {
			messages[i] = "[ERROR] " + p
		}
		r["errors"] = problems
		r["response_metadata"] = map[string]any{"messages": messages}
	}
	return r
}

// serveMethod answers a call of a method, or fails it as it was told to.
func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request) {
	c, answer := readCall(rw, r)
	fault := w.faults.next(c.method)
	if fault.before() {
		fault.strike(rw, r)
		return
	}
	rw.Header().Set("X-OAuth-Scopes", strings.Join(w.installed.scopes, ","))
	if answer == nil {
		answer = w.answer(c)
	}
	if fault != "" {
		fault.strike(rw, r)
		return
	}
	answer.write(rw)
}

// answer carries the call out.
func (w *Workspace) answer(c call) reply {
	m, known := methods[c.method]
	if !known {
		return refuse("unknown_method")
	}
	if refusal := w.authorize(c, m.scope); refusal != nil {
		return refusal
	}
	if c.json && !m.json {
		return refuse("invalid_post_type")
	}
	if refusal := m.checkArguments(c); refusal != nil {
		return refusal
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.options.RateLimits {
		if wait := w.pace.wait(m.tier, c, w.now()); wait > 0 {
			return reply{"error": "ratelimited", retryAfter: wait}
		}
	}
	return m.do(w, c)
}

// retryAfter is the property of a reply that becomes the header of a 429.
const retryAfter = "retry_after"

func (r reply) write(rw http.ResponseWriter) {
	status := http.StatusOK
	if wait, limited := r[retryAfter].(seconds); limited {
		delete(r, retryAfter)
		rw.Header().Set("Retry-After", wait.String())
		status = http.StatusTooManyRequests
	}
	r["ok"] = r["error"] == nil
	writeJSON(rw, status, r)
}

// writeJSON answers v. An error means that the client has gone, which is its
// own business.
func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(v)
}
