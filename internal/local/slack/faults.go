package slack

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// A Fault is a way in which Slack fails.
type Fault string

// The faults. Those "after commit" carry the call out and lose the answer:
// they find code that posts twice.
const (
	// RateLimited is 429 with Retry-After: 1.
	RateLimited Fault = "rate_limited"
	// RateLimitedBare is 429 without Retry-After.
	RateLimitedBare Fault = "rate_limited_bare"
	// RateLimitedOK is 200 with the error "ratelimited".
	RateLimitedOK Fault = "rate_limited_ok"
	// RateLimitedAfterCommit is 429 although the call was carried out.
	RateLimitedAfterCommit Fault = "rate_limited_after_commit"
	// Nameless is "ok": false without an error.
	Nameless Fault = "nameless_error"
	// ServerError is 500 with a page of HTML.
	ServerError Fault = "server_error"
	// Hang answers nothing until the client gives up.
	Hang Fault = "hang"
	// TimeoutAfterCommit carries the call out, then hangs.
	TimeoutAfterCommit Fault = "timeout_after_commit"
	// Reset breaks the connection.
	Reset Fault = "connection_reset"
	// ResetAfterCommit carries the call out, then breaks the connection.
	ResetAfterCommit Fault = "connection_reset_after_commit"
)

// errorFault begins a Fault that answers an error of Slack's by its code, as
// ErrorFault makes it.
const errorFault = "error:"

// ErrorFault is the fault that answers code, such as "invalid_blocks".
func ErrorFault(code string) Fault { return Fault(errorFault + code) }

func (f Fault) valid() bool {
	code, named := strings.CutPrefix(string(f), errorFault)
	return named && code != "" || slices.Contains([]Fault{
		RateLimited, RateLimitedBare, RateLimitedOK, RateLimitedAfterCommit, Nameless,
		ServerError, Hang, TimeoutAfterCommit, Reset, ResetAfterCommit,
	}, f)
}

// before reports whether f strikes before the call is carried out.
func (f Fault) before() bool {
	return f != "" && f != RateLimitedAfterCommit && f != TimeoutAfterCommit && f != ResetAfterCommit
}

// strike answers as f says.
func (f Fault) strike(rw http.ResponseWriter, r *http.Request) {
	code, _ := strings.CutPrefix(string(f), errorFault)
	switch f {
	case RateLimited, RateLimitedAfterCommit:
		reply{"error": "ratelimited", retryAfter: seconds(1)}.write(rw)
	case RateLimitedBare:
		writeJSON(rw, http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"})
	case RateLimitedOK:
		refuse("ratelimited").write(rw)
	case Nameless:
		writeJSON(rw, http.StatusOK, map[string]any{"ok": false})
	case ServerError:
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(rw, "<!doctype html><title>Server Error | Slack</title><h1>Slack is having trouble</h1>")
	case Hang, TimeoutAfterCommit:
		<-r.Context().Done()
		hangUp(rw)
	case Reset, ResetAfterCommit:
		hangUp(rw)
	default:
		refuse(code).write(rw)
	}
}

// hangUp closes the connection without an answer. The other side sees a reset
// or an early end, whichever its system reports first.
func hangUp(rw http.ResponseWriter) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		http.Error(rw, "this server cannot break its connections", http.StatusNotImplemented)
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes the close a reset
	}
	_ = conn.Close()
}

// faults are the failures that were ordered, by method.
type faults struct {
	mu      sync.Mutex
	ordered map[string]order
}

type order struct {
	fault Fault
	times int
}

// Fail makes the next calls of a method fail: as many as times says, or none
// any more when it is 0. The method "*" means every call, and "response_url" a
// use of a response_url.
func (w *Workspace) Fail(method string, f Fault, times int) error {
	_, known := methods[method]
	switch {
	case !known && method != "*" && method != "response_url":
		return fmt.Errorf("there is no method %q to fail", method)
	case !f.valid():
		return fmt.Errorf("there is no fault %q", f)
	case times < 0:
		return fmt.Errorf("a method cannot fail %d times", times)
	}
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	if w.faults.ordered == nil {
		w.faults.ordered = map[string]order{}
	}
	w.faults.ordered[method] = order{fault: f, times: times}
	return nil
}

// next takes the fault that is ordered for this call of method, or none.
func (f *faults) next(method string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range []string{method, "*"} {
		if o := f.ordered[name]; o.times > 0 {
			o.times--
			f.ordered[name] = o
			return o.fault
		}
	}
	return ""
}
