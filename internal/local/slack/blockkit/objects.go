package blockkit

import (
	"fmt"
	"maps"
	"reflect"
)

const (
	// maxID is the length of block_id, action_id, callback_id and external_id.
	maxID = 255
	// maxTyped is the most that a plain-text input accepts.
	maxTyped = 3000
)

type rules = map[string]check

// plain is a plain_text object of 1 to limit characters.
func plain(limit int) check {
	return oneOf(map[string]object{"plain_text": {
		required: rules{"text": words(limit)},
		optional: rules{"emoji": boolean},
	}})
}

// rich is a plain_text or mrkdwn object of 1 to limit characters.
func rich(limit int) check {
	return oneOf(textObjects(limit))
}

func textObjects(limit int) map[string]object {
	return map[string]object{
		"plain_text": {required: rules{"text": words(limit)}, optional: rules{"emoji": boolean}},
		"mrkdwn":     {required: rules{"text": words(limit)}, optional: rules{"verbatim": boolean}},
	}
}

var confirmation = object{
	required: rules{
		"title":   plain(100),
		"text":    rich(300),
		"confirm": plain(30),
		"deny":    plain(30),
	},
	optional: rules{"style": choice("primary", "danger")},
}.check

// option is an entry of a list; its texts are plain in menus, and may be marked
// up beside a box to tick.
func option(texts func(int) check, extra rules) check {
	return object{
		required: rules{"text": texts(75), "value": characters(1, 150)},
		optional: join(rules{"description": texts(75)}, extra),
	}.check
}

var (
	menuOption     = option(plain, nil)
	boxOption      = option(rich, nil)
	overflowOption = option(plain, rules{"url": webAddress})
	optionGroup    = object{
		required: rules{"label": plain(75), "options": listOf(1, 100, menuOption)},
	}.check
)

// elements are the block elements we know.
var elements = map[string]object{
	"button": {
		required: rules{"text": plain(75)},
		optional: rules{
			"action_id":           characters(1, maxID),
			"url":                 webAddress,
			"value":               characters(1, 2000),
			"style":               choice("primary", "danger"),
			"confirm":             confirmation,
			"accessibility_label": characters(1, 75),
		},
	},
	"image":                picture,
	"overflow":             {required: rules{"options": listOf(1, 5, overflowOption)}, optional: picking(nil)},
	"static_select":        selectMenu(optionSource("initial_option", menuOption)),
	"multi_static_select":  manyMenu(optionSource("initial_options", listOf(1, 100, menuOption))),
	"users_select":         selectMenu(rules{"initial_user": characters(1, maxID)}),
	"channels_select":      selectMenu(rules{"initial_channel": characters(1, maxID)}),
	"conversations_select": selectMenu(rules{"initial_conversation": characters(1, maxID)}),
	"multi_users_select":   manyMenu(rules{"initial_users": listOf(1, 100, characters(1, maxID))}),
	"checkboxes":           {required: tenOptions, optional: picking(rules{"initial_options": listOf(1, 10, boxOption)}), also: initialIsOffered},
	"radio_buttons":        {required: tenOptions, optional: picking(rules{"initial_option": boxOption}), also: initialIsOffered},
	"datepicker":           {optional: menu(rules{"initial_date": characters(10, 10)})},
	"timepicker":           {optional: menu(rules{"initial_time": characters(5, 5), "timezone": characters(1, maxID)})},
	"datetimepicker":       {optional: picking(rules{"initial_date_time": whole(1_000_000_000, 9_999_999_999)})},
	"plain_text_input":     typing(textLimits),
	"email_text_input":     typing(nil),
	"url_text_input":       typing(nil),
	"number_input":         {required: rules{"is_decimal_allowed": boolean}, optional: typing(numberLimits).optional},
}

var (
	picture = object{
		required: rules{"alt_text": words(2000), "image_url": webAddress},
	}
	tenOptions = rules{"options": listOf(1, 10, boxOption)}
	textLimits = rules{
		"multiline":  boolean,
		"min_length": whole(0, maxTyped),
		"max_length": whole(1, maxTyped),
	}
	numberLimits = rules{"min_value": characters(1, maxID), "max_value": characters(1, maxID)}
)

// picking are the properties of everything one can pick from, plus extra.
func picking(extra rules) rules {
	return join(rules{
		"action_id":     characters(1, maxID),
		"confirm":       confirmation,
		"focus_on_load": boolean,
	}, extra)
}

func menu(extra rules) rules {
	return join(picking(extra), rules{"placeholder": plain(150)})
}

func optionSource(initial string, value check) rules {
	return rules{
		"options":       listOf(1, 100, menuOption),
		"option_groups": listOf(1, 100, optionGroup),
		initial:         value,
	}
}

func selectMenu(extra rules) object {
	o := object{optional: menu(extra)}
	if extra["options"] != nil {
		o.also = func(c *checker, at string, m map[string]any) {
			exactlyOne("options", "option_groups")(c, at, m)
			initialIsOffered(c, at, m)
		}
	}
	return o
}

// initialIsOffered demands that what is chosen at first is among the options,
// with the same words.
func initialIsOffered(c *checker, at string, m map[string]any) {
	offered := Element{Spec: m}.Options()
	check := func(key string, v any) {
		o, _ := v.(map[string]any)
		if o != nil && !reflect.DeepEqual(o, offered[text(o["value"])]) {
			c.add(at+"/"+key, "must be one of the options")
		}
	}
	check("initial_option", m["initial_option"])
	list, _ := m["initial_options"].([]any)
	for i, v := range list {
		check(fmt.Sprintf("initial_options/%d", i), v)
	}
}

func manyMenu(extra rules) object {
	return selectMenu(join(extra, rules{"max_selected_items": whole(1, 100)}))
}

// typing is an element one types into, with extra properties.
func typing(extra rules) object {
	return object{optional: join(rules{
		"action_id":              characters(1, maxID),
		"placeholder":            plain(150),
		"initial_value":          characters(1, maxTyped),
		"focus_on_load":          boolean,
		"dispatch_action_config": object{required: rules{"trigger_actions_on": listOf(1, 2, choice("on_enter_pressed", "on_character_entered"))}}.check,
	}, extra)}
}

func join(a, b rules) rules {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
