package blockkit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/slack/blockkit"
)

func input(element string) string {
	return `{"type":"input","block_id":"reason","label":` + plain(6) + `,"element":` + element + `}`
}

func view(title, submit, closing, metadata int, blocks string) string {
	return `{"type":"modal","callback_id":"reject","title":` + plain(title) + `,"submit":` + plain(submit) + `,"close":` + plain(closing) +
		`,"private_metadata":"` + strings.Repeat("m", metadata) + `","notify_on_close":true,"blocks":[` + blocks + `]}`
}

const reason = `{"type":"plain_text_input","action_id":"reason","multiline":true,"max_length":500}`

func TestViewsAreHeldToSlacksLimits(t *testing.T) {
	t.Parallel()
	divider := `{"type":"divider"}`
	if _, problems, err := blockkit.ParseView(view(24, 24, 24, 3000, times(99, divider)+","+input(reason))); err != nil || len(problems) > 0 {
		t.Errorf("ParseView at every limit = %v, %v; want no problem", problems, err)
	}
	tests := map[string]struct{ raw, want string }{
		"title":            {view(25, 1, 1, 0, divider), "must be less than 25 characters [json-pointer:/view/title/text]"},
		"submit":           {view(1, 25, 1, 0, divider), "must be less than 25 characters [json-pointer:/view/submit/text]"},
		"close":            {view(1, 1, 25, 0, divider), "must be less than 25 characters [json-pointer:/view/close/text]"},
		"private_metadata": {view(1, 1, 1, 3001, divider), "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		"blocks":           {view(1, 1, 1, 0, times(101, divider)), "no more than 100 items allowed [json-pointer:/view/blocks]"},
		"no blocks":        {view(1, 1, 1, 0, ""), "no fewer than 1 items allowed [json-pointer:/view/blocks]"},
		"max_length": {
			view(1, 1, 1, 0, input(`{"type":"plain_text_input","max_length":3001}`)),
			"must be a whole number from 1 to 3000 [json-pointer:/view/blocks/0/element/max_length]",
		},
		"a button as input": {
			view(1, 1, 1, 0, input(button(""))),
			"unsupported type: button [json-pointer:/view/blocks/0/element/type]",
		},
		"inputs without submit": {
			`{"type":"modal","title":` + plain(1) + `,"blocks":[` + input(reason) + `]}`,
			"missing required field: submit, which a view with inputs needs [json-pointer:/view]",
		},
		"no title":    {`{"type":"modal","blocks":[` + divider + `]}`, "missing required field: title [json-pointer:/view]"},
		"a home tab":  {`{"type":"home","blocks":[]}`, "unsupported type: home [json-pointer:/view/type]"},
		"same inputs": {view(1, 1, 1, 0, times(2, input(reason))), "block_id already exists: reason [json-pointer:/view/blocks/1/block_id]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems, err := blockkit.ParseView(tt.raw)
			if err != nil || len(problems) != 1 || problems[0].String() != tt.want {
				t.Errorf("ParseView = %v, %v; want one problem: %s", problems, err, tt.want)
			}
		})
	}
	if _, _, err := blockkit.ParseView("[]"); !errors.Is(err, blockkit.ErrFormat) {
		t.Errorf("ParseView([]) = %v, want ErrFormat", err)
	}
}

func TestParseViewReadsTheFrame(t *testing.T) {
	t.Parallel()
	got, _, err := blockkit.ParseView(view(2, 3, 4, 5, input(reason)))
	if err != nil {
		t.Fatal(err)
	}
	want := blockkit.View{
		Title: "üü", Submit: "üüü", Close: "üüüü", CallbackID: "reject", PrivateMetadata: "mmmmm", NotifyOnClose: true, Blocks: got.Blocks,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("view (-want +got):\n%s", diff)
	}
	elements := got.Blocks.Elements()
	if len(elements) != 1 || !elements[0].Input || elements[0].BlockID != "reason" || elements[0].Type != "plain_text_input" {
		t.Errorf("elements = %+v, want the one input", elements)
	}
}

func TestHomeTabsAreViewsWithoutAFrame(t *testing.T) {
	t.Parallel()
	v, problems, err := blockkit.ParseHome(`{"type":"home","callback_id":"home","blocks":[` + input(reason) + `]}`)
	if err != nil || len(problems) > 0 || v.CallbackID != "home" || len(v.Blocks) != 1 {
		t.Errorf("ParseHome = %+v, %v, %v", v, problems, err)
	}
	tests := map[string]struct{ raw, want string }{
		"a modal":  {view(1, 1, 1, 0, `{"type":"divider"}`), "unsupported type: modal [json-pointer:/view/type]"},
		"a title":  {`{"type":"home","title":` + plain(1) + `,"blocks":[{"type":"divider"}]}`, "invalid additional property: title [json-pointer:/view]"},
		"empty":    {`{"type":"home","blocks":[]}`, "no fewer than 1 items allowed [json-pointer:/view/blocks]"},
		"too long": {`{"type":"home","blocks":[` + times(101, `{"type":"divider"}`) + `]}`, "no more than 100 items allowed [json-pointer:/view/blocks]"},
	}
	for name, tt := range tests {
		_, problems, err := blockkit.ParseHome(tt.raw)
		if err != nil || len(problems) != 1 || problems[0].String() != tt.want {
			t.Errorf("%s: %v, %v; want one problem: %s", name, problems, err, tt.want)
		}
	}
}
