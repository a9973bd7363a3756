package slack_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

const (
	releases = "C0RELEASES"
	private  = "C0PRIVATE"
	dana     = "U0DANA00001"
	lee      = "U0LEE000002"
	gone     = "U0GONE00012"
	guest    = "U0GUEST0010"
	outsider = "U0OUT000013"
	bot      = "U0SIGNALBOX"
	token    = "xoxb-local"
	secret   = "8f742231b10e8888abcd99yyyzzz85a5"
)

// A clock is set by the test and read by everybody else.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A request is what the app received.
type request struct {
	path   string
	header http.Header
	body   string
	form   url.Values
}

// An app is the other side of the workspace: it keeps what it was sent and
// answers what the test says.
type app struct {
	mu     sync.Mutex
	got    []request
	answer func(http.ResponseWriter, request)
}

func (a *app) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	req := request{path: r.URL.Path, header: r.Header, body: string(body), form: form}
	a.mu.Lock()
	a.got = append(a.got, req)
	answer := a.answer
	a.mu.Unlock()
	if answer != nil {
		answer(rw, req)
	}
}

func (a *app) last(t *testing.T) request {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.got) == 0 {
		t.Fatal("the app got no request")
	}
	return a.got[len(a.got)-1]
}

// payload is the last interaction, read as our app reads it.
func (a *app) payload(t *testing.T) slackgo.InteractionCallback {
	t.Helper()
	var p slackgo.InteractionCallback
	if err := json.Unmarshal([]byte(a.last(t).form.Get("payload")), &p); err != nil {
		t.Fatalf("payload: %v", err)
	}
	return p
}

// A world is a workspace with an app and a client of the Web API.
type world struct {
	*slack.Workspace
	url    string
	app    *app
	clock  *clock
	client *slackgo.Client
}

func newWorld(t *testing.T, change ...func(*slack.Options)) world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	w := world{
		url:   "http://" + server.Listener.Addr().String(),
		app:   &app{},
		clock: &clock{now: time.Now()}, // slack-go judges signatures by the real clock
	}
	o := slack.Options{
		Team: slack.Team{ID: "T0SIGNALBOX", Name: "Signalbox", Domain: "signalbox"},
		App:  slack.App{ID: "A0SIGNALBOX", Name: "Signalbox", BotID: "B0SIGNALBOX", BotUser: bot},
		Users: []slack.User{
			{ID: dana, Name: "dana", RealName: "Dana Whitfield", Email: "dana@example.com", TZ: "Europe/London"},
			{ID: lee, Name: "lee", RealName: "Lee Okafor", Email: "lee@example.com"},
			{ID: gone, Name: "gone", RealName: "Gone Person", Email: "gone@example.com", Deleted: true},
			{ID: guest, Name: "guest", RealName: "Guest Person", SingleChannelGuest: true},
			{ID: outsider, Name: "outsider", RealName: "Out Sider", Email: "out@example.com", TeamID: "T0OTHER"},
		},
		Channels: []slack.Channel{
			{ID: releases, Name: "releases"},
			{ID: private, Name: "private", Members: []string{dana}},
			{ID: "C0OLD", Name: "old", Archived: true},
		},
		Token: token, SigningSecret: secret, URL: w.url, Now: w.clock.Now,
	}
	for _, f := range change {
		f(&o)
	}
	workspace, err := slack.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Workspace = workspace
	mux := http.NewServeMux()
	mux.Handle("/", workspace.Handler())
	mux.Handle("/local/", workspace.Control())
	server.Config.Handler = mux
	server.Start()
	t.Cleanup(server.Close)
	listening := httptest.NewServer(w.app)
	t.Cleanup(listening.Close)
	workspace.SetRequestURL(listening.URL + "/")
	w.client = slackgo.New(token, slackgo.OptionAPIURL(w.url+"/api/"), slackgo.OptionHTTPClient(&http.Client{Timeout: 5 * time.Second}))
	return w
}

// card is a message with the buttons of an approval.
func card() []slackgo.Block {
	label := func(s string) *slackgo.TextBlockObject {
		return slackgo.NewTextBlockObject("plain_text", s, false, false)
	}
	link := slackgo.NewButtonBlockElement("approval_view", "", label("View pipeline"))
	link.URL = "http://127.0.0.1:8080/web-shop"
	return []slackgo.Block{
		slackgo.NewHeaderBlock(label("web-shop to Production")),
		slackgo.NewActionBlock("approval:r1",
			slackgo.NewButtonBlockElement("approval_approve", "r1", label("Approve")).WithStyle(slackgo.StylePrimary),
			slackgo.NewButtonBlockElement("approval_reject", "r1", label("Reject")).WithStyle(slackgo.StyleDanger),
			link,
		),
	}
}

func (w world) post(t *testing.T, options ...slackgo.MsgOption) string {
	t.Helper()
	_, ts, err := w.client.PostMessageContext(t.Context(), releases, options...)
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	return ts
}

func (w world) postCard(t *testing.T) string {
	t.Helper()
	return w.post(t, slackgo.MsgOptionText("web-shop waits", false), slackgo.MsgOptionBlocks(card()...))
}

// control calls the control API and reads the JSON answer into out.
func (w world) control(t *testing.T, method, path string, in, out any) int {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return w.send(t, method, path, "application/json", string(body), out)
}

func (w world) send(t *testing.T, method, path, contentType, body string, out any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode
}
