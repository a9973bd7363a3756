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
	checkBlocks(t, raw, 100)
	for _, s := range []string{m.Title.Text, m.Submit.Text, m.Close.Text} {
		if n := utf8.RuneCountInString(s); n == 0 || n > 24 {
			t.Errorf("modal text %q has %d characters", s, n)
		}
	}
	if n := utf8.RuneCountInString(m.PrivateMetadata); n > 3000 {
		t.Errorf("private_metadata has %d characters", n)
	}
}

// modals are the actions that ask for a reason.
var modals = []string{slack.ActionReject, slack.ActionRejectSilently, slack.ActionApproveReason, slack.ActionOverride}

func TestModalsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	about := slack.ApprovalCard(with(func(r *approval.Request) { r.Changes.Commits[0].Summary = "Fix <!channel> & more" })).Text
	for _, action := range modals {
		m, err := slack.ReasonModal(slack.Click{Action: action, Request: requestID, Card: card, About: about})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "modal-"+action+".golden.json", m)
		checkModal(t, m)
	}
}

func TestModalNeedsNoTextOfTheCard(t *testing.T) {
	t.Parallel()
	for _, about := range []string{"", strings.Repeat("&lt;", 5000)} {
		m, err := slack.ReasonModal(slack.Click{Action: slack.ActionOverride, Request: requestID, Card: card, About: about})
		if err != nil {
			t.Fatal(err)
		}
		checkModal(t, m)
	}
}

func TestOnlyActionsThatWantAReasonHaveAModal(t *testing.T) {
	t.Parallel()
	for _, action := range []string{slack.ActionApprove, slack.ActionWithdraw, slack.ActionView, ""} {
		if m, err := slack.ReasonModal(slack.Click{Action: action, Request: requestID, Card: card}); err == nil {
			t.Errorf("%q has the modal %+v", action, m)
		}
	}
}
