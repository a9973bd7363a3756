package slack_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/slack"
)

var card = approval.Card{Channel: "C0RELEASES", TS: "1773134520.000100"}

// everything is a message as JSON without escapes, to search in.
func everything(t *testing.T, m slack.Message) string {
	t.Helper()
	raw, err := json.Marshal([]any{m.Text, m.Blocks})
	if err != nil {
		t.Fatal(err)
	}
	for escaped, s := range map[string]string{`\u0026`: "&", `\u003c`: "<", `\u003e`: ">"} {
		raw = bytes.ReplaceAll(raw, []byte(escaped), []byte(s))
	}
	return string(raw)
}

func checkModal(t *testing.T, m slackgo.ModalViewRequest) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks.BlockSet)
	if err != nil {
		t.Fatal(err)
	}
	checkBlocks(t, raw)
	for _, s := range []string{m.Title.Text, m.Submit.Text, m.Close.Text} {
		if n := utf8.RuneCountInString(s); n == 0 || n > 24 {
			t.Errorf("modal text %q has %d characters", s, n)
		}
	}
	if n := utf8.RuneCountInString(m.PrivateMetadata); n > 3000 {
		t.Errorf("private_metadata has %d characters", n)
	}
}

func TestRejectModalLooksAsItDid(t *testing.T) {
	t.Parallel()
	about := slack.ApprovalCard(with(func(r *approval.Request) { r.Revisions[0].Summary = "Fix <!channel> & more" })).Text
	m, err := slack.RejectModal(slack.Click{Request: requestID, Card: card, About: about})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "reject-modal.golden.json", m)
	checkModal(t, m)
}

func TestRejectModalNeedsNoTextOfTheCard(t *testing.T) {
	t.Parallel()
	m, err := slack.RejectModal(slack.Click{Request: requestID, Card: card, About: strings.Repeat("&lt;", 5000)})
	if err != nil {
		t.Fatal(err)
	}
	checkModal(t, m)
	if m, err = slack.RejectModal(slack.Click{Request: requestID, Card: card}); err != nil {
		t.Fatal(err)
	}
	checkModal(t, m)
}
