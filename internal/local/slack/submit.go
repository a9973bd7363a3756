package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// A Submission is a user pressing a modal's submit button.
type Submission struct {
	User string `json:"user"`
	// Values are by block_id and action_id: a string, or a list of strings for
	// an input that takes several. What is left out keeps its initial value.
	Values map[string]map[string]any `json:"values"`
}

// Submit sends what the user filled in to the app and does what the app answers
// to the view. It is a Refusal when Slack itself would not send it: no such
// view, somebody else's, an input left empty.
func (w *Workspace) Submit(ctx context.Context, id string, s Submission) (Answer, error) {
	payload, err := w.submission(id, s)
	if err != nil {
		return Answer{}, err
	}
	a, err := w.interact(ctx, payload)
	if err != nil || a.Status != http.StatusOK {
		return a, err
	}
	if problem := w.obey(id, a.Body); problem != "" {
		a.Problem = problem
	}
	return a, nil
}

// submission builds the payload of the submission.
func (w *Workspace) submission(id string, s Submission) (map[string]any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, found := w.views.find(id)
	if !found {
		return nil, deny(http.StatusNotFound, "There is no open view %q.", id)
	}
	if s.User != v.User {
		return nil, deny(http.StatusConflict, "Slack would not show that: only %s sees this view.", v.UserName)
	}
	values, complaints, err := fill(v.Blocks, s.Values)
	if err != nil {
		return nil, err
	}
	v.State, v.Errors = values, complaints
	if len(complaints) > 0 {
		return nil, deny(http.StatusUnprocessableEntity, "Slack would not send that: %s", sentenceOf(complaints))
	}
	u, _ := w.user(v.User)
	payload := w.payload("view_submission", u)
	payload["view"] = w.describeView(v)
	payload["response_urls"] = []any{}
	payload["trigger_id"] = w.trigger(u.ID, v.Message)
	return payload, nil
}

func sentenceOf(complaints map[string]string) string {
	var parts []string
	for _, block := range slices.Sorted(maps.Keys(complaints)) {
		parts = append(parts, block+": "+complaints[block])
	}
	return strings.Join(parts, " ")
}

// obey does what the app answered to a submission of the view. The problem is
// what the user sees when the answer makes no sense; the view then stays.
func (w *Workspace) obey(id, body string) (problem string) {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil && strings.TrimSpace(body) != "" {
		return "Slack shows an error: the app's answer is no JSON."
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	v, open := w.views.find(id)
	if !open {
		return ""
	}
	switch answer.Action {
	case "":
		w.views.remove(id)
		return ""
	case "clear":
		w.views.removeStack(v.root)
		return ""
	case "errors":
		return v.complain(answer.Errors)
	case "update", "push":
		return w.replace(v, answer.Action, string(answer.View))
	default:
		return fmt.Sprintf("Slack shows an error: there is no response_action %q.", answer.Action)
	}
}

// complain shows errors in the view.
func (v *View) complain(errors map[string]string) (problem string) {
	inputs := map[string]bool{}
	for _, e := range v.Blocks.Elements() {
		inputs[e.BlockID] = inputs[e.BlockID] || e.Input
	}
	for _, block := range slices.Sorted(maps.Keys(errors)) {
		if !inputs[block] {
			return fmt.Sprintf("Slack shows an error: the view has no input block %q to complain about.", block)
		}
	}
	if len(errors) == 0 {
		return "Slack shows an error: response_action errors without errors."
	}
	v.Errors = errors
	return ""
}

// replace draws another view in the place of v, or on top of it.
func (w *Workspace) replace(v *View, action, raw string) (problem string) {
	spec, refusal := readView(raw, blockkit.ParseView)
	if refusal != nil {
		return fmt.Sprintf("Slack shows an error: it refuses the view to %s (%v).", action, refusal["errors"])
	}
	if action == "push" {
		w.open(spec, trigger{user: v.User, origin: v.Message}, v)
		return ""
	}
	w.redraw(v, spec)
	return ""
}

// Dismiss closes a view without submitting it. The app is told when it asked to
// be; otherwise the Answer is empty.
func (w *Workspace) Dismiss(ctx context.Context, id string) (Answer, error) {
	w.mu.Lock()
	v, found := w.views.find(id)
	if !found {
		w.mu.Unlock()
		return Answer{}, deny(http.StatusNotFound, "There is no open view %q.", id)
	}
	if v.spec.ClearOnClose {
		w.views.removeStack(v.root)
	}
	w.views.remove(id)
	u, _ := w.user(v.User)
	payload := w.payload("view_closed", u)
	payload["view"] = w.describeView(v)
	payload["is_cleared"] = v.spec.ClearOnClose
	notify := v.spec.NotifyOnClose
	w.mu.Unlock()
	if !notify {
		return Answer{}, nil
	}
	return w.interact(ctx, payload)
}
