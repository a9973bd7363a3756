package slack_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func TestEachUserHasAHomeOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.publish(t, dana, "", card()...)
	if err != nil || first.Type != slackgo.VTHomeTab || first.Hash == "" {
		t.Fatalf("views.publish = %+v, %v", first, err)
	}
	second, err := w.publish(t, dana, first.Hash, slackgo.NewDividerBlock())
	if err != nil || second.ID != first.ID || second.Hash == first.Hash {
		t.Errorf("again: %+v, %v; want the same view with another hash", second, err)
	}
	_, err = w.publish(t, dana, first.Hash, slackgo.NewDividerBlock())
	wantCode(t, "an old hash", err, "hash_conflict")

	var home *slack.View
	w.control(t, http.MethodGet, "/local/slack/home?user="+dana, nil, &home)
	if home == nil || home.ID != first.ID || home.Type != "home" || len(home.Blocks) != 1 {
		t.Errorf("home %+v, want the second", home)
	}
	home = nil
	if code := w.control(t, http.MethodGet, "/local/slack/home?user="+lee, nil, &home); code != http.StatusOK || home != nil {
		t.Errorf("Lee's home: %d %+v, want null", code, home)
	}
	var answer struct{ Error string }
	if code := w.control(t, http.MethodGet, "/local/slack/home?user=U9", nil, &answer); code != http.StatusNotFound {
		t.Errorf("nobody's home: %d, want 404", code)
	}
	if len(w.Views()) != 0 {
		t.Error("a home tab is listed as a modal")
	}
}

func TestHomesThatSlackRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for user, code := range map[string]string{"U9": "user_not_found", gone: "user_disabled", outsider: "user_not_visible"} {
		_, err := w.publish(t, user, "", slackgo.NewDividerBlock())
		wantCode(t, user, err, code)
	}
	_, err := w.publish(t, dana, "h1", slackgo.NewDividerBlock())
	wantCode(t, "a hash of nothing", err, "hash_conflict")
	_, err = w.publish(t, dana, "")
	wantCode(t, "no blocks", err, "invalid_arguments")
}

func TestButtonsOfAHomeComeWithTheirView(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, err := w.publish(t, dana, "", card()...)
	if err != nil {
		t.Fatal(err)
	}
	press := slack.Click{User: dana, ViewID: home.ID, ActionID: "approval_reject"}
	if a, err := w.Click(t.Context(), press); err != nil || a.Problem != "" {
		t.Fatalf("click: %+v, %v", a, err)
	}
	p := w.app.payload(t)
	if p.Type != slackgo.InteractionTypeBlockActions || p.Container.Type != "view" || p.Container.ViewID != home.ID || p.View.CallbackID != "home" ||
		p.ResponseURL != "" || p.Message.Timestamp != "" || p.Channel.ID != "" || p.ActionCallback.BlockActions[0].Value != "r1" {
		t.Errorf("payload %+v", p)
	}
	if _, err := w.client.OpenViewContext(t.Context(), p.TriggerID, rejectModal()); err != nil {
		t.Errorf("a modal from a home: %v", err)
	}
	updated, err := w.client.UpdateViewContext(t.Context(), rejectModal(), "", "", home.ID)
	if err == nil {
		t.Errorf("a home became a modal: %+v", updated)
	}
	press.User = lee
	_, err = w.Click(t.Context(), press)
	wantRefusal(t, "somebody else's home", err, http.StatusConflict, "Slack would not show that: only Dana Whitfield sees this view.")
	press.ViewID = "V9"
	_, err = w.Click(t.Context(), press)
	wantRefusal(t, "no view", err, http.StatusNotFound, `There is no open view "V9".`)
}

func option(value string) *slackgo.OptionBlockObject {
	return slackgo.NewOptionBlockObject(value, slackgo.NewTextBlockObject("plain_text", "Option "+value, false, false), nil)
}

func TestMenusSendWhatIsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.post(t, slackgo.MsgOptionBlocks(
		slackgo.NewSectionBlock(slackgo.NewTextBlockObject("mrkdwn", "x", false, false), nil,
			slackgo.NewAccessory(slackgo.NewOverflowBlockElement("more", option("withdraw"), option("why")))),
		slackgo.NewActionBlock("menus",
			slackgo.NewOptionsSelectBlockElement("static_select", nil, "pick", option("a"), option("b")),
			slackgo.NewCheckboxGroupsBlockElement("ticks", option("a"), option("b"))),
		slackgo.NewInputBlock("why", slackgo.NewTextBlockObject("plain_text", "Why?", false, false), nil, slackgo.NewPlainTextInputBlockElement(nil, "why")),
	))
	choose := func(action string, value any) (slack.Answer, error) {
		return w.Click(t.Context(), slack.Click{User: dana, Channel: releases, TS: ts, ActionID: action, Value: value})
	}
	for action, value := range map[string]any{"more": "why", "pick": "b", "ticks": []any{"a", "b"}} {
		if a, err := choose(action, value); err != nil || a.Problem != "" {
			t.Fatalf("%s: %+v, %v", action, a, err)
		}
		got := w.app.payload(t).ActionCallback.BlockActions[0]
		var values []string
		for _, o := range got.SelectedOptions {
			values = append(values, o.Value)
		}
		if got.ActionID != action || got.SelectedOption.Value != value && cmp.Diff([]string{"a", "b"}, values) != "" {
			t.Errorf("%s: action %+v", action, got)
		}
	}
	if a, err := choose("ticks", []any{}); err != nil || a.Problem != "" {
		t.Errorf("no box: %+v, %v", a, err)
	}
	_, err := choose("pick", "c")
	wantRefusal(t, "no such option", err, http.StatusUnprocessableEntity, `Slack would not send that: There is no option "c".`)
	_, err = choose("why", "x")
	wantRefusal(t, "an input", err, http.StatusConflict, `"why" is an input: its value goes with the submission.`)
	w.postCard(t)
	_, err = w.Click(t.Context(), slack.Click{User: dana, Channel: releases, TS: w.Messages(releases)[1].TS, ActionID: "approval_approve", Value: "x"})
	wantRefusal(t, "a button with a value", err, http.StatusBadRequest, `"approval_approve" is a button: it takes no value.`)
}
