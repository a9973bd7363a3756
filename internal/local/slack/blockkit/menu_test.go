package blockkit_test

import (
	"testing"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

// entry is an option with a text object and a value.
func entry(text, value string) string { return `{"text":` + text + `,"value":"` + value + `"}` }

func TestMenusAndBoxesAreHeldToSlacksRules(t *testing.T) {
	t.Parallel()
	menu := func(kind, more string) string {
		return actions(`{"type":"` + kind + `","action_id":"a",` + more + `}`)
	}
	list := `"options":[` + entry(plain(1), "a") + `,` + entry(plain(2), "b") + `]`
	marked := `"options":[` + entry(mrkdwn(1), "a") + `]`
	linked := `"options":[{"text":` + plain(1) + `,"value":"a","url":"https://example.com"}]`
	group := `"option_groups":[{"label":` + plain(1) + `,` + list + `}]`
	// Each rule is kept by good and broken by bad.
	tests := map[string]struct{ good, bad, want string }{
		"a menu's options are plain": {
			menu("static_select", list), menu("static_select", marked),
			"unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]",
		},
		"an overflow's options are plain": {
			menu("overflow", linked), menu("overflow", marked),
			"unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]",
		},
		"only an overflow's options are links": {
			menu("checkboxes", marked), menu("checkboxes", linked),
			"invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
		},
		"a menu begins with one of its options": {
			menu("static_select", list+`,"initial_option":`+entry(plain(2), "b")), menu("static_select", list+`,"initial_option":`+entry(plain(2), "c")),
			"must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
		},
		"with the same words": {
			menu("static_select", group+`,"initial_option":`+entry(plain(1), "a")), menu("static_select", group+`,"initial_option":`+entry(plain(9), "a")),
			"must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
		},
		"ticked boxes are boxes": {
			menu("checkboxes", list+`,"initial_options":[`+entry(plain(1), "a")+`]`), menu("checkboxes", list+`,"initial_options":[`+entry(plain(1), "z")+`]`),
			"must be one of the options [json-pointer:/blocks/0/elements/0/initial_options/0]",
		},
		"ten boxes": {
			menu("radio_buttons", `"options":[`+times(10, entry(plain(1), "a"))+`]`), menu("radio_buttons", `"options":[`+times(11, entry(plain(1), "a"))+`]`),
			"no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, problems, err := blockkit.ParseMessage(tt.good); err != nil || len(problems) > 0 {
				t.Errorf("ParseMessage(good) = %v, %v; want no problem", problems, err)
			}
			_, problems, err := blockkit.ParseMessage(tt.bad)
			if err != nil || len(problems) != 1 || problems[0].String() != tt.want {
				t.Errorf("ParseMessage(bad) = %v, %v; want one problem: %s", problems, err, tt.want)
			}
		})
	}
}
