package slack_test

import (
	"net/http"
	"testing"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

// TestTheSidebarCountsWhatStandsInAChannel: a client need not read every
// channel to know where there is something new.
func TestTheSidebarCountsWhatStandsInAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	card := w.post(t, slackgo.MsgOptionText("card", false))
	w.post(t, slackgo.MsgOptionText("quiet answer", false), slackgo.MsgOptionTS(card))
	w.post(t, slackgo.MsgOptionText("loud answer", false), slackgo.MsgOptionTS(card), slackgo.MsgOptionBroadcast())
	if _, err := w.client.PostEphemeralContext(t.Context(), releases, lee, slackgo.MsgOptionText("psst", false)); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]map[string]int{
		"":   {releases: 2, private: 0, "C0OLD": 0},
		dana: {releases: 2, private: 0, "C0OLD": 0},
		lee:  {releases: 3, "C0OLD": 0},
	} {
		var listed []slack.Listed
		if code := w.control(t, http.MethodGet, "/local/slack/channels?user="+user, nil, &listed); code != http.StatusOK {
			t.Fatalf("channels of %q: %d", user, code)
		}
		got := map[string]int{}
		for _, c := range listed {
			got[c.ID] = c.Messages
		}
		if len(got) != len(want) {
			t.Errorf("%q sees %v, want %v", user, got, want)
		}
		for id, n := range want {
			if got[id] != n {
				t.Errorf("%q sees %d messages in %s, want %d", user, got[id], id, n)
			}
		}
	}
}
