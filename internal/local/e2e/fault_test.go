package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/slack"
)

// The tests in this file do not run beside others: see the package comment.

func TestReleaseIsAskedAboutAlthoughSlackFails(t *testing.T) {
	for _, c := range []struct {
		fault slack.Fault
		// cards is how many there are in the end: one more where Slack had
		// posted before it failed.
		cards int
	}{
		{slack.RateLimited, 1},
		{slack.ServerError, 1},
		{slack.Hang, 1},
		{slack.ErrorFault("internal_error"), 1},
		{slack.TimeoutAfterCommit, 2},
		{slack.ResetAfterCommit, 2},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			fail(t, "chat.postMessage", c.fault)
			r := begin(t, ruled)
			i := r.invited(bo) // whatever Slack does
			m := r.asked()
			eventually(t, "the card of "+r.pipeline+" is on record", func() ([]string, bool) {
				items := r.under("APPROVAL#" + r.request(m))
				return items, len(items) == 1 && strings.Contains(items[0], `"cards":[`)
			})
			all := r.cards()
			if len(all) != c.cards {
				t.Errorf("there are %d cards, want %d", len(all), c.cards)
			}
			r.click(ada, all[len(all)-1], approve)
			r.goesOn()
			r.audited(m, ada.Name)
			i.want(i.look(), http.StatusOK, ada.Name)
			if len(all) > 1 { // nobody could know of the first, until it is clicked
				r.click(bo, all[0], approve)
				r.told(bo, ada.Name+" approved this")
			}
			r.closed("Approved by *" + ada.Name + "*")
			r.audited(m, ada.Name)
		})
	}
}

// fail makes the next call of a method fail, once.
func fail(t *testing.T, method string, f slack.Fault) {
	t.Helper()
	s := world(t)
	if err := s.Slack.Fail(method, f, 1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Slack.Fail(method, f, 0) })
}
