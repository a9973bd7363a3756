package event_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// FuzzParse: whatever arrives gives an event or an error, never both or none.
func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		ev, err := event.Parse(raw)
		if (ev == nil) == (err == nil) {
			t.Errorf("Parse(%q) = %v, %v; want exactly one", raw, ev, err)
		}
		if ev != nil {
			ev.About()
		}
	})
}

// FuzzRouter: every message of a batch is either handled or handed back.
func FuzzRouter(f *testing.F) {
	seed(f)
	f.Add([]byte(batch("1 a", "2 b", "3 a")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		handled := 0
		router := event.Router{Messages: func(_ context.Context, m event.QueueMessage) error {
			if len(m.Body)%2 == 1 {
				return errSlackDown
			}
			handled++
			return nil
		}}
		out, err := router.Handle(t.Context(), raw)
		if (out == nil) == (err == nil) {
			t.Fatalf("Handle(%q) = %s, %v; want exactly one", raw, out, err)
		}
		if err != nil {
			return
		}
		messages, err := event.ParseQueue(raw)
		if err != nil {
			t.Fatalf("handled what ParseQueue refuses: %v", err)
		}
		var answer struct{ BatchItemFailures []json.RawMessage }
		if err := json.Unmarshal(out, &answer); err != nil || handled+len(answer.BatchItemFailures) != len(messages) {
			t.Errorf("%d handled, %d handed back, %d in all (err %v)", handled, len(answer.BatchItemFailures), len(messages), err)
		}
	})
}

// FuzzServeHTTP: a request is answered with a status, or there is an error;
// the handler never sees a body above the limit.
func FuzzServeHTTP(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := event.ServeHTTP(func(_ context.Context, r event.Request) event.Response {
			if r.Method == "" || len(r.Body) > event.MaxBodyBytes {
				t.Errorf("handled a request %q with %d bytes", r.Method, len(r.Body))
			}
			return event.Response{Status: http.StatusOK, Body: string(r.Body)}
		})(t.Context(), raw)
		if (out == nil) == (err == nil) {
			t.Fatalf("ServeHTTP(%q) = %s, %v; want exactly one", raw, out, err)
		}
		if err == nil && !json.Valid(out) {
			t.Errorf("answer %q is not JSON", out)
		}
	})
}

func seed(f *testing.F) {
	f.Helper()
	for _, raw := range samples(f) {
		f.Add([]byte(raw))
	}
}
