package e2e_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestHomeAndCommandsSayWhatWaits(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	r.asked()
	tell[map[string]any](t, r.system, "/local/slack/home", map[string]string{"user": ada.Slack, "tab": "home"}, http.StatusOK)
	// Others wait, too, so that hers may be among those that are only counted.
	eventually(t, "Ada's home tab is drawn", func() (string, bool) {
		raw, err := json.Marshal(list[any](t, r.system, "/local/slack/home?user="+ada.Slack))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw), strings.Contains(string(raw), "Waiting for me") && strings.Contains(string(raw), "Waits for 1 of the approvers")
	})
	for command, want := range map[string]string{"approvals": "Waiting for me", "why " + r.execution[:8]: ruled + " rule"} {
		tell[answered](t, r.system, "/local/slack/commands", map[string]string{
			"user": ada.Slack, "channel": r.channel, "command": "/signalbox", "text": command,
		}, http.StatusOK).check(t, "/signalbox "+command)
		eventually(t, "/signalbox "+command+" is answered with "+want, func() ([]string, bool) {
			var mine []string
			for _, m := range list[[]said](t, r.system, "/local/slack/messages?channel="+r.channel) {
				if m.EphemeralTo == ada.Slack {
					mine = append(mine, m.words())
				}
			}
			return mine, strings.Contains(strings.Join(mine, "\n"), want)
		})
	}
}
