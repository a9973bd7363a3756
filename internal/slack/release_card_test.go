package slack_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
	"github.com/signalbox/signalbox/internal/slack"
)

// maxReleaseCard is how long the text and the JSON of a card may be together.
const maxReleaseCard = 9500

func TestReleaseCardsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for name, v := range releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := slack.ReleaseCard(v)
			golden(t, "release/"+name+".json", map[string]any{"text": m.Text, "blocks": m.Blocks})
			checkRelease(t, m)
		})
	}
}

// checkRelease holds m to Slack's limits, as we count them and as the local
// Slack does.
func checkRelease(t *testing.T, m slack.Message) {
	t.Helper()
	checkLimits(t, m)
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if n := len([]rune(m.Text)) + len([]rune(string(raw))); n > maxReleaseCard {
		t.Errorf("the message has %d characters, more than %d", n, maxReleaseCard)
	}
	checkTaken(t, string(raw))
}

// checkTaken holds blocks to what the local Slack takes.
func checkTaken(t *testing.T, raw string) {
	t.Helper()
	blocks, problems, err := blockkit.ParseMessage(raw)
	if err != nil || len(problems) != 0 {
		t.Errorf("Slack does not take it: %v %v", err, problems)
	}
	if n := blocks.Length(); n > blockkit.MaxMessageLength {
		t.Errorf("the blocks are %d long, more than Slack takes together", n)
	}
}

func TestReleaseCardChangesOnlyWithTheRelease(t *testing.T) {
	t.Parallel()
	c := slack.NewClient("https://slack.example/", "T0SIGNALBOX", http.DefaultClient, nil)
	hashes := map[string]string{}
	for name, v := range releases() {
		before := c.Hash(v)
		v.Now = v.Now.Add(100 * time.Hour)
		if after := c.Hash(v); after != before || before == "" {
			t.Errorf("%s: another hash at another time", name)
		}
		if other, twice := hashes[before]; twice {
			t.Errorf("%s looks the same as %s", name, other)
		}
		hashes[before] = name
	}
	v := building().view()
	v.Commands = nil
	if c.Hash(v) == c.Hash(building().view()) {
		t.Error("a card without its buttons has the same hash")
	}
}
