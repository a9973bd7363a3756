package release

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// cut makes text one line that takes at most limit bytes as JSON. What is cut
// off shows.
func cut(text string, limit int) string {
	if len(text) <= limit && plain(text) {
		return text
	}
	if long := 8 * limit; len(text) > long {
		text = text[:long] + "…" // nobody's text has that much space in it
	}
	text = clip(text, limit) // runes, each of a byte at least
	size, end := 0, 0        // end is where the text would end to have room for the ellipsis
	for i, r := range text {
		if size <= limit-len("…") {
			end = i
		}
		if size += jsonBytes(r); size > limit {
			return text[:end] + "…"
		}
	}
	return text
}

// plain reports whether JSON takes text as it is.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || jsonBytes(rune(c)) > 1 {
			return false
		}
	}
	return !strings.Contains(text, "  ") && strings.TrimSpace(text) == text
}

// jsonBytes is how many bytes encoding/json takes for r, which is no control
// character.
func jsonBytes(r rune) int {
	switch r {
	case '"', '\\':
		return 2
	case '<', '>', '&', '\u2028', '\u2029':
		return 6
	}
	return utf8.RuneLen(r)
}

// address is url if it can be kept whole, or nothing.
func address(url string) string {
	if link(url) == "" || cut(url, maxAddress) != url {
		return ""
	}
	return url
}

// sourced is what the summary of a source action says: that of a connection is
// JSON with the commit's message in it.
func sourced(summary string) string {
	var connection struct{ CommitMessage string }
	if strings.HasPrefix(summary, "{") && json.Unmarshal([]byte(summary), &connection) == nil && connection.CommitMessage != "" {
		return connection.CommitMessage
	}
	return summary
}
