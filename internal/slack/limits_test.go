package slack_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/slack"
)

// limits are Slack's, in characters, by the path of a text in a message; a
// path is the types and keys above it.
// https://docs.slack.dev/reference/block-kit/
var limits = map[string]int{
	"header.text.text": 150, "section.text.text": 3000, "section.fields.text": 2000, "context.elements.text": 3000,
	"actions.elements.text.text": 75, "actions.elements.url": 3000, "actions.elements.value": 2000,
	"actions.elements.action_id": 255, "actions.elements.accessibility_label": 75, "actions.block_id": 255,
	"actions.elements.confirm.title.text": 100, "actions.elements.confirm.text.text": 300,
	"section.accessory.text.text": 75, "section.accessory.url": 3000, "section.accessory.accessibility_label": 75,
	"actions.elements.confirm.confirm.text": 30, "actions.elements.confirm.deny.text": 30,
	"input.label.text": 2000, "input.hint.text": 2000, "input.block_id": 255, "input.element.action_id": 255,
	"input.element.placeholder.text": 150,
}

// maxMessage is below the size at which Slack has been seen to refuse all
// blocks of a message together, about 12,000 characters.
const maxMessage = 10_000

// markup is everything that a "<" may begin in our cards.
var markup = regexp.MustCompile(`^<(!date\^[0-9]+\^[^<>|]*\|[^<>|]*|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|https://[^<>| ]+\|[^<>|]*)>`)

func checkLimits(t *testing.T, m slack.Message) {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if n := utf8.RuneCountInString(m.Text) + utf8.RuneCount(raw); n > maxMessage {
		t.Errorf("message has %d characters, more than %d", n, maxMessage)
	}
	if n := utf8.RuneCountInString(m.Text); n == 0 || n > 1000 {
		t.Errorf("fallback text has %d characters", n)
	}
	checkMarkup(t, "text", m.Text)
	checkBlocks(t, raw, 50)
}

func checkBlocks(t *testing.T, raw []byte, most int) {
	t.Helper()
	var blocks []map[string]any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	if len(blocks) == 0 || len(blocks) > most {
		t.Errorf("message has %d blocks", len(blocks))
	}
	for _, b := range blocks {
		walk(t, b["type"].(string), b)
	}
}

func walk(t *testing.T, path string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if v["type"] == "mrkdwn" {
			checkMarkup(t, path, v["text"].(string))
			if v["verbatim"] != true {
				t.Errorf("%s is not verbatim", path)
			}
		}
		for key, inner := range v {
			walk(t, path+"."+key, inner)
		}
	case []any:
		for _, inner := range v {
			walk(t, path, inner)
		}
	case string:
		limit, known := limits[path]
		if n := utf8.RuneCountInString(v); known && (n == 0 || n > limit) {
			t.Errorf("%s has %d characters, allowed are 1 to %d", path, n, limit)
		}
		if strings.HasSuffix(path, ".text") && !known {
			t.Errorf("no limit is known for %s", path)
		}
	}
}

// checkMarkup finds anything in mrkdwn that outside text could have smuggled
// in, and entities that were cut.
func checkMarkup(t *testing.T, path, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is not valid UTF-8: %q", path, text)
	}
	for i := range len(text) {
		switch text[i] {
		case '<':
			if !markup.MatchString(text[i:]) {
				t.Errorf("%s has markup that is not ours at %d: %q", path, i, text)
			}
		case '&':
			if e := text[i:]; !strings.HasPrefix(e, "&amp;") && !strings.HasPrefix(e, "&lt;") && !strings.HasPrefix(e, "&gt;") {
				t.Errorf("%s has an entity that is cut or not ours at %d: %q", path, i, text)
			}
		}
	}
}
