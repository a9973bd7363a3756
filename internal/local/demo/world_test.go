package demo_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/codepipeline/engine"
	"github.com/signalbox/signalbox/internal/local/demo"
)

// A world is the contract for automation: real pipelines under a clock that
// pauses move, and a Slack and a mailbox that know of whatever waits there.
type world struct {
	t         *testing.T
	url       string
	clock     *clock.Manual
	pipelines http.Handler

	mu    sync.Mutex
	views []map[string]string // the open modals: id, user, and what waits
	rates []string            // what was asked of the delivery
	said  []string
	down  bool // Slack refuses everything
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Date(2026, 3, 10, 21, 43, 0, 0, time.UTC))}
	service, err := codepipeline.New(t.Context(), codepipeline.Options{
		Account: "000000000000", Region: "eu-west-1", Clock: w.clock,
		Pace: engine.Pace{Min: time.Second, Max: time.Second}, Seed: [32]byte{1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	for _, d := range codepipeline.Demo("000000000000", "eu-west-1") {
		if err := service.CreatePipeline(d); err != nil {
			t.Fatal(err)
		}
	}
	w.pipelines = service.Control()
	mux := http.NewServeMux()
	mux.Handle("/local/", w.pipelines)
	mux.HandleFunc("GET /local/time", w.time)
	mux.HandleFunc("POST /local/time", w.time)
	mux.HandleFunc("POST /local/delivery", w.deliver)
	mux.HandleFunc("POST /local/codebuild/{project}", w.build)
	mux.HandleFunc("GET /local/slack/messages", w.messages)
	mux.HandleFunc("POST /local/slack/actions", w.click)
	mux.HandleFunc("GET /local/slack/views", func(rw http.ResponseWriter, _ *http.Request) { w.answer(rw, w.views) })
	mux.HandleFunc("POST /local/slack/views/{id}", w.submit)
	mux.HandleFunc("GET /local/mail", w.mail)
	mux.HandleFunc("POST /approve", w.approve)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// player plays in w, as fast as it can.
func (w *world) player(seed uint64) *demo.Player {
	p := demo.New(demo.Options{
		URL: w.url, Seed: seed,
		Say: func(line string) { w.mu.Lock(); w.said = append(w.said, line); w.mu.Unlock() },
		Pause: func(ctx context.Context, d time.Duration) error {
			w.clock.Advance(d)
			return ctx.Err()
		},
	})
	w.t.Cleanup(p.Close)
	return p
}

func (w *world) answer(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(rw).Encode(v); err != nil {
		w.t.Error(err)
	}
}

func (w *world) body(r *http.Request, in any) {
	if err := json.NewDecoder(r.Body).Decode(in); err != nil {
		w.t.Errorf("%s: %v", r.URL.Path, err)
	}
}

func (w *world) time(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		var in struct{ Advance string }
		w.body(r, &in)
		if by, err := time.ParseDuration(in.Advance); err == nil {
			w.clock.Advance(by)
		}
	}
	w.answer(rw, map[string]any{"now": w.clock.Now(), "speed": 1})
}

func (w *world) deliver(rw http.ResponseWriter, r *http.Request) {
	var in json.RawMessage
	w.body(r, &in)
	w.mu.Lock()
	w.rates = append(w.rates, string(in))
	w.mu.Unlock()
	w.answer(rw, in)
}

// build lets the action fail whose build would fail in CodeBuild.
func (w *world) build(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		Outcome string
		Log     []string
	}
	w.body(r, &in)
	if in.Outcome != "FAILED" || len(in.Log) == 0 {
		w.t.Errorf("the build is told to go like %+v", in)
	}
	pipeline := strings.TrimSuffix(r.PathValue("project"), "-build")
	rec := httptest.NewRecorder()
	w.pipelines.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/local/codepipeline/"+pipeline+"/Build/Build", strings.NewReader(`{"outcome":"Failed"}`)))
	w.answer(rw, struct{}{})
}

// A wait is an approval action that waits.
type wait struct{ pipeline, stage, action, execution string }

func (w wait) String() string {
	return strings.Join([]string{w.pipeline, w.stage, w.action, w.execution}, "/")
}

func (w *world) waits() []wait {
	rec := httptest.NewRecorder()
	w.pipelines.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/local/pipelines", nil))
	var lines []struct {
		Name   string
		Stages []struct {
			Name    string
			Actions []struct{ Name string }
		}
		Executions []struct {
			ID, Stage string
			Approving bool
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &lines); err != nil {
		w.t.Error(err)
	}
	var all []wait
	for _, l := range lines {
		for _, x := range l.Executions {
			for _, s := range l.Stages {
				if x.Approving && s.Name == x.Stage {
					all = append(all, wait{l.Name, s.Name, s.Actions[0].Name, x.ID})
				}
			}
		}
	}
	return all
}

func (w *world) messages(rw http.ResponseWriter, _ *http.Request) {
	if w.down {
		rw.WriteHeader(http.StatusInternalServerError)
		w.answer(rw, map[string]string{"error": "Slack is down today"})
		return
	}
	all := []map[string]any{}
	for _, a := range w.waits() {
		all = append(all, map[string]any{
			"channel": "C", "ts": a.String(), "blocks": []string{"execution " + a.execution[:8], "approval_approve", "approval_reject"},
		})
	}
	w.answer(rw, all)
}

func (w *world) click(rw http.ResponseWriter, r *http.Request) {
	var in struct{ User, Channel, TS, ActionID string }
	var raw map[string]string
	w.body(r, &raw)
	in.User, in.TS, in.ActionID = raw["user"], raw["ts"], raw["action_id"]
	switch {
	case in.User == "U0SAM000009": // is told that he may not
	case in.ActionID == "approval_reject":
		w.mu.Lock()
		w.views = append(w.views, map[string]string{"id": "V1", "user": in.User, "ts": in.TS})
		w.mu.Unlock()
	default:
		w.resolve(in.TS, "Approved", "")
	}
	w.answer(rw, map[string]any{"status": http.StatusOK})
}

func (w *world) submit(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		User   string
		Values map[string]map[string]string
	}
	w.body(r, &in)
	w.mu.Lock()
	v := w.views[0]
	w.views = nil
	w.mu.Unlock()
	w.resolve(v["ts"], "Rejected", in.Values["reason"]["reason"])
	w.answer(rw, map[string]any{"status": http.StatusOK})
}

// resolve answers the approval, as Signalbox does after a vote.
func (w *world) resolve(ts, status, summary string) {
	at := strings.Split(ts, "/")
	body, err := json.Marshal(map[string]string{"status": status, "summary": summary, "execution_id": at[3]})
	if err != nil {
		w.t.Error(err)
	}
	rec := httptest.NewRecorder()
	path := "/local/codepipeline/" + strings.Join(at[:3], "/") + "/approval"
	w.pipelines.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(body))))
	if rec.Code != http.StatusOK {
		w.t.Errorf("%s %s: %d %s", path, body, rec.Code, rec.Body)
	}
}

func (w *world) mail(rw http.ResponseWriter, _ *http.Request) {
	all := []map[string]string{}
	for _, a := range w.waits() {
		all = append(all, map[string]string{"body": "Execution " + a.execution + "\n\n" + w.url + "/approve?t=" + url.QueryEscape(a.String()) + "\n\nCode: ABCD-EFGH\n"})
	}
	w.answer(rw, all)
}

func (w *world) approve(rw http.ResponseWriter, r *http.Request) {
	if r.FormValue("code") != "ABCD-EFGH" || r.FormValue("verdict") != "approve" {
		w.t.Errorf("the form is %v", r.Form)
	}
	w.resolve(r.FormValue("t"), "Approved", "")
	http.Redirect(rw, r, "/approve", http.StatusSeeOther)
}
