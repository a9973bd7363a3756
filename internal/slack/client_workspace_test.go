package slack_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	workspace "github.com/signalbox/signalbox/internal/local/slack"
)

// TestSlacksRulesTakeWhatElseTheClientSends runs the client against a Slack
// that refuses what Slack refuses.
func TestSlacksRulesTakeWhatElseTheClientSends(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	card, err := o.client.Post(t.Context(), pending(), "C0RELEASES")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.client.Reply(t.Context(), card, note, true); err != nil {
		t.Errorf("Reply: %v", err)
	}
	if m := o.Messages(card.Channel); len(m) != 2 || m[1].ThreadTS != card.TS || !m[1].Broadcast {
		t.Errorf("messages %+v, want a reply", m)
	}
	if err := o.client.Publish(t.Context(), "U0DANA00001", homeTab()); err != nil {
		t.Errorf("Publish: %v", err)
	}
	if home, published := o.Home("U0DANA00001"); !published || len(home.Blocks) != 1 {
		t.Errorf("home %+v", home)
	}
	direct, err := o.client.Direct(t.Context(), "U0DANA00001", note)
	if err != nil || len(o.Messages(direct.Channel)) != 1 {
		t.Errorf("Direct = %v, %v", direct, err)
	}
	if again, err := o.client.Direct(t.Context(), "U0DANA00001", note); err != nil || again.Channel != direct.Channel {
		t.Errorf("Direct again = %v, %v", again, err)
	}
	if err := o.client.Update(t.Context(), pending(), direct); err != nil {
		t.Errorf("Update of a direct message: %v", err)
	}
	if _, err := o.client.Direct(t.Context(), "U0OTHER0001", note); !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("Direct to an outsider: %v, want ErrNotFound", err)
	}
	if _, err := o.client.Members(t.Context(), "S0QA0000001"); !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("Members of no group: %v, want ErrNotFound", err)
	}
}

func TestACommandIsAnsweredLaterThroughItsAddress(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	addresses := make(chan string, 1)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		addresses <- r.FormValue("response_url")
	}))
	t.Cleanup(app.Close)
	o.SetRequestURL(app.URL)
	if _, err := o.Command(t.Context(), workspace.Command{User: "U0DANA00001", Channel: "C0RELEASES", Command: "/signalbox", Text: "approvals"}); err != nil {
		t.Fatal(err)
	}
	address := <-addresses
	var got []error
	for range 6 {
		got = append(got, o.client.Respond(t.Context(), address, note))
	}
	for i, err := range got {
		if want := i < 5; (err == nil) != want || !want && !errors.Is(err, approval.ErrNotFound) {
			t.Errorf("use %d: %v", i+1, err)
		}
	}
	m := o.Messages("C0RELEASES")
	var to []string
	for _, one := range m {
		to = append(to, one.EphemeralTo)
	}
	if diff := cmp.Diff([]string{"U0DANA00001", "U0DANA00001", "U0DANA00001", "U0DANA00001", "U0DANA00001"}, to); diff != "" {
		t.Errorf("shown to (-want +got):\n%s", diff)
	}
}
