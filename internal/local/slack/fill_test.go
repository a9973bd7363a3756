package slack_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/local/slack"
)

// form is a modal with every sort of input.
func form() slackgo.ModalViewRequest {
	label := slackgo.NewTextBlockObject("plain_text", "x", false, false)
	option := func(v string) *slackgo.OptionBlockObject { return slackgo.NewOptionBlockObject(v, label, nil) }
	menu := slackgo.NewOptionsSelectBlockElement("static_select", label, "a", option("one"), option("two"))
	menu.InitialOption = option("two")
	groups := slackgo.NewOptionsGroupMultiSelectBlockElement("multi_static_select", label, "a",
		slackgo.NewOptionGroupBlockElement(label, option("dev"), option("prod")))
	people := slackgo.NewOptionsMultiSelectBlockElement("multi_users_select", label, "a")
	view := rejectModal()
	view.Blocks.BlockSet = nil
	for _, in := range []struct {
		id      string
		element slackgo.BlockElement
	}{
		{"text", slackgo.NewPlainTextInputBlockElement(nil, "a").WithMinLength(3).WithInitialValue("as before")},
		{"menu", menu}, {"groups", groups}, {"people", people},
		{"boxes", slackgo.NewCheckboxGroupsBlockElement("a", option("yes"))},
		{"day", slackgo.NewDatePickerBlockElement("a")},
	} {
		block := slackgo.NewInputBlock(in.id, label, nil, in.element)
		block.Optional = in.id == "people" || in.id == "boxes" || in.id == "day"
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, block)
	}
	return view
}

func TestEverySortOfInputIsSentInSlacksForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, form())
	values := map[string]map[string]any{
		"groups": {"a": []any{"prod"}},
		"people": {"a": []any{dana, lee}},
		"day":    {"a": "2026-12-01"},
	}
	if _, err := w.Submit(t.Context(), v.ID, slack.Submission{User: dana, Values: values}); err != nil {
		t.Fatal(err)
	}
	state := w.app.payload(t).View.State.Values
	got := map[string]any{
		"text": state["text"]["a"].Value, "menu": state["menu"]["a"].SelectedOption.Value,
		"groups": state["groups"]["a"].SelectedOptions[0].Value, "people": state["people"]["a"].SelectedUsers,
		"boxes": len(state["boxes"]["a"].SelectedOptions), "day": state["day"]["a"].SelectedDate,
	}
	want := map[string]any{
		"text": "as before", "menu": "two", "groups": "prod", "people": []string{dana, lee}, "boxes": 0, "day": "2026-12-01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

func TestWrongValuesAreHeldBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.openModal(t, form())
	good := func() map[string]map[string]any { return map[string]map[string]any{"groups": {"a": []any{"dev"}}} }
	for what, tt := range map[string]struct {
		block    string
		value    any
		sentence string
	}{
		"too short":         {"text", "ab", "text: Must be at least 3 characters."},
		"no text":           {"text", 7.0, "text: Please give a text."},
		"no such option":    {"menu", "three", `menu: There is no option "three".`},
		"no list":           {"groups", "dev", "groups: Please give a list."},
		"no such group":     {"groups", []any{"moon"}, `groups: There is no option "moon".`},
		"an empty list":     {"groups", []any{}, "groups: Please complete this required field."},
		"one of many":       {"people", dana, "people: Please give a list."},
		"null where needed": {"text", nil, "text: Please complete this required field."},
	} {
		values := good()
		values[tt.block] = map[string]any{"a": tt.value}
		_, err := w.Submit(t.Context(), v.ID, slack.Submission{User: dana, Values: values})
		wantRefusal(t, what, err, http.StatusUnprocessableEntity, "Slack would not send that: "+tt.sentence)
	}
}
