package slack_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	workspace "github.com/signalbox/signalbox/internal/local/slack"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/telegraph"
)

type hallFound = map[string]telegraph.Message

func TestFindFindsWhatWeSaid(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"a public channel": hallPublic, "a private channel": hallPrivate, "a member": hallDana} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			before := time.Now().Add(-time.Second)
			posted := h.card(t, to)
			quiet, loud := h.says(t, posted, "stage/Build"), h.says(t, posted, "failed/Build/1")
			alone := h.says(t, telegraph.Message{Channel: to}, "fixed")
			digest, err := h.client.PostDigest(t.Context(), to, hallDigest, hallLines(), nil)
			if err != nil {
				t.Fatal(err)
			}
			at := telegraph.Message{Channel: to}
			h.finds(t, at, executionID, before, hallFound{notice.CardKey: posted, "stage/Build": quiet, "failed/Build/1": loud, "fixed": alone})
			h.finds(t, posted, executionID, before, hallFound{notice.CardKey: posted, "stage/Build": quiet, "failed/Build/1": loud})
			h.finds(t, at, release.ExecutionID{}, before, hallFound{hallDigest: digest})
			other := executionID
			other.ID = "0c0ffee0-0000-4000-8000-000000000000"
			h.finds(t, at, other, before, hallFound{})
			h.finds(t, posted, other, before, hallFound{})
			h.finds(t, at, executionID, time.Now().Add(time.Hour), hallFound{})
		})
	}
}

// Anybody can mark a message like ours.
func TestFindTakesOnlyWhatOurBotSaid(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	since := time.Now().Add(-time.Minute)
	at := telegraph.Message{Channel: hallPublic}
	for _, user := range []string{hallDana, hallRobot} {
		h.forges(t, user, at, notice.CardKey)
	}
	h.finds(t, at, executionID, since, hallFound{})
	posted := h.card(t, hallPublic)
	for _, user := range []string{hallDana, hallRobot} {
		h.forges(t, user, at, notice.CardKey)
		h.forges(t, user, posted, "failed/Build/1")
	}
	h.finds(t, at, executionID, since, hallFound{notice.CardKey: posted})
	h.finds(t, posted, executionID, since, hallFound{notice.CardKey: posted})
}

func TestOfTwoWithOneKeyTheFirstIsFound(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	since := time.Now().Add(-time.Minute)
	first := h.card(t, hallPublic)
	h.card(t, hallPublic)
	one := h.says(t, first, "failed/Build/1")
	h.says(t, first, "failed/Build/1")
	h.finds(t, telegraph.Message{Channel: hallPublic}, executionID, since, hallFound{notice.CardKey: first, "failed/Build/1": one})
}

func TestFindTurnsThePages(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	since := time.Now().Add(-time.Minute)
	posted := h.card(t, hallPublic)
	noise := func(at telegraph.Message) {
		for i := range 210 {
			if _, err := h.Write(workspace.Post{Channel: at.Channel, User: hallDana, Text: fmt.Sprint("noise ", i), ThreadTS: at.TS}); err != nil {
				t.Fatal(err)
			}
		}
	}
	noise(posted)
	last := h.says(t, posted, "failed/Build/1")
	noise(telegraph.Message{Channel: hallPublic})
	want := hallFound{notice.CardKey: posted, "failed/Build/1": last}
	h.finds(t, telegraph.Message{Channel: hallPublic}, executionID, since, want)
	h.finds(t, posted, executionID, since, want)
}

// Thousands of messages are not read through for one that was just posted.
func TestFindGivesUpAfterManyPages(t *testing.T) {
	t.Parallel()
	a := newAPI(t, ok(`{"ok":true,"bot_id":"B0SIGNALBOX"}`), ok(`{"ok":true,"messages":[],"response_metadata":{"next_cursor":"more"}}`))
	got, err := a.client(&vault{current: botToken}).Find(t.Context(), telegraph.Message{Channel: hallPublic}, executionID, now)
	if err != nil || len(got) != 0 || len(a.calls) != 11 {
		t.Errorf("Find = %v, %v after %d calls", got, err, len(a.calls))
	}
	for i, c := range a.calls[1:] {
		cursor := ""
		if i > 0 {
			cursor = "more"
		}
		if c.method != "conversations.history" || c.args["cursor"] != cursor || c.args["oldest"] != "1773136710" || c.args["include_all_metadata"] != "1" && c.args["include_all_metadata"] != "true" {
			t.Errorf("call %d is %v", i, c)
		}
	}
}

func TestNothingIsFoundInAThreadThatIsGone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.finds(t, telegraph.Message{Channel: hallPublic, TS: "1773134520.000100"}, executionID, now, hallFound{})
}

func TestFindSaysWhyItCannotLook(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		channel, method string
		fault           workspace.Fault
		refused         bool
	}{
		"a channel that is gone":            {channel: "C0NOWHERE01", refused: true},
		"a channel without us":              {channel: hallLocked, refused: true},
		"a member who left":                 {channel: hallGone, refused: true},
		"a token that is good no more":      {channel: hallPublic, method: "auth.test", fault: workspace.ErrorFault("account_inactive"), refused: true},
		"no permission to read":             {channel: hallPublic, method: "conversations.history", fault: workspace.ErrorFault("missing_scope"), refused: true},
		"a bot that Slack does not name":    {channel: hallPublic, method: "auth.test", fault: workspace.Nameless},
		"a history that Slack lost":         {channel: hallPublic, method: "conversations.history", fault: workspace.ServerError},
		"a history without a word":          {channel: hallPublic, method: "conversations.history", fault: workspace.Nameless},
		"a connection that breaks":          {channel: hallPublic, method: "conversations.history", fault: workspace.Reset},
		"a direct message that breaks":      {channel: hallDana, method: "conversations.open", fault: workspace.Reset},
		"a thread that cannot be read, too": {channel: hallPublic, method: "conversations.replies", fault: workspace.ErrorFault("internal_error")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			if tt.channel == hallPublic {
				h.card(t, hallPublic)
			}
			if tt.method != "" {
				h.fails(t, tt.method, tt.fault)
			}
			got, err := h.client.Find(t.Context(), telegraph.Message{Channel: tt.channel}, executionID, time.Now().Add(-time.Minute))
			var no *telegraph.RefusedError
			if err == nil || errors.As(err, &no) != tt.refused || got != nil {
				t.Errorf("Find = %v, %v", got, err)
			}
			if tt.refused && no.Sentence == "" {
				t.Errorf("no sentence says what to do about %v", err)
			}
		})
	}
}

// What was posted although the answer was lost is found, and so not posted
// again.
func TestWhatWasLostIsFound(t *testing.T) {
	t.Parallel()
	post := map[string]func(*testing.T, *slack.Client, telegraph.Message) (string, release.ExecutionID, error){
		"card": func(t *testing.T, c *slack.Client, at telegraph.Message) (string, release.ExecutionID, error) {
			_, err := c.PostCard(t.Context(), at.Channel, building().view())
			return notice.CardKey, executionID, err
		},
		"reply": func(t *testing.T, c *slack.Client, at telegraph.Message) (string, release.ExecutionID, error) {
			s := sayings()["failed"]
			_, err := c.Say(t.Context(), at, s)
			return s.Key, executionID, err
		},
		"digest": func(t *testing.T, c *slack.Client, at telegraph.Message) (string, release.ExecutionID, error) {
			_, err := c.PostDigest(t.Context(), at.Channel, hallDigest, hallLines(), time.UTC)
			return hallDigest, release.ExecutionID{}, err
		},
	}
	for _, f := range []workspace.Fault{workspace.TimeoutAfterCommit, workspace.ResetAfterCommit, workspace.RateLimitedAfterCommit} {
		for what, do := range post {
			t.Run(what+" "+string(f), func(t *testing.T) {
				t.Parallel()
				h := newHall(t)
				since := time.Now().Add(-time.Minute)
				at := telegraph.Message{Channel: hallPublic}
				if what == "reply" {
					at = h.card(t, hallPublic)
				}
				h.fails(t, "chat.postMessage", f)
				key, of, err := do(t, h.waiting(time.Second), at)
				var no *telegraph.RefusedError
				var later *telegraph.LaterError
				if err == nil || errors.As(err, &no) || errors.As(err, &later) != (f == workspace.RateLimitedAfterCommit) {
					t.Fatalf("error %#v", err)
				}
				all := h.Messages(hallPublic)
				m := all[len(all)-1]
				got, err := h.client.Find(t.Context(), at, of, since)
				if want := (telegraph.Message{Channel: hallPublic, TS: m.TS}); err != nil || got[key] != want {
					t.Errorf("Find = %v, %v, want %v", got, err, want)
				}
			})
		}
	}
}
