package slack_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
	"github.com/signalbox/signalbox/internal/slack"
)

func TestSlacksRulesTakeEveryView(t *testing.T) {
	t.Parallel()
	for name, r := range cards {
		raw, err := json.Marshal(slack.ApprovalCard(r).Blocks)
		if err != nil {
			t.Fatal(err)
		}
		if _, problems, err := blockkit.ParseMessage(string(raw)); err != nil || len(problems) != 0 {
			t.Errorf("card %s: %v %v", name, err, problems)
		}
	}
	modal, err := slack.ReasonModal(slack.Click{Action: slack.ActionReject, Request: requestID, Card: card})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(modal)
	if err != nil {
		t.Fatal(err)
	}
	if _, problems, err := blockkit.ParseView(string(raw)); err != nil || len(problems) != 0 {
		t.Errorf("modal: %v %v", err, problems)
	}
}

// office is a workspace with our app in it, whose door is f.
type office struct {
	*workspace.Workspace
	client *slack.Client
	votes  *queue
}

func newOffice(t *testing.T) *office {
	t.Helper()
	// The workspace and its address need each other.
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	w, err := workspace.New(workspace.Options{
		Team: workspace.Team{ID: "T0SIGNALBOX", Name: "Signalbox", Domain: "signalbox"},
		App:  workspace.App{ID: "A0SIGNALBOX", Name: "Signalbox", BotID: "B0SIGNALBOX", BotUser: "U0SIGNALBOX"},
		Users: []workspace.User{
			{ID: "U0DANA00001", Name: "dana", RealName: "Dana Whitfield"}, {ID: "U0OTHER0001", Name: "out", RealName: "Out Sider", TeamID: "T0OTHER"},
			{ID: "U0GUEST0010", Name: "guest", RealName: "A Guest", Guest: true},
		},
		Channels: []workspace.Channel{{ID: "C0RELEASES", Name: "releases"}},
		Token:    botToken, SigningSecret: signingKey, URL: server.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	handler = w.Handler()
	client := slack.NewClient(server.URL+"/api/", "T0SIGNALBOX", &http.Client{Timeout: 5 * time.Second}, &vault{current: botToken})
	o := &office{Workspace: w, client: client, votes: &queue{}}
	door := &slack.Door{App: "A0SIGNALBOX", Team: "T0SIGNALBOX", Signing: &vault{current: signingKey}, Votes: o.votes, Desk: client, Now: time.Now}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		a := door.Serve(r.Context(), event.Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header, Body: body})
		for k, v := range a.Header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(a.Status)
		_, _ = io.WriteString(w, a.Body)
	}))
	t.Cleanup(front.Close)
	w.SetRequestURL(front.URL)
	return o
}

func (o *office) click(t *testing.T, user string, c approval.Card, action string) workspace.Answer {
	t.Helper()
	a, err := o.Click(t.Context(), workspace.Click{User: user, Channel: c.Channel, TS: c.TS, ActionID: action})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestReleaseIsApprovedInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c, err := o.client.Post(t.Context(), pending(), "C0RELEASES")
	if err != nil {
		t.Fatal(err)
	}
	if a := o.click(t, "U0DANA00001", c, slack.ActionView); a.Status != http.StatusOK || a.Problem != "" {
		t.Errorf("View: %+v", a)
	}
	if a := o.click(t, "U0DANA00001", c, slack.ActionApprove); a.Status != http.StatusOK || a.Problem != "" {
		t.Errorf("Approve: %+v", a)
	}
	if len(o.votes.ballots) != 1 || o.votes.ballots[0].Card != c || o.votes.ballots[0].SlackUser != "U0DANA00001" {
		t.Fatalf("ballots %+v", o.votes.ballots)
	}
	if err := o.client.Update(t.Context(), decided(approval.Approve, approval.DoorSlack, "", &applied), c); err != nil {
		t.Fatal(err)
	}
	m := o.Messages("C0RELEASES")
	if len(m) != 1 || !strings.Contains(m[0].Text, "approved by Dana Whitfield") {
		t.Errorf("messages %+v", m)
	}
	if err := o.client.Tell(t.Context(), c, "U0GUEST0010", "No <!channel>"); err != nil {
		t.Error(err)
	}
	gone := approval.Card{Channel: c.Channel, TS: "1.000001"}
	if err := o.client.Update(t.Context(), pending(), gone); err == nil {
		t.Error("a message that never was can be updated")
	}
}

func TestReleaseIsRejectedInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c, err := o.client.Post(t.Context(), pending(), "C0RELEASES")
	if err != nil {
		t.Fatal(err)
	}
	if a := o.click(t, "U0DANA00001", c, slack.ActionReject); a.Status != http.StatusOK || a.Problem != "" {
		t.Fatalf("Reject: %+v", a)
	}
	views := o.Views()
	if len(views) != 1 {
		t.Fatalf("views %+v", views)
	}
	submit := func(reason string) workspace.Answer {
		a, err := o.Submit(t.Context(), views[0].ID, workspace.Submission{User: "U0DANA00001", Values: map[string]map[string]any{"reason": {"reason": reason}}})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := submit("   "); a.Problem != "" || len(o.Views()) != 1 || len(o.votes.ballots) != 0 {
		t.Errorf("an empty reason: %+v, ballots %v", a, o.votes.ballots)
	}
	if a := submit(typedReason); a.Status != http.StatusOK || a.Problem != "" || len(o.Views()) != 0 {
		t.Errorf("a reason: %+v", a)
	}
	if len(o.votes.ballots) != 1 || o.votes.ballots[0].Reason != typedReason || o.votes.ballots[0].Card != c {
		t.Errorf("ballots %+v", o.votes.ballots)
	}
}

func TestOutsiderInASharedChannelIsTurnedAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c, err := o.client.Post(t.Context(), pending(), "C0RELEASES")
	if err != nil {
		t.Fatal(err)
	}
	if a := o.click(t, "U0OTHER0001", c, slack.ActionApprove); a.Status != http.StatusForbidden || len(o.votes.ballots) != 0 {
		t.Errorf("answer %+v, ballots %v", a, o.votes.ballots)
	}
	for user, want := range map[string]approval.SlackUser{
		"U0DANA00001": {Name: "Dana Whitfield"}, "U0OTHER0001": {Name: "Out Sider", Foreign: true}, "U0GUEST0010": {Name: "A Guest", Guest: true},
		"U0SIGNALBOX": {Name: "Signalbox", Bot: true},
	} {
		got, err := o.client.Voter(t.Context(), user)
		if err != nil || got != want {
			t.Errorf("Voter(%s) = %+v, %v, want %+v", user, got, err, want)
		}
	}
}

func TestCommandIsAnsweredInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, err := o.Command(t.Context(), workspace.Command{User: "U0DANA00001", Channel: "C0RELEASES", Command: "/signalbox", Text: "help"})
	if err != nil || a.Status != http.StatusOK || a.Problem != "" {
		t.Errorf("answer %+v, %v", a, err)
	}
}
