package slack_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/slack"
)

func TestOwnLinkIsForOnesOwnEyes(t *testing.T) {
	t.Parallel()
	const link = "https://releases.example.com/approve?t=v1.payload.mac"
	r := with(func(r *approval.Request) { r.Rule.HighRisk = true })
	for name, code := range map[string]string{"confirm": "", "confirm-with-code": "ABCD-EFGH"} {
		o := newOffice(t)
		c, err := o.client.Post(t.Context(), r, "C0RELEASES")
		if err != nil {
			t.Fatal(err)
		}
		if err := o.client.Confirm(t.Context(), c, dana.Slack, r, approval.Invitation{To: dana, URL: link, Code: code}); err != nil {
			t.Fatal(err)
		}
		m := o.Messages("C0RELEASES")
		if len(m) != 2 || m[1].EphemeralTo != dana.Slack {
			t.Fatalf("messages %+v", m)
		}
		golden(t, name+".golden.json", map[string]any{"text": m[1].Text, "blocks": m[1].Blocks})
		if strings.Contains(m[1].Text, "releases.example.com") || code != "" && strings.Contains(m[1].Text, code) {
			t.Errorf("the notification tells the secret: %s", m[1].Text)
		}
		said := everything(t, slack.Message{Text: m[1].Text})
		for _, b := range m[1].Blocks {
			walk(t, b["type"].(string), b)
		}
		if a := o.click(t, dana.Slack, approval.Card{Channel: c.Channel, TS: m[1].TS}, slack.ActionConfirm); a.Problem != "" || len(o.votes.ballots) != 0 {
			t.Errorf("following the link: %+v, ballots %v (%s)", a, o.votes.ballots, said)
		}
	}
}
