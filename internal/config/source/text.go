package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// readText returns text as the parser wants it: without a byte order mark and
// with plain line ends. It refuses what no configuration needs and what would
// show a reviewer something else than the parser reads.
func readText(text []byte) (string, Problems) {
	start := place{1, 1, 1}
	switch {
	case len(text) > MaxSize:
		return "", Problems{start.problem("", fmt.Sprintf("the file is larger than %d KiB", MaxSize>>10), "use groups for people who approve together, and patterns such as web-* for pipelines that are alike")}
	case bytes.HasPrefix(text, []byte{0xFE, 0xFF}), bytes.HasPrefix(text, []byte{0xFF, 0xFE}):
		return "", Problems{start.problem("", "the file is UTF-16", "save it as UTF-8")}
	}
	clean := strings.ReplaceAll(strings.TrimPrefix(string(text), byteOrderMark), "\r\n", "\n")
	if problems := checkCharacters(clean); len(problems) > 0 {
		return "", problems
	}
	if strings.TrimSpace(clean) == "" {
		return "", Problems{emptyFile(start)}
	}
	return clean, nil
}

// byteOrderMark is what some editors put at the start of UTF-8.
const byteOrderMark = "\uFEFF"

func emptyFile(at place) Problem {
	return at.problem("", "the file is empty", "it needs at least version, people and approvals; config/signalbox.yaml is an example")
}

// checkCharacters reports at most one problem for each line.
func checkCharacters(text string) Problems {
	var problems Problems
	line := 0
	for l := range strings.SplitSeq(text, "\n") {
		line++
		column, indent := 0, true
		for i, c := range l {
			column++
			if c != ' ' && c != '\t' {
				indent = false
			}
			message, help := badCharacter(l, i, c, indent)
			if message != "" {
				problems = append(problems, place{line, column, 1}.problem("", message, help))
				break
			}
		}
	}
	return problems
}

// badCharacter says what is wrong with c, which is at l[i:].
func badCharacter(l string, i int, c rune, indent bool) (message, help string) {
	switch {
	case c == utf8.RuneError && !strings.HasPrefix(l[i:], string(utf8.RuneError)):
		return "this is not UTF-8", "save the file as UTF-8"
	case c == '\t' && indent:
		return "a tab in the indentation", "indent with spaces: YAML does not allow tabs"
	case c < ' ' && c != '\t', c >= 0x7F && c < 0xA0:
		return fmt.Sprintf("a control character (%U)", c), "remove it"
	case c == '\u2028', c == '\u2029', c == '\uFEFF':
		return fmt.Sprintf("an invisible character (%U)", c), "remove it"
	case c >= '\u202A' && c <= '\u202E', c >= '\u2066' && c <= '\u2069':
		return fmt.Sprintf("a character that turns the direction of text (%U)", c), "remove it: it can make the file look different from what it says"
	}
	return "", ""
}
