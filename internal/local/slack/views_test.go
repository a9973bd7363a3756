package slack_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func rejectModal() slackgo.ModalViewRequest {
	label := func(s string) *slackgo.TextBlockObject {
		return slackgo.NewTextBlockObject("plain_text", s, false, false)
	}
	reason := slackgo.NewPlainTextInputBlockElement(nil, "reason").WithMultiline(true).WithMaxLength(500)
	return slackgo.ModalViewRequest{
		Type: "modal", CallbackID: "approval_reject", PrivateMetadata: `{"request":"r1"}`,
		Title: label("Reject"), Submit: label("Reject"), Close: label("Cancel"),
		Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{slackgo.NewInputBlock("reason", label("Reason"), nil, reason)}},
	}
}

// openModal clicks Reject and has the app open view before it acknowledges.
func (w world) openModal(t *testing.T, view slackgo.ModalViewRequest) slack.View {
	t.Helper()
	ts := w.postCard(t)
	var failed error
	w.app.answer = func(_ http.ResponseWriter, r request) {
		var p slackgo.InteractionCallback
		failed = json.Unmarshal([]byte(r.form.Get("payload")), &p)
		if failed == nil {
			_, failed = w.client.OpenViewContext(t.Context(), p.TriggerID, view)
		}
	}
	if _, err := w.click(t, dana, ts, "approval_reject"); err != nil || failed != nil {
		t.Fatalf("open: %v, %v", err, failed)
	}
	w.app.answer = nil
	views := w.Views()
	if len(views) == 0 {
		t.Fatal("no view is open")
	}
	return views[len(views)-1]
}

func TestAClickOpensAModal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, rejectModal())
	var list []map[string]any
	w.control(t, http.MethodGet, "/local/slack/views", nil, &list)
	if len(list) != 1 {
		t.Fatalf("%d views, want one", len(list))
	}
	delete(list[0], "blocks")
	words := func(s string) map[string]any { return map[string]any{"type": "plain_text", "text": s, "emoji": true} }
	want := map[string]any{
		"id": v.ID, "type": "modal", "callback_id": "approval_reject", "user": dana, "user_name": "Dana Whitfield",
		"message": map[string]any{"channel": releases, "ts": w.Messages(releases)[0].TS},
		"title":   words("Reject"), "submit": words("Reject"), "close": words("Cancel"),
		"state": map[string]any{}, "errors": map[string]any{}, "previous_view_id": "",
	}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("view (-want +got):\n%s", diff)
	}
}

func TestATriggerWorksOnceAndForThreeSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	trigger := func() string {
		if _, err := w.click(t, dana, ts, "approval_reject"); err != nil {
			t.Fatal(err)
		}
		return w.app.payload(t).TriggerID
	}
	open := func(id string) error {
		_, err := w.client.OpenViewContext(t.Context(), id, rejectModal())
		return err
	}
	used := trigger()
	if err := open(used); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "second use", open(used), "exchanged_trigger_id")
	onTime := trigger()
	w.clock.advance(3 * time.Second)
	if err := open(onTime); err != nil {
		t.Errorf("after 3 s: %v", err)
	}
	late := trigger()
	w.clock.advance(3*time.Second + time.Millisecond)
	wantCode(t, "late use", open(late), "expired_trigger_id")
	wantCode(t, "made up", open("1.2"), "invalid_trigger_id")
}

func TestABrokenViewIsRefusedAndSpendsNoTrigger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ts := w.postCard(t)
	if _, err := w.click(t, dana, ts, "approval_reject"); err != nil {
		t.Fatal(err)
	}
	trigger := w.app.payload(t).TriggerID
	broken := rejectModal()
	broken.Title.Text = "A title of more than twenty-four characters"
	_, err := w.client.OpenViewContext(t.Context(), trigger, broken)
	wantCode(t, "open", err, "invalid_arguments")
	refused, _ := err.(slackgo.SlackErrorResponse) //nolint:errorlint // the library returns it bare
	want := []string{"[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"}
	if diff := cmp.Diff(want, refused.ResponseMetadata.Messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if _, err := w.client.OpenViewContext(t.Context(), trigger, rejectModal()); err != nil {
		t.Errorf("open again: %v", err)
	}
}

func TestViewsAreUpdatedByTheirHash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, rejectModal())
	changed := rejectModal()
	changed.Title.Text = "Really reject"
	updated, err := w.client.UpdateViewContext(t.Context(), changed, "", "", v.ID)
	if err != nil || w.Views()[0].Title.Text != "Really reject" {
		t.Fatalf("update: %v, %+v", err, w.Views())
	}
	_, err = w.client.UpdateViewContext(t.Context(), changed, "", "stale", v.ID)
	wantCode(t, "stale hash", err, "hash_conflict")
	if _, err := w.client.UpdateViewContext(t.Context(), changed, "", updated.Hash, v.ID); err != nil {
		t.Errorf("fresh hash: %v", err)
	}
	_, err = w.client.UpdateViewContext(t.Context(), changed, "", "", "V9")
	wantCode(t, "unknown view", err, "not_found")
}

func TestAClosedViewIsGoneAndToldWhenAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quiet := w.openModal(t, rejectModal())
	var answer slack.Answer
	if status := w.control(t, http.MethodDelete, "/local/slack/views/"+quiet.ID, nil, &answer); status != http.StatusOK || len(w.Views()) != 0 {
		t.Fatalf("status %d, %d views; want 200 and none", status, len(w.Views()))
	}
	if p := w.app.payload(t); p.Type != slackgo.InteractionTypeBlockActions {
		t.Errorf("the app was told %s without asking", p.Type)
	}
	told := rejectModal()
	told.NotifyOnClose = true
	v := w.openModal(t, told)
	w.control(t, http.MethodDelete, "/local/slack/views/"+v.ID, nil, &answer)
	if p := w.app.payload(t); p.Type != slackgo.InteractionTypeViewClosed || p.View.ID != v.ID {
		t.Errorf("the app was told %s of %s, want view_closed of %s", p.Type, p.View.ID, v.ID)
	}
	var refused struct{ Error string }
	if status := w.control(t, http.MethodDelete, "/local/slack/views/"+v.ID, nil, &refused); status != http.StatusNotFound || refused.Error == "" {
		t.Errorf("closing it again: %d %q, want 404 with a sentence", status, refused.Error)
	}
}
