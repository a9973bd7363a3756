package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// An answerKey is where a view's state keeps the value of an element.
type answerKey struct {
	name string
	// initial is the property of the element with the value to begin with.
	initial string
	// options tells that the value is one of the element's options.
	options bool
	// many tells that it is a list.
	many bool
}

var answerKeys = map[string]answerKey{
	"plain_text_input":     {name: "value", initial: "initial_value"},
	"email_text_input":     {name: "value", initial: "initial_value"},
	"url_text_input":       {name: "value", initial: "initial_value"},
	"number_input":         {name: "value", initial: "initial_value"},
	"datepicker":           {name: "selected_date", initial: "initial_date"},
	"timepicker":           {name: "selected_time", initial: "initial_time"},
	"datetimepicker":       {name: "selected_date_time", initial: "initial_date_time"},
	"users_select":         {name: "selected_user", initial: "initial_user"},
	"channels_select":      {name: "selected_channel", initial: "initial_channel"},
	"conversations_select": {name: "selected_conversation", initial: "initial_conversation"},
	"multi_users_select":   {name: "selected_users", initial: "initial_users", many: true},
	"overflow":             {name: "selected_option", options: true},
	"static_select":        {name: "selected_option", initial: "initial_option", options: true},
	"radio_buttons":        {name: "selected_option", initial: "initial_option", options: true},
	"multi_static_select":  {name: "selected_options", initial: "initial_options", options: true, many: true},
	"checkboxes":           {name: "selected_options", initial: "initial_options", options: true, many: true},
}

// fill puts typed values into the inputs of a view, as Slack's client does, and
// gives its complaints by block_id. Values for inputs that the view does not
// have are a Refusal.
func fill(blocks blockkit.Blocks, typed map[string]map[string]any) (Values, map[string]string, error) {
	values, complaints := Values{}, map[string]string{}
	for _, e := range blocks.Elements() {
		if !e.Input {
			continue
		}
		v, given := typed[e.BlockID][e.ActionID]
		value, complaint := answer(e, v, given)
		if complaint != "" {
			complaints[e.BlockID] = complaint
		}
		values[e.BlockID] = map[string]map[string]any{e.ActionID: value}
	}
	for _, block := range slices.Sorted(maps.Keys(typed)) {
		for _, action := range slices.Sorted(maps.Keys(typed[block])) {
			if values[block][action] == nil {
				return nil, nil, deny(http.StatusBadRequest, "The view has no input with block_id %q and action_id %q.", block, action)
			}
		}
	}
	return values, complaints, nil
}

// answer is the state of one element, and what Slack's client says against it.
func answer(e blockkit.Element, v any, given bool) (state map[string]any, complaint string) {
	key := answerKeys[e.Type]
	state = map[string]any{"type": e.Type, key.name: nil}
	if key.many {
		state[key.name] = []any{}
	}
	if !given {
		if initial := e.Spec[key.initial]; initial != nil {
			state[key.name] = initial
			return state, ""
		}
	}
	if empty(v) {
		if !e.Optional {
			complaint = "Please complete this required field."
		}
		return state, complaint
	}
	switch {
	case key.options:
		v, complaint = pick(e, v, key.many)
	case key.many:
		complaint = "Please give a list."
		if _, ok := v.([]any); ok {
			complaint = ""
		}
	case key.name == "value":
		complaint = checkTyped(e, v)
	}
	state[key.name] = v
	return state, complaint
}

func empty(v any) bool {
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}

// checkTyped judges typed text by the limits of its input.
func checkTyped(e blockkit.Element, v any) (complaint string) {
	s, ok := v.(string)
	if !ok {
		return "Please give a text."
	}
	n := int64(utf8.RuneCountInString(s))
	if most := limit(e, "max_length"); most > 0 && n > most {
		return fmt.Sprintf("Must be at most %d characters.", most)
	}
	if least := limit(e, "min_length"); n < least {
		return fmt.Sprintf("Must be at least %d characters.", least)
	}
	return ""
}

func limit(e blockkit.Element, name string) int64 {
	number, _ := e.Spec[name].(json.Number)
	n, err := number.Int64()
	if err != nil {
		return 0
	}
	return n
}

// pick finds the options with the values v, a string or a list of strings.
func pick(e blockkit.Element, v any, many bool) (picked any, complaint string) {
	options := e.Options()
	if !many {
		option, found := options[fmt.Sprint(v)]
		if !found {
			return nil, fmt.Sprintf("There is no option %q.", fmt.Sprint(v))
		}
		return option, ""
	}
	list, ok := v.([]any)
	if !ok {
		return nil, "Please give a list."
	}
	all := make([]any, 0, len(list))
	for _, value := range list {
		option, found := options[fmt.Sprint(value)]
		if !found {
			return nil, fmt.Sprintf("There is no option %q.", fmt.Sprint(value))
		}
		all = append(all, option)
	}
	return all, ""
}
