package slack_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func withGroups(o *slack.Options) {
	o.Groups = []slack.Group{
		{ID: "S0QA0000001", Handle: "qa", Name: "Quality", Members: []string{dana, lee}},
		{ID: "S0EMPTY0003", Handle: "empty", Name: "Nobody"},
		{ID: "S0GONE00004", Handle: "old", Name: "Old", Members: []string{dana}, Deleted: true},
	}
}

func TestUserGroupsTellTheirMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withGroups)
	members, err := w.client.GetUserGroupMembersContext(t.Context(), "S0QA0000001")
	if diff := cmp.Diff([]string{dana, lee}, members); diff != "" || err != nil {
		t.Errorf("members (-want +got):\n%s %v", diff, err)
	}
	if members, err = w.client.GetUserGroupMembersContext(t.Context(), "S0EMPTY0003"); err != nil || len(members) != 0 {
		t.Errorf("an empty group: %v, %v", members, err)
	}
	for _, id := range []string{"S9", "S0GONE00004"} {
		_, err = w.client.GetUserGroupMembersContext(t.Context(), id)
		wantCode(t, id, err, "no_such_subteam")
	}
	if _, err = w.client.GetUserGroupMembersContext(t.Context(), "S0GONE00004", slackgo.GetUserGroupMembersOptionIncludeDisabled(true)); err != nil {
		t.Errorf("a disabled group, wanted: %v", err)
	}
	_, err = w.client.GetUserGroupMembersContext(t.Context(), "S0QA0000001", slackgo.GetUserGroupMembersOptionTeamID("T0OTHER"))
	wantCode(t, "another workspace", err, "team_not_found")

	list, err := w.client.GetUserGroupsContext(t.Context(), slackgo.GetUserGroupsOptionIncludeUsers(true), slackgo.GetUserGroupsOptionIncludeDisabled(false))
	if err != nil || len(list) != 2 || list[0].Handle != "qa" || len(list[0].Users) != 2 {
		t.Errorf("usergroups.list = %+v, %v", list, err)
	}
	list, err = w.client.GetUserGroupsContext(t.Context(), slackgo.GetUserGroupsOptionIncludeDisabled(true), slackgo.GetUserGroupsOptionIncludeCount(true))
	if err != nil || len(list) != 3 || list[2].DateDelete == 0 || list[0].UserCount != 2 || list[0].Users != nil {
		t.Errorf("usergroups.list with disabled ones = %+v, %v", list, err)
	}
}

func TestAGroupChangesUnderTheAppsFeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withGroups)
	var g slack.Group
	if code := w.control(t, http.MethodPost, "/local/slack/usergroups/S0QA0000001", map[string]any{"members": []string{lee}}, &g); code != http.StatusOK || len(g.Members) != 1 {
		t.Errorf("members: %d %+v", code, g)
	}
	if members, err := w.client.GetUserGroupMembersContext(t.Context(), "S0QA0000001"); err != nil || len(members) != 1 {
		t.Errorf("members %v, %v; want Lee alone", members, err)
	}
	if code := w.control(t, http.MethodPost, "/local/slack/usergroups/S0QA0000001", map[string]any{"deleted": true}, &g); code != http.StatusOK || !g.Deleted {
		t.Errorf("deleted: %d %+v", code, g)
	}
	_, err := w.client.GetUserGroupMembersContext(t.Context(), "S0QA0000001")
	wantCode(t, "deleted", err, "no_such_subteam")
	var list []slack.Group
	if w.control(t, http.MethodGet, "/local/slack/usergroups", nil, &list); len(list) != 3 || !list[0].Deleted || len(list[0].Members) != 1 {
		t.Errorf("groups %+v", list)
	}
	for path, body := range map[string]any{"S9": map[string]any{}, "S0EMPTY0003": map[string]any{"members": []string{"U9"}}} {
		var answer struct{ Error string }
		if code := w.control(t, http.MethodPost, "/local/slack/usergroups/"+path, body, &answer); code < 400 || answer.Error == "" {
			t.Errorf("%s: %d %q, want a refusal", path, code, answer.Error)
		}
	}
}

func TestDirectMessagesAreOpenedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := func(user string) (*slackgo.Channel, bool, error) {
		c, _, already, err := w.client.OpenConversationContext(t.Context(), &slackgo.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
		return c, already, err
	}
	_, _, err := w.client.PostMessageContext(t.Context(), "D0DANA00001", slackgo.MsgOptionText("x", false))
	wantCode(t, "before it is open", err, "channel_not_found")
	c, already, err := open(dana)
	if err != nil || already || !strings.HasPrefix(c.ID, "D") || !c.IsIM || c.User != dana {
		t.Fatalf("conversations.open = %+v, %v, %v", c, already, err)
	}
	if again, already, err := open(dana); err != nil || !already || again.ID != c.ID {
		t.Errorf("again: %+v, %v, %v", again, already, err)
	}
	channel, ts, err := w.client.PostMessageContext(t.Context(), c.ID, slackgo.MsgOptionText("x", false), slackgo.MsgOptionBlocks(card()...))
	if err != nil || channel != c.ID {
		t.Fatalf("post: %s, %v", channel, err)
	}
	if _, err := w.Click(t.Context(), slack.Click{User: dana, Channel: c.ID, TS: ts, ActionID: "approval_approve"}); err != nil {
		t.Fatal(err)
	}
	if p := w.app.payload(t); p.Channel.ID != c.ID || p.Channel.Name != "directmessage" {
		t.Errorf("channel of the click %+v", p.Channel)
	}
	_, err = w.Click(t.Context(), slack.Click{User: lee, Channel: c.ID, TS: ts, ActionID: "approval_approve"})
	wantRefusal(t, "somebody else's", err, http.StatusConflict, "Slack would not show that: Lee Okafor is not in #directmessage.")

	for user, code := range map[string]string{"U9": "user_not_found", gone: "user_disabled", bot: "cannot_dm_bot", outsider: "user_not_visible", "": "users_list_not_supplied", dana + "," + lee: "missing_scope"} {
		_, _, err := open(user)
		wantCode(t, user, err, code)
	}
	for user, want := range map[string]int{dana: 4, lee: 2, "": 3} {
		var list []slack.Channel
		if w.control(t, http.MethodGet, "/local/slack/channels?user="+user, nil, &list); len(list) != want {
			t.Errorf("channels of %q: %+v, want %d", user, list, want)
		}
	}
}

func TestAnswersInAThreadAreCountedAndMayBeBroadcast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	parent := w.postCard(t)
	reply := w.post(t, slackgo.MsgOptionText("a", false), slackgo.MsgOptionTS(parent))
	w.post(t, slackgo.MsgOptionText("b", false), slackgo.MsgOptionTS(reply), slackgo.MsgOptionBroadcast())
	got := w.Messages(releases)
	if got[0].Replies != 2 || got[1].ThreadTS != parent || got[1].Broadcast || got[2].ThreadTS != parent || !got[2].Broadcast {
		t.Errorf("messages %+v", got)
	}
	link, err := w.client.GetPermalinkContext(t.Context(), &slackgo.PermalinkParameters{Channel: releases, Ts: reply})
	if err != nil || !strings.Contains(link, "?thread_ts="+parent) {
		t.Errorf("permalink %s, %v", link, err)
	}
}
