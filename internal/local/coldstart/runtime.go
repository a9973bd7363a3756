package coldstart

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// A runtimeAPI is the part of the Lambda Runtime API that a function talks to:
// it hands out one event and notes when it was asked for and answered.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	event    string
	polled   chan time.Time
	answered chan answer
	server   *http.Server
	address  string
}

// An answer is what the function said to the event, and when.
type answer struct {
	at     time.Time
	failed bool
	body   string
}

func serveRuntime(event string) (*runtimeAPI, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the function: %w", err)
	}
	r := &runtimeAPI{
		event: event, polled: make(chan time.Time, 1), answered: make(chan answer, 1), address: listener.Addr().String(),
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: time.Second}
	go func() { _ = r.server.Serve(listener) }() // ends with Close
	return r, nil
}

// Close hangs up, also on a function that waits for its second event.
func (r *runtimeAPI) Close() error { return r.server.Close() }

func (r *runtimeAPI) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	now := time.Now()
	switch {
	case strings.HasSuffix(req.URL.Path, "/invocation/next"):
		select {
		case r.polled <- now:
			r.hand(w, now)
		case <-req.Context().Done():
		}
	case strings.HasSuffix(req.URL.Path, "/response"), strings.HasSuffix(req.URL.Path, "/error"):
		body, _ := io.ReadAll(io.LimitReader(req.Body, 1<<20))
		w.WriteHeader(http.StatusAccepted)
		select {
		case r.answered <- answer{at: now, failed: strings.HasSuffix(req.URL.Path, "/error"), body: string(body)}:
		case <-req.Context().Done():
		}
	default:
		http.NotFound(w, req)
	}
}

// hand gives the event out. The trace is not sampled, as most are not.
func (r *runtimeAPI) hand(w http.ResponseWriter, now time.Time) {
	h := w.Header()
	h.Set("Lambda-Runtime-Aws-Request-Id", "11111111-2222-4333-8444-555555555555")
	h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(now.Add(10*time.Second).UnixMilli()))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:111122223333:function:signalbox")
	h.Set("Lambda-Runtime-Trace-Id", "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0")
	_, _ = io.WriteString(w, r.event)
}
