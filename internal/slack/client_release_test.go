package slack_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func TestCardIsPostedWithItsMarkAndEditedWithout(t *testing.T) {
	t.Parallel()
	a := newAPI(t, postedOK)
	c := a.client(&vault{current: botToken})
	v := building().view()
	m, err := c.PostCard(t.Context(), hallPublic, v)
	if want := (telegraph.Message{Channel: "C0RELEASES", TS: "1773134520.000100"}); err != nil || m != want {
		t.Fatalf("PostCard = %v, %v", m, err)
	}
	if err := c.EditCard(t.Context(), m, v); err != nil {
		t.Fatal(err)
	}
	shown := slack.ReleaseCard(v)
	blocks, err := json.Marshal(shown.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	want := []call{
		{"chat.postMessage", botToken, map[string]string{
			"channel": "C0RELEASES", "text": shown.Text, "blocks": string(blocks), "parse": "none", "unfurl_links": "false", "unfurl_media": "false",
			"metadata": `{"event_type":"signalbox","event_payload":{"key":"card","of":"payments/3f1c2b4a-0d15-4c1e-9b52-8f0f2a5cbe11"}}`,
		}},
		{"chat.update", botToken, map[string]string{
			"channel": "C0RELEASES", "ts": m.TS, "text": shown.Text, "blocks": string(blocks), "parse": "none",
		}},
	}
	if diff := cmp.Diff(want, a.calls, cmp.AllowUnexported(call{})); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestReleaseIsToldOfInSlack(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"a public channel": hallPublic, "a private channel": hallPrivate, "a member": hallDana} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			posted := h.card(t, to)
			if err := h.client.EditCard(t.Context(), posted, failed().view()); err != nil {
				t.Fatal(err)
			}
			s := sayings()["failed"]
			reply, err := h.client.Say(t.Context(), posted, s)
			if err != nil {
				t.Fatal(err)
			}
			digest, err := h.client.PostDigest(t.Context(), to, hallDigest, hallLines(), time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			of := executionID.Pipeline + "/" + executionID.ID
			type seen struct {
				At       telegraph.Message
				Thread   string
				Loud     bool
				Edits    int
				Metadata map[string]any
			}
			var got []seen
			for _, m := range h.Messages(posted.Channel) {
				got = append(got, seen{telegraph.Message{Channel: m.Channel, TS: m.TS}, m.ThreadTS, m.Broadcast, m.Edits, m.Metadata})
			}
			want := []seen{
				{At: posted, Edits: 1, Metadata: hallMark(of, "card")},
				{At: reply, Thread: posted.TS, Loud: true, Metadata: hallMark(of, s.Key)},
				{At: digest, Metadata: hallMark("", hallDigest)},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			if text := h.Messages(posted.Channel)[0].Text; !strings.Contains(text, "failed in Build") {
				t.Errorf("the card says %q", text)
			}
		})
	}
}

func TestWhatStandsAloneIsPosted(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	s := sayings()["failed"]
	for _, to := range []string{hallPublic, hallDana} {
		m, err := h.client.Say(t.Context(), telegraph.Message{Channel: to}, s)
		if err != nil {
			t.Fatal(err)
		}
		all := h.Messages(m.Channel)
		if len(all) != 1 || all[0].ThreadTS != "" || all[0].Broadcast {
			t.Errorf("%s: messages %+v", to, all)
		}
		raw, err := json.Marshal(all[0].Blocks)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), s.Card+"|Card") {
			t.Errorf("%s: no way to the card in %s", to, raw)
		}
	}
}

func TestQuietRepliesStayInTheThread(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	posted := h.card(t, hallPublic)
	h.says(t, posted, "stage/Build")
	all := h.Messages(hallPublic)
	if len(all) != 2 || all[1].ThreadTS != posted.TS || all[1].Broadcast {
		t.Errorf("messages %+v", all)
	}
}

// A second card would stand beside the first one for good.
func TestEditWithoutAnAnswerNeverPosts(t *testing.T) {
	t.Parallel()
	for _, f := range []workspace.Fault{
		workspace.RateLimited, workspace.RateLimitedOK, workspace.RateLimitedAfterCommit, workspace.Nameless, workspace.ServerError,
		workspace.Reset, workspace.ResetAfterCommit, workspace.ErrorFault("token_revoked"),
	} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			m := h.card(t, hallPublic)
			h.fails(t, "chat.update", f)
			if err := h.client.EditCard(t.Context(), m, failed().view()); err == nil {
				t.Error("EditCard does not fail")
			}
			if n := len(h.Messages(hallPublic)); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func TestCardThatWasDeletedIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	err := h.client.EditCard(t.Context(), telegraph.Message{Channel: hallPublic, TS: "1773134520.000100"}, building().view())
	var no *telegraph.RefusedError
	if !errors.Is(err, telegraph.ErrNotFound) || !errors.As(err, &no) || no.Everywhere || no.Sentence == "" || len(h.Messages("")) != 0 {
		t.Errorf("EditCard = %#v, %d messages", err, len(h.Messages("")))
	}
}

func TestBlocksOfACardThatSlackRefusesAreSentAsText(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.fails(t, "chat.postMessage", workspace.ErrorFault("invalid_blocks"))
	posted := h.card(t, hallPublic)
	all := h.Messages(hallPublic)
	if len(all) != 1 || len(all[0].Blocks) != 0 || !strings.Contains(all[0].Text, "running in Build") {
		t.Errorf("messages %+v", all)
	}
	h.finds(t, telegraph.Message{Channel: hallPublic}, executionID, time.Now().Add(-time.Minute), map[string]telegraph.Message{notice.CardKey: posted})
}
