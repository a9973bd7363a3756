package slack_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

const (
	hallPublic, hallPrivate, hallOld, hallLocked = "C0RELEASES", "C0PRIVATE01", "C0ARCHIVED1", "C0WITHOUTUS"
	hallDana, hallRobot, hallGone                = "U0DANA00001", "U0ROBOT0001", "U0GONE00001"
	hallDigest                                   = "digest/2026-11-23"
)

// A hall is a workspace in which releases are told of.
type hall struct {
	*workspace.Workspace
	client *slack.Client
	url    string
}

func newHall(t *testing.T, change ...func(*workspace.Options)) hall {
	t.Helper()
	// The workspace and its address need each other.
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	o := workspace.Options{
		Team: workspace.Team{ID: "T0SIGNALBOX", Name: "Signalbox", Domain: "signalbox"},
		App:  workspace.App{ID: "A0SIGNALBOX", Name: "Signalbox", BotID: "B0SIGNALBOX", BotUser: "U0SIGNALBOX"},
		Users: []workspace.User{
			{ID: hallDana, Name: "dana", RealName: "Dana Whitfield"}, {ID: hallRobot, Name: "robot", RealName: "Robot", Bot: true},
			{ID: hallGone, Name: "gone", RealName: "Gone Person", Deleted: true}, {ID: "U0OTHER0001", Name: "out", RealName: "Out Sider", TeamID: "T0OTHER"},
		},
		Channels: []workspace.Channel{
			{ID: hallPublic, Name: "releases"}, {ID: hallPrivate, Name: "secret", Members: []string{hallDana, "U0SIGNALBOX"}},
			{ID: hallOld, Name: "old", Archived: true}, {ID: hallLocked, Name: "theirs", Members: []string{hallDana}},
		},
		Token: botToken, SigningSecret: signingKey, URL: server.URL,
	}
	for _, f := range change {
		f(&o)
	}
	w, err := workspace.New(o)
	if err != nil {
		t.Fatal(err)
	}
	handler = w.Handler()
	h := hall{Workspace: w, url: server.URL}
	h.client = h.waiting(5 * time.Second)
	return h
}

// waiting is a client that waits so long for an answer.
func (h hall) waiting(timeout time.Duration) *slack.Client {
	return slack.NewClient(h.url+"/api/", "T0SIGNALBOX", &http.Client{Timeout: timeout}, &vault{current: botToken})
}

func (h hall) card(t *testing.T, to string) telegraph.Message {
	t.Helper()
	m, err := h.client.PostCard(t.Context(), to, building().view())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// says posts the reply with key and returns where it is.
func (h hall) says(t *testing.T, at telegraph.Message, key string) telegraph.Message {
	t.Helper()
	m, err := h.client.Say(t.Context(), at, saying(failed(), notice.Reply{Key: key, Kind: notice.Failed, Stage: "Build", Broadcast: strings.HasPrefix(key, "failed")}))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fails makes the next call of method fail.
func (h hall) fails(t *testing.T, method string, f workspace.Fault) {
	t.Helper()
	if err := h.Fail(method, f, 1); err != nil {
		t.Fatal(err)
	}
}

// forges writes what looks like ours.
func (h hall) forges(t *testing.T, user string, at telegraph.Message, key string) {
	t.Helper()
	_, err := h.Write(workspace.Post{
		Channel: at.Channel, User: user, Text: "mine", ThreadTS: at.TS, Metadata: hallMark(executionID.Pipeline+"/"+executionID.ID, key),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func hallMark(of, key string) map[string]any {
	return map[string]any{"event_type": "signalbox", "event_payload": map[string]any{"of": of, "key": key}}
}

// finds wants exactly these messages to be found by their keys.
func (h hall) finds(t *testing.T, at telegraph.Message, of release.ExecutionID, since time.Time, want map[string]telegraph.Message) {
	t.Helper()
	got, err := h.client.Find(t.Context(), at, of, since)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

func hallLines() notice.Digest {
	return notice.Summaries([]notice.Held{{
		Key: "failed", Place: "channel:C1", Pipeline: "payments", Execution: executionID.ID, Kind: notice.Failed, Stage: "Build", At: now,
	}})[0]
}
