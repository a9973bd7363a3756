package e2e_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/people"
)

// The buttons of a card.
const (
	approve = "approval_approve"
	reject  = "approval_reject"
	view    = "approval_view"
)

// slackPatience is how long Slack waits for an answer, in milliseconds.
const slackPatience = 3000

// A said is a message in Slack as GET /local/slack/messages shows it.
type said struct {
	Channel     string           `json:"channel"`
	TS          string           `json:"ts"`
	Text        string           `json:"text"`
	Blocks      []map[string]any `json:"blocks"`
	Edits       int              `json:"edits"`
	EphemeralTo string           `json:"ephemeral_to"`
	ThreadTS    string           `json:"thread_ts"`
	Broadcast   bool             `json:"broadcast"`
	Metadata    marker           `json:"metadata"`
}

// words is all that m says, its structure too, without the escapes of JSON.
func (m said) words() string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(m.Blocks) // it has come out of JSON
	return m.Text + "\n" + strings.ReplaceAll(b.String(), `\n`, "\n")
}

// buttons are the action ids of what can be pressed, and request is the value
// that they carry.
func (m said) buttons() (ids []string, request string) {
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			button, _ := e.(map[string]any)
			if button["type"] == "button" {
				id, _ := button["action_id"].(string)
				ids = append(ids, id)
				request, _ = button["value"].(string)
			}
		}
	}
	return ids, request
}

// request is the id of the request that m is about.
func (r *release) request(m said) string {
	r.t.Helper()
	_, id := m.buttons()
	if id == "" {
		r.t.Fatalf("no button of the card says which request it is about:\n%s", m.words())
	}
	return id
}

func (m said) open() bool {
	ids, _ := m.buttons()
	return slices.Contains(ids, approve)
}

// cards are the cards about r, the oldest first.
func (r *release) cards() []said {
	r.t.Helper()
	var found []said
	for _, m := range list[[]said](r.t, r.system, "/local/slack/messages?channel="+r.channel) {
		if m.EphemeralTo == "" && strings.Contains(m.words(), r.execution[:8]) {
			found = append(found, m)
		}
	}
	return found
}

// card waits for a card of r that is as wanted.
func (r *release) card(what string, wanted func(said) bool) said {
	r.t.Helper()
	return eventually(r.t, "a card of "+r.pipeline+" "+what, func() (said, bool) {
		var latest said
		for _, m := range r.cards() {
			if latest = m; wanted(m) {
				return m, true
			}
		}
		return latest, false
	})
}

// asked waits for the card that asks for an answer.
func (r *release) asked() said { r.t.Helper(); return r.card("with buttons", said.open) }

// closed waits until no card of r asks any more and each says words.
func (r *release) closed(words ...string) {
	r.t.Helper()
	eventually(r.t, "the cards of "+r.pipeline+" have no buttons and say "+strings.Join(words, ", "), func() ([]said, bool) {
		all := r.cards()
		return all, len(all) > 0 && !slices.ContainsFunc(all, func(m said) bool {
			return m.open() || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(m.words(), w) })
		})
	})
}

// An answered click is what our app told Slack about it.
type answered struct {
	Status    int    `json:"status"`
	LatencyMS int64  `json:"latency_ms"`
	Body      string `json:"body"`
	Problem   string `json:"problem"`
}

// check requires that Slack is content: an answer of 200 in time.
func (a answered) check(t *testing.T, what string) {
	t.Helper()
	t.Logf("%s was acknowledged after %d ms", what, a.LatencyMS)
	if a.Status != http.StatusOK || a.Problem != "" || a.LatencyMS > slackPatience {
		t.Errorf("%s was answered %+v; Slack wants 200 within %d ms", what, a, slackPatience)
	}
}

// click presses a button of m.
func (r *release) click(who people.Person, m said, button string) {
	r.t.Helper()
	tell[answered](r.t, r.system, "/local/slack/actions", map[string]string{
		"user": who.Slack, "channel": m.Channel, "ts": m.TS, "action_id": button,
	}, http.StatusOK).check(r.t, who.Name+" pressing "+button)
}

// A modal is an open view as GET /local/slack/views shows it.
type modal struct {
	ID      string            `json:"id"`
	User    string            `json:"user"`
	Message said              `json:"message"`
	Blocks  []map[string]any  `json:"blocks"`
	Errors  map[string]string `json:"errors"`
}

// modals are those that who sees because of m.
func (r *release) modals(who people.Person, m said) []modal {
	r.t.Helper()
	return slices.DeleteFunc(list[[]modal](r.t, r.system, "/local/slack/views"), func(v modal) bool {
		return v.User != who.Slack || v.Message.TS != m.TS
	})
}

// modal presses Reject and waits for the question why.
func (r *release) modal(who people.Person, m said) modal {
	r.t.Helper()
	r.click(who, m, reject)
	return eventually(r.t, "a modal for "+who.Name, func() (modal, bool) {
		all := r.modals(who, m)
		if len(all) == 0 {
			return modal{}, false
		}
		return all[len(all)-1], true
	})
}

func reason(who people.Person, text string) map[string]any {
	return map[string]any{"user": who.Slack, "values": map[string]any{"reason": map[string]string{"reason": text}}}
}

// rejects answers the modal.
func (r *release) rejects(who people.Person, m said, why string) {
	r.t.Helper()
	v := r.modal(who, m)
	tell[answered](r.t, r.system, "/local/slack/views/"+v.ID, reason(who, why), http.StatusOK).check(r.t, who.Name+" sending the reason")
	if left := r.modals(who, m); len(left) > 0 {
		r.t.Errorf("the modal is still open: %+v", left)
	}
}

// told waits until who, and nobody else, is told words in the channel of r.
func (r *release) told(who people.Person, words ...string) {
	r.t.Helper()
	eventually(r.t, who.Name+" is told "+strings.Join(words, ", "), func() ([]string, bool) {
		all := r.whispers(who)
		return all, slices.ContainsFunc(all, func(text string) bool {
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
		})
	})
}

// whispers is what only who was told, in the channel of r.
func (r *release) whispers(who people.Person) []string {
	r.t.Helper()
	var found []string
	for _, m := range list[[]said](r.t, r.system, "/local/slack/messages?channel="+r.channel) {
		if m.EphemeralTo == who.Slack {
			found = append(found, m.Text)
		}
	}
	return found
}
