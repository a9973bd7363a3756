package source

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A word is a text in the document.
type word struct {
	// present is whether there is a value, of whatever form.
	present bool
	text    string
	at      place
	path    string
}

// groupPrefix marks a group among approvers, and slackPrefix a user group of
// Slack.
const (
	groupPrefix = "group:"
	slackPrefix = "slack:"
)

// group returns the name of the group that an approver refers to.
func (w word) group() (string, bool) { return strings.CutPrefix(w.text, groupPrefix) }

// slackGroup returns the id of the Slack user group that an approver refers to.
func (w word) slackGroup() (string, bool) { return strings.CutPrefix(w.text, slackPrefix) }

var durationForm = regexp.MustCompile(`^[1-9][0-9]{0,5}[mhd]$`)

// duration reads "90m", "24h" or "7d".
func (w word) duration() (time.Duration, bool) {
	if !durationForm.MatchString(w.text) {
		return 0, false
	}
	last := len(w.text) - 1
	n, err := strconv.Atoi(w.text[:last])
	unit := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[w.text[last]]
	return time.Duration(n) * unit, err == nil
}

func readWord(n *node, path string) word {
	if n == nil {
		return word{}
	}
	s, _ := n.text()
	return word{present: true, text: s, at: n.at, path: path}
}

// readWords reads the texts of a list.
func readWords(n *node, path string) []word {
	if n == nil {
		return nil
	}
	var out []word
	for i, item := range n.items {
		if w := readWord(item, fmt.Sprintf("%s[%d]", path, i)); w.text != "" {
			out = append(out, w)
		}
	}
	return out
}

// readOneOrMore reads a text, or the texts of a list.
func readOneOrMore(n *node, path string) []word {
	if w := readWord(n, path); w.text != "" {
		return []word{w}
	}
	return readWords(n, path)
}

// readTruth reads true or false; anything else is otherwise.
func readTruth(n *node, otherwise bool) bool {
	if n == nil || n.kind != truthKind {
		return otherwise
	}
	truth, ok := n.scalar.(bool)
	return ok && truth
}

func texts(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.text
	}
	return out
}
