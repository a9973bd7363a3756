// Package blockkit judges Block Kit as strictly as Slack does.
//
// It knows the blocks and elements that an app like ours uses, each with its
// published limits, counted in Unicode code points. What it does not know it
// refuses: a message that passes here passes in Slack, not the other way round.
// Source of the limits: https://docs.slack.dev/reference/block-kit.
package blockkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// ErrFormat says that the text is not the JSON that was expected, so that no
// rule of Block Kit could even be applied.
var ErrFormat = errors.New("not a JSON value of the expected kind")

// Slack's limits on a whole message or view.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	// MaxMessageLength is what all texts of a message may add up to. Slack
	// does not publish it; apps have met msg_blocks_too_long between 11,341
	// and 13,297 characters, and Slack's staff speak of 12,000 with a share
	// for the containers (github.com/slackapi/bolt-js, 2509 and 2867).
	MaxMessageLength = 12_000
	// blockLength is the share of MaxMessageLength that we charge per block.
	blockLength = 40
	// MaxViewBytes is the size of a view's JSON at which Slack answers
	// view_too_large.
	MaxViewBytes = 250 * 1024
)

// A Problem is one rule of Block Kit that is broken.
type Problem struct {
	// Pointer is the JSON pointer of the offending value.
	Pointer string
	// Text says what is wrong, in Slack's own words where they are known.
	Text string
}

// String is the problem as Slack writes it into errors.
func (p Problem) String() string {
	return fmt.Sprintf("%s [json-pointer:%s]", p.Text, p.Pointer)
}

// Blocks are the blocks of a message or view, as sent.
type Blocks []map[string]any

// ParseMessage reads the blocks of a message. The blocks are usable only when
// there is no problem; ErrFormat means that raw is no JSON array of objects.
func ParseMessage(raw string) (Blocks, []Problem, error) {
	list, ok := decode(raw).([]any)
	if !ok {
		return nil, nil, fmt.Errorf("read blocks: %w", ErrFormat)
	}
	c := &checker{}
	listOf(0, maxMessageBlocks, oneOf(messageBlocks))(c, "/blocks", list)
	blocks := asBlocks(list)
	c.unique(blocks, "/blocks")
	return blocks, c.problems, nil
}

// Length is what the blocks count against MaxMessageLength.
func (b Blocks) Length() int {
	c := &checker{}
	for _, block := range b {
		c.length += blockLength
		oneOf(messageBlocks)(c, "", block)
	}
	return c.length
}

// Complete gives every block and every element that takes an action_id one of
// its own, made by next, where the sender left it out, as Slack does.
func (b Blocks) Complete(next func() string) {
	for _, block := range b {
		if text(block["block_id"]) == "" {
			block["block_id"] = next()
		}
		for _, e := range elementsOf(block) {
			_, interactive := elements[text(e["type"])]
			if interactive && text(e["type"]) != "image" && text(e["action_id"]) == "" {
				e["action_id"] = next()
			}
		}
	}
}

func decode(raw string) any {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return nil
	}
	return v
}

func asBlocks(list []any) Blocks {
	blocks := make(Blocks, 0, len(list))
	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			blocks = append(blocks, m)
		}
	}
	return blocks
}

// unique checks what must not occur twice: a block_id in a message or view,
// and an action_id in a block.
func (c *checker) unique(blocks Blocks, at string) {
	seen := map[string]bool{}
	for i, block := range blocks {
		here := fmt.Sprintf("%s/%d", at, i)
		c.once(seen, text(block["block_id"]), here+"/block_id", "block_id already exists")
		actions := map[string]bool{}
		for _, e := range elementsOf(block) {
			c.once(actions, text(e["action_id"]), here, "action_id already exists")
		}
	}
}

func (c *checker) once(seen map[string]bool, id, at, problem string) {
	if id != "" && seen[id] {
		c.add(at, "%s: %s", problem, id)
	}
	seen[id] = true
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// text is v when it is a string, else empty.
func text(v any) string {
	s, _ := v.(string)
	return s
}
