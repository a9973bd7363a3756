package blockkit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

func plain(n int) string {
	return `{"type":"plain_text","text":"` + strings.Repeat("ü", n) + `"}`
}

func mrkdwn(n int) string {
	return `{"type":"mrkdwn","text":"` + strings.Repeat("ü", n) + `"}`
}

func button(more string) string {
	return `{"type":"button","text":` + plain(3) + more + `}`
}

func actions(elements string) string {
	return `[{"type":"actions","elements":[` + elements + `]}]`
}

func section(more string) string {
	return `[{"type":"section","text":` + mrkdwn(1) + more + `}]`
}

func times(n int, s string) string {
	return strings.TrimSuffix(strings.Repeat(s+",", n), ",")
}

func TestMessagesAreHeldToSlacksLimits(t *testing.T) {
	t.Parallel()
	confirm := func(title, body, yes, no int) string {
		return `,"confirm":{"title":` + plain(title) + `,"text":` + mrkdwn(body) + `,"confirm":` + plain(yes) + `,"deny":` + plain(no) + `}`
	}
	id := func(name string, n int) string { return `,"` + name + `":"` + strings.Repeat("x", n) + `"` }
	option := func(text, value int) string {
		return `{"text":` + plain(text) + id("value", value) + `}`
	}
	menu := func(options string) string {
		return actions(`{"type":"static_select","action_id":"a","options":[` + options + `]}`)
	}
	// Each limit is met exactly by good and passed by one in bad.
	tests := map[string]struct{ good, bad, want string }{
		"blocks of a message": {
			"[" + times(50, `{"type":"divider"}`) + "]", "[" + times(51, `{"type":"divider"}`) + "]",
			"no more than 50 items allowed [json-pointer:/blocks]",
		},
		"text of a section": {
			`[{"type":"section","text":` + mrkdwn(3000) + `}]`, `[{"type":"section","text":` + mrkdwn(3001) + `}]`,
			"must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
		},
		"empty text": {
			section(""), `[{"type":"section","text":{"type":"mrkdwn","text":""}}]`,
			"must be more than 0 characters [json-pointer:/blocks/0/text/text]",
		},
		"number of fields": {
			section(`,"fields":[` + times(10, mrkdwn(1)) + `]`), section(`,"fields":[` + times(11, mrkdwn(1)) + `]`),
			"no more than 10 items allowed [json-pointer:/blocks/0/fields]",
		},
		"length of a field": {
			section(`,"fields":[` + mrkdwn(2000) + `]`), section(`,"fields":[` + mrkdwn(2001) + `]`),
			"must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
		},
		"header": {
			`[{"type":"header","text":` + plain(150) + `}]`, `[{"type":"header","text":` + plain(151) + `}]`,
			"must be less than 151 characters [json-pointer:/blocks/0/text/text]",
		},
		"header in mrkdwn": {
			`[{"type":"header","text":` + plain(1) + `}]`, `[{"type":"header","text":` + mrkdwn(1) + `}]`,
			"unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
		},
		"elements of a context": {
			`[{"type":"context","elements":[` + times(10, mrkdwn(1)) + `]}]`, `[{"type":"context","elements":[` + times(11, mrkdwn(1)) + `]}]`,
			"no more than 10 items allowed [json-pointer:/blocks/0/elements]",
		},
		"elements of actions": {
			actions(times(25, button(""))), actions(times(26, button(""))),
			"no more than 25 items allowed [json-pointer:/blocks/0/elements]",
		},
		"text of a button": {
			actions(`{"type":"button","text":` + plain(75) + `}`), actions(`{"type":"button","text":` + plain(76) + `}`),
			"must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
		},
		"value of a button": {
			actions(button(id("value", 2000))), actions(button(id("value", 2001))),
			"must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
		},
		"action_id": {
			actions(button(id("action_id", 255))), actions(button(id("action_id", 256))),
			"must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
		},
		"block_id": {
			section(id("block_id", 255)), section(id("block_id", 256)),
			"must be less than 256 characters [json-pointer:/blocks/0/block_id]",
		},
		"link of a button": {
			actions(button(`,"url":"https://example.com/` + strings.Repeat("x", 2980) + `"`)),
			actions(button(`,"url":"javascript:alert(1)"`)),
			"must be a valid url [json-pointer:/blocks/0/elements/0/url]",
		},
		"style of a button": {
			actions(button(`,"style":"danger"`)), actions(button(`,"style":"green"`)),
			"must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
		},
		"title of a confirmation": {
			actions(button(confirm(100, 300, 30, 30))), actions(button(confirm(101, 1, 1, 1))),
			"must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
		},
		"text of a confirmation": {
			actions(button(confirm(1, 300, 1, 1))), actions(button(confirm(1, 301, 1, 1))),
			"must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
		},
		"confirming button": {
			actions(button(confirm(1, 1, 30, 1))), actions(button(confirm(1, 1, 31, 1))),
			"must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]",
		},
		"denying button": {
			actions(button(confirm(1, 1, 1, 30))), actions(button(confirm(1, 1, 1, 31))),
			"must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
		},
		"options of a menu": {
			menu(times(100, option(75, 150))), menu(times(101, option(1, 1))),
			"no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
		},
		"text of an option": {
			menu(option(75, 1)), menu(option(76, 1)),
			"must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
		},
		"value of an option": {
			menu(option(1, 150)), menu(option(1, 151)),
			"must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
		},
		"a menu without options": {
			menu(option(1, 1)), actions(`{"type":"static_select","action_id":"a"}`),
			"must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
		},
		"a picture without words": {
			`[{"type":"image","image_url":"https://example.com/a.png","alt_text":"a"}]`, `[{"type":"image","image_url":"https://example.com/a.png"}]`,
			"missing required field: alt_text [json-pointer:/blocks/0]",
		},
		"rich text": {
			`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"<!channel>","style":{"bold":true}}]}]}]`,
			`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"blink","text":"x"}]}]}]`,
			"unsupported type: blink [json-pointer:/blocks/0/elements/0/elements/0/type]",
		},
		"an empty section":    {section(""), `[{"type":"section"}]`, "must define either `fields` or `text` [json-pointer:/blocks/0]"},
		"an unknown block":    {section(""), `[{"type":"marquee"}]`, "unsupported type: marquee [json-pointer:/blocks/0/type]"},
		"an unknown element":  {actions(button("")), actions(`{"type":"lever"}`), "unsupported type: lever [json-pointer:/blocks/0/elements/0/type]"},
		"an unknown property": {section(""), section(`,"colour":"red"`), "invalid additional property: colour [json-pointer:/blocks/0]"},
		"an input in actions": {actions(button("")), actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		"a block_id twice": {
			`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}]`, `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`,
			"block_id already exists: a [json-pointer:/blocks/1/block_id]",
		},
		"an action_id twice": {
			actions(button(`,"action_id":"a"`) + "," + button(`,"action_id":"b"`)), actions(times(2, button(`,"action_id":"a"`))),
			"action_id already exists: a [json-pointer:/blocks/0]",
		},
		"a text where an object belongs": {section(""), `[{"type":"section","text":"hello"}]`, "must provide an object [json-pointer:/blocks/0/text]"},
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

func TestTextThatIsNoListOfBlocksIsAFormatError(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{", "{}", `"[]"`, "null", "[] []"} {
		if _, _, err := blockkit.ParseMessage(raw); !errors.Is(err, blockkit.ErrFormat) {
			t.Errorf("ParseMessage(%q) = %v, want ErrFormat", raw, err)
		}
	}
}

func TestLengthCountsTextsAndBlocks(t *testing.T) {
	t.Parallel()
	blocks, problems, err := blockkit.ParseMessage(`[{"type":"section","text":` + mrkdwn(100) + `},` + actions(button(""))[1:])
	if err != nil || len(problems) > 0 {
		t.Fatalf("ParseMessage = %v, %v", problems, err)
	}
	if got, want := blocks.Length(), 100+3+2*40; got != want {
		t.Errorf("Length() = %d, want %d", got, want)
	}
}

func TestCompleteNamesOnlyWhatHasNoName(t *testing.T) {
	t.Parallel()
	blocks, _, _ := blockkit.ParseMessage(`[{"type":"actions","block_id":"mine","elements":[` + button(`,"action_id":"go"`) + `,` + button("") + `]},{"type":"divider"}]`)
	n := 0
	blocks.Complete(func() string { n++; return fmt.Sprint("id", n) })
	var got []string
	for _, e := range blocks.Elements() {
		got = append(got, e.BlockID+"/"+e.ActionID)
	}
	if diff := cmp.Diff([]string{"mine/go", "mine/id1"}, got); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
	if blocks[1]["block_id"] != "id2" {
		t.Errorf("divider is called %v, want id2", blocks[1]["block_id"])
	}
}

func FuzzParsersNeverPanic(f *testing.F) {
	f.Add(section(""))
	f.Add(actions(button("")))
	f.Add(`{"type":"modal","title":` + plain(3) + `,"blocks":[]}`)
	f.Add(`[null,{"type":null,"elements":[null,1]},{"type":"input","element":[]}]`)
	f.Fuzz(func(_ *testing.T, raw string) {
		blocks, _, _ := blockkit.ParseMessage(raw)
		blocks.Complete(func() string { return "x" })
		_ = blocks.Length()
		_ = blocks.Elements()
		_, _, _ = blockkit.ParseView(raw)
	})
}
