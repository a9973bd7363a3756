package slack_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// A pressable is a button as it is sent.
type pressable struct {
	Action  string         `json:"action_id"`
	Value   string         `json:"value"`
	URL     string         `json:"url"`
	Confirm map[string]any `json:"confirm"`
}

// buttonsOf are the buttons of the last block of m, and its block id.
func buttonsOf(t *testing.T, m slack.Message) (string, []pressable) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks[len(m.Blocks)-1])
	if err != nil {
		t.Fatal(err)
	}
	var block struct {
		ID       string      `json:"block_id"`
		Elements []pressable `json:"elements"`
	}
	if err := json.Unmarshal(raw, &block); err != nil {
		t.Fatal(err)
	}
	return block.ID, block.Elements
}

func TestEveryCommandHasAButton(t *testing.T) {
	t.Parallel()
	v := failed().view()
	v.Commands = release.Commands
	id, all := buttonsOf(t, slack.ReleaseCard(v))
	if id != "release:"+executionID.ID || len(all) != len(release.Commands)+1 {
		t.Fatalf("block %s with %+v", id, all)
	}
	for i, c := range release.Commands {
		if all[i].Action != "release_"+string(c) || all[i].Value != "111122223333|eu-west-1|payments|"+executionID.ID || all[i].URL != "" {
			t.Errorf("%s: %+v", c, all[i])
		}
		if asks := all[i].Confirm != nil; asks == (c == release.RetryFailed) {
			t.Errorf("%s asks before it is sent: %v", c, asks)
		}
	}
	if open := all[len(all)-1]; open.Value != "" || !strings.HasSuffix(open.URL, "/executions/"+executionID.ID+"/timeline?region=eu-west-1") {
		t.Errorf("%+v", open)
	}
}

func TestWhatAClickCannotNameHasNoButton(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*telegraph.View){
		"no account":        func(v *telegraph.View) { v.Record.Account = "" },
		"a bar":             func(v *telegraph.View) { v.Record.Pipeline = "a|b" },
		"too long":          func(v *telegraph.View) { v.Record.Pipeline = strings.Repeat("p", 3000) },
		"a command unknown": func(v *telegraph.View) { v.Commands = []release.Command{"explode"} },
	} {
		v := failed().view()
		change(&v)
		_, all := buttonsOf(t, slack.ReleaseCard(v))
		if len(all) != 1 || all[0].Action != slack.ActionOpenRelease || !strings.HasPrefix(all[0].URL, "https://") {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

// TestButtonsReachTheDoor clicks what a card offers, in a workspace.
func TestButtonsReachTheDoor(t *testing.T) {
	t.Parallel()
	o, v := newOffice(t), failed().view()
	at, err := o.client.PostCard(t.Context(), "C0RELEASES", v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.Click(t.Context(), workspace.Click{User: "U0DANA00001", Channel: at.Channel, TS: at.TS, ActionID: slack.ActionOpenRelease})
	if err != nil || got.Status != http.StatusOK || got.Problem != "" {
		t.Errorf("Open: %+v, %v", got, err)
	}
	_, all := buttonsOf(t, slack.ReleaseCard(v))
	var actions []string
	for _, b := range all {
		actions = append(actions, b.Action)
	}
	if diff := cmp.Diff([]string{"release_retry_failed", "release_retry_stage", "release_roll_back", "release_open"}, actions); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
}
