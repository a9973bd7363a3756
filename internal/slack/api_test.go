package slack_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/slack"
)

// A call is one call to Slack's Web API as it arrived.
type call struct {
	method, token string
	args          map[string]string
}

// api is a Slack that gives the answers it is told to, the last one for good.
type api struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []call
	answers []answer
}

type answer struct {
	status int
	header map[string]string
	body   string
	do     func(http.ResponseWriter, *http.Request) // instead of all this
}

func ok(body string) answer { return answer{body: body} }

func no(code string) answer { return answer{body: `{"ok":false,"error":"` + code + `"}`} }

var (
	postedOK    = ok(`{"ok":true,"channel":"C0RELEASES","ts":"1773134520.000100","message":{"text":"x"}}`)
	ephemeralOK = ok(`{"ok":true,"message_ts":"1773134521.000200"}`)
	openedOK    = ok(`{"ok":true,"view":{"id":"V0VIEW","blocks":[]}}`)
)

func newAPI(t *testing.T, answers ...answer) *api {
	t.Helper()
	a := &api{answers: answers}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	next := a.take(r)
	if next.do != nil {
		next.do(w, r)
		return
	}
	for k, v := range next.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(max(next.status, http.StatusOK))
	_, _ = io.WriteString(w, next.body)
}

func (a *api) take(r *http.Request) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := call{method: strings.TrimPrefix(r.URL.Path, "/"), args: map[string]string{}}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var body map[string]json.RawMessage
		raw, _ := io.ReadAll(r.Body) // to its end, or the server does not notice when the client hangs up
		_ = json.Unmarshal(raw, &body)
		for k, v := range body {
			c.args[k] = string(v)
		}
		c.token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	} else {
		_ = r.ParseForm()
		for k := range r.PostForm {
			c.args[k] = r.PostForm.Get(k)
		}
		c.token = c.args["token"]
		delete(c.args, "token")
	}
	a.calls = append(a.calls, c)
	next := a.answers[0]
	if len(a.answers) > 1 {
		a.answers = a.answers[1:]
	}
	return next
}

func (a *api) client(token *vault) *slack.Client {
	return slack.NewClient(a.URL+"/", "T0SIGNALBOX", &http.Client{Timeout: 5 * time.Second}, token)
}

func methods(a *api) string {
	var all []string
	for _, c := range a.calls {
		all = append(all, c.method)
	}
	return strings.Join(all, " ")
}
