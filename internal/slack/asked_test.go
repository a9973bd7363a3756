package slack_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	workspace "github.com/signalbox/signalbox/internal/local/slack"
)

const hook = "https://hooks.slack.com/commands/T0SIGNALBOX/1/hidden"

// typed is the form of a slash command.
func typed(text string) url.Values {
	return url.Values{
		"api_app_id": {"A0SIGNALBOX"}, "team_id": {"T0SIGNALBOX"}, "user_id": {"U0DANA00001"}, "command": {"/signalbox"},
		"text": {text}, "trigger_id": {"13345224609.738474920.8088930838d88f008e0"}, "response_url": {hook},
	}
}

func command(form url.Values) event.Request { return request("/slack/commands", form.Encode()) }

func TestQuestionsGoOntoTheQueue(t *testing.T) {
	t.Parallel()
	const id = "slack:command:U0DANA00001:13345224609.738474920.8088930838d88f008e0"
	list := approval.Inquiry{ID: id, Question: approval.List, SlackUser: "U0DANA00001", Reply: hook, At: now}
	why := func(about string) approval.Inquiry {
		q := list
		q.Question, q.About = approval.Why, about
		return q
	}
	for text, want := range map[string]approval.Inquiry{
		"approvals":                 list,
		"  Approvals please ":       list,
		"why 7f2d6c1e":              why("7f2d6c1e"),
		"why  `7f2d6c1e-3b54` ":     why("7f2d6c1e-3b54"),
		"WHY web-shop":              why("web-shop"),
		"why #web_shop@2.0":         why("web_shop@2.0"),
		"why " + consoleOf("0a-b1"): why("0a-b1"),
	} {
		f := newFront()
		for range 2 { // a replay
			if got := f.door.Serve(t.Context(), command(typed(text))); got.Status != http.StatusOK || got.Body != "" {
				t.Errorf("%q: answer %+v, want 200 and nothing", text, got)
			}
		}
		if diff := cmp.Diff([]approval.Inquiry{want}, f.votes.inquiries); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func consoleOf(execution string) string {
	return "<https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/web-shop/executions/" + execution + "/timeline?region=eu-west-1>"
}

func TestCommandThatAsksNothingIsHelped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "home tab", "help": "home tab", "deploy everything": "home tab", "approve": "home tab",
		"why": "Which release?", "why   ": "Which release?", "why a b": "Which release?", "why <!channel>": "Which release?",
		"why " + strings.Repeat("a", 200): "Which release?", "why " + consoleOf(""): "Which release?",
	} {
		f := newFront()
		got := f.door.Serve(t.Context(), command(typed(text)))
		var said struct {
			Type string `json:"response_type"`
			Text string
		}
		if err := json.Unmarshal([]byte(got.Body), &said); err != nil || got.Status != http.StatusOK || said.Type != "ephemeral" || !strings.Contains(said.Text, want) {
			t.Errorf("%q: answer %+v, want %q", text, got, want)
		}
		if len(f.votes.inquiries) != 0 {
			t.Errorf("%q asks %+v", text, f.votes.inquiries)
		}
	}
}

func TestQuestionThatCannotBeTakenIsNotSilent(t *testing.T) {
	t.Parallel()
	f := newFront()
	f.votes.err = errDown
	got := f.door.Serve(t.Context(), command(typed("approvals")))
	if got.Status != http.StatusOK || !strings.Contains(got.Body, "try again") {
		t.Errorf("answer %+v", got)
	}
}

func TestQuestionWithoutAWayToAnswerIsRefused(t *testing.T) {
	t.Parallel()
	for field, value := range map[string]string{"trigger_id": "", "response_url": "", "user_id": "U<!channel>"} {
		form := typed("approvals")
		form.Set(field, value)
		refused(t, newFront(), command(form), http.StatusBadRequest)
	}
	form := typed("approvals")
	form.Set("response_url", "https://hooks.slack.com/"+strings.Repeat("a", 2000))
	refused(t, newFront(), command(form), http.StatusBadRequest)
}

func TestPeopleAskInSlack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, text := range []string{"approvals", "why web-shop", "why", "help"} {
		if a, err := o.Command(t.Context(), workspace.Command{User: "U0DANA00001", Channel: "C0RELEASES", Command: "/signalbox", Text: text}); err != nil || a.Status != http.StatusOK || a.Problem != "" {
			t.Errorf("%s: %+v, %v", text, a, err)
		}
	}
	if a, err := o.Visit(t.Context(), workspace.Visit{User: "U0DANA00001"}); err != nil || a.Status != http.StatusOK || a.Problem != "" {
		t.Errorf("home: %+v, %v", a, err)
	}
	if len(o.votes.inquiries) != 3 || o.votes.inquiries[2].Question != approval.Home {
		t.Fatalf("inquiries %+v", o.votes.inquiries)
	}
	if err := o.client.Why(t.Context(), o.votes.inquiries[1].Reply, "web-shop", []approval.Standing{{Request: busy(), Progress: busy().Tally()}}); err != nil {
		t.Errorf("Why: %v", err)
	}
	if err := o.client.List(t.Context(), o.votes.inquiries[0].Reply, overviews()["only-others"]); err != nil {
		t.Errorf("List: %v", err)
	}
	if err := o.client.Home(t.Context(), "U0DANA00001", overviews()["a-bit-of-all"]); err != nil {
		t.Errorf("Home: %v", err)
	}
	if home, published := o.Home("U0DANA00001"); !published || len(home.Blocks) == 0 {
		t.Errorf("home tab %+v", home)
	}
	if a, err := o.VerifyRequestURL(t.Context()); err != nil || a.Status != http.StatusOK || a.Problem != "" {
		t.Errorf("verification: %+v, %v", a, err)
	}
}
