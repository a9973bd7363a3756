package slack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

func (w world) answering(body string) {
	w.app.answer = func(rw http.ResponseWriter, _ request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, body)
	}
}

func reasoned(user, reason string) slack.Submission {
	return slack.Submission{User: user, Values: map[string]map[string]any{"reason": {"reason": reason}}}
}

func TestASubmissionCarriesTheReasonAndClosesTheView(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, rejectModal())
	var answer slack.Answer
	status := w.control(t, http.MethodPost, "/local/slack/views/"+v.ID, reasoned(dana, "too <risky> & late"), &answer)
	if status != http.StatusOK || answer.Status != http.StatusOK || answer.Problem != "" {
		t.Fatalf("status %d, answer %+v", status, answer)
	}
	p := w.app.payload(t)
	if p.Type != slackgo.InteractionTypeViewSubmission || p.View.ID != v.ID || p.User.ID != dana ||
		p.View.CallbackID != "approval_reject" || p.View.PrivateMetadata != `{"request":"r1"}` ||
		p.View.State.Values["reason"]["reason"].Value != "too <risky> & late" {
		t.Errorf("payload = %+v", p.View)
	}
	if views := w.Views(); len(views) != 0 {
		t.Errorf("%d views are open, want none", len(views))
	}
	_, err := w.Submit(t.Context(), v.ID, reasoned(dana, "again"))
	wantRefusal(t, "second submission", err, http.StatusNotFound, fmt.Sprintf("There is no open view %q.", v.ID))
}

func TestSlackSendsNoSubmissionThatItsClientWouldHoldBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, rejectModal())
	sent := len(w.app.got)
	_, err := w.Submit(t.Context(), v.ID, reasoned(dana, ""))
	wantRefusal(t, "empty", err, http.StatusUnprocessableEntity, "Slack would not send that: reason: Please complete this required field.")
	if got := w.Views()[0].Errors["reason"]; got == "" {
		t.Error("the view shows no error")
	}
	_, err = w.Submit(t.Context(), v.ID, reasoned(dana, string(make([]rune, 501))))
	wantRefusal(t, "long", err, http.StatusUnprocessableEntity, "Slack would not send that: reason: Must be at most 500 characters.")
	_, err = w.Submit(t.Context(), v.ID, reasoned(lee, "x"))
	wantRefusal(t, "somebody else", err, http.StatusConflict, "Slack would not show that: only Dana Whitfield sees this view.")
	_, err = w.Submit(t.Context(), v.ID, slack.Submission{User: dana, Values: map[string]map[string]any{"reason": {"why": "x"}}})
	wantRefusal(t, "unknown input", err, http.StatusBadRequest, `The view has no input with block_id "reason" and action_id "why".`)
	if len(w.app.got) != sent {
		t.Errorf("the app got %d requests, want none", len(w.app.got)-sent)
	}
}

func TestTheAppsAnswerDecidesWhatBecomesOfTheView(t *testing.T) {
	t.Parallel()
	modal, err := json.Marshal(rejectModal())
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		answer  string
		open    int
		errors  map[string]string
		problem string
	}{
		"nothing":          {"", 0, nil, ""},
		"an empty object":  {"{}", 0, nil, ""},
		"clear":            {`{"response_action":"clear"}`, 0, nil, ""},
		"errors":           {`{"response_action":"errors","errors":{"reason":"Say more."}}`, 1, map[string]string{"reason": "Say more."}, ""},
		"update":           {`{"response_action":"update","view":` + string(modal) + `}`, 1, map[string]string{}, ""},
		"push":             {`{"response_action":"push","view":` + string(modal) + `}`, 2, map[string]string{}, ""},
		"no JSON":          {"ok", 1, map[string]string{}, "Slack shows an error: the app's answer is no JSON."},
		"unknown action":   {`{"response_action":"close"}`, 1, map[string]string{}, `Slack shows an error: there is no response_action "close".`},
		"unknown block":    {`{"response_action":"errors","errors":{"x":"y"}}`, 1, map[string]string{}, `Slack shows an error: the view has no input block "x" to complain about.`},
		"errors, but none": {`{"response_action":"errors"}`, 1, map[string]string{}, "Slack shows an error: response_action errors without errors."},
		"a broken view": {
			`{"response_action":"update","view":{"type":"modal"}}`, 1, map[string]string{},
			"Slack shows an error: it refuses the view to update ([missing required field: blocks [json-pointer:/view] missing required field: title [json-pointer:/view]]).",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			v := w.openModal(t, rejectModal())
			w.answering(tt.answer)
			a, err := w.Submit(t.Context(), v.ID, reasoned(dana, "x"))
			if err != nil || a.Problem != tt.problem {
				t.Errorf("problem %q, %v; want %q", a.Problem, err, tt.problem)
			}
			views := w.Views()
			if len(views) != tt.open {
				t.Fatalf("%d views are open, want %d", len(views), tt.open)
			}
			if tt.open > 0 {
				if diff := cmp.Diff(tt.errors, views[0].Errors); diff != "" {
					t.Errorf("errors (-want +got):\n%s", diff)
				}
			}
			if tt.open == 2 && views[1].Previous != v.ID {
				t.Errorf("the second view lies on %q, want %q", views[1].Previous, v.ID)
			}
		})
	}
}

func TestAFailingAppLeavesTheViewOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, rejectModal())
	w.app.answer = func(rw http.ResponseWriter, _ request) { rw.WriteHeader(http.StatusInternalServerError) }
	a, err := w.Submit(t.Context(), v.ID, reasoned(dana, "x"))
	if err != nil || a.Problem == "" || len(w.Views()) != 1 {
		t.Errorf("answer %+v, %v, %d views; want a problem and the view", a, err, len(w.Views()))
	}
	if got := w.Views()[0].State["reason"]["reason"]["value"]; got != "x" {
		t.Errorf("the view has lost what was typed: %v", got)
	}
}
