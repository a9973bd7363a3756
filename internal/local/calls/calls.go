// Package calls lists what the functions call: AWS, and Slack.
//
// A Recorder stands between the functions and the services of the local world,
// as a reverse proxy that tells the functions apart by the address that each
// was given. It passes everything on as it is, and keeps of each call only which
// one it was, whose, when, how it ended and how long it took: never a body, a
// header or a token.
package calls

import (
	"slices"
	"sync"
	"time"
)

// maxKept is how many calls are kept; then the oldest go (chosen).
const maxKept = 10_000

// A Call is one request of a function. A repeated attempt is a call of its own.
type Call struct {
	// Service is as AWS signs for it, such as "dynamodb", or "slack".
	Service string `json:"service"`
	// Operation is as the API calls it, such as "PutItem" or
	// "chat.postMessage"; where that cannot be told, method and path.
	Operation string `json:"operation"`
	// Function is the folder it is built from, such as "approval".
	Function string `json:"function"`
	// Time is when it was made, by the real clock.
	Time time.Time `json:"time"`
	// Status is the HTTP status of the answer; 0 means that none has come.
	Status int `json:"status"`
	// Duration is how long it took, body included, in milliseconds; 0 while it
	// goes on.
	Duration float64 `json:"duration_ms"`
}

// A list holds the latest calls, oldest first.
type list struct {
	mu    sync.Mutex
	calls []*Call
}

// begin adds c. The oldest are dropped a tenth at a time, which is cheaper than
// one by one.
func (l *list) begin(c *Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.calls) >= maxKept {
		l.calls = slices.Delete(l.calls, 0, maxKept/10)
	}
	l.calls = append(l.calls, c)
}

// answered notes the status of c.
func (l *list) answered(c *Call, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.Status = status
}

// end notes how long c took.
func (l *list) end(c *Call) {
	took := time.Since(c.Time)
	l.mu.Lock()
	defer l.mu.Unlock()
	c.Duration = float64(took.Round(10*time.Microsecond)) / float64(time.Millisecond)
}

func (l *list) all() []Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Call, len(l.calls))
	for i, c := range l.calls {
		all[i] = *c
		all[i].Time = c.Time.UTC()
	}
	return all
}

func (l *list) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = nil
}
