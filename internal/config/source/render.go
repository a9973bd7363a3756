package source

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Render writes ps for people: the place in the form that editors and
// terminals turn into a link, the line itself with the part that is meant, and
// what to write instead. Nothing in the text can control a terminal.
func (ps Problems) Render(w io.Writer, file string, text []byte) error {
	lines := strings.Split(strings.TrimPrefix(string(text), byteOrderMark), "\n")
	var out strings.Builder
	for i, p := range ps {
		if i > 0 {
			out.WriteByte('\n')
		}
		warning := ""
		if p.Warning {
			warning = "warning: "
		}
		fmt.Fprintf(&out, "%s:%d:%d: %s%s\n", visible(file), p.Line, p.Column, warning, visible(p.Message))
		if p.Line <= len(lines) {
			p.excerpt(&out, lines[p.Line-1])
		}
		if p.Help != "" {
			fmt.Fprintf(&out, "      = %s\n", visible(p.Help))
		}
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write the problems: %w", err)
	}
	return nil
}

// The part of a line that is shown, in characters: long lines are cut around
// the place that is meant.
const (
	excerptWidth  = 100
	excerptBefore = 60
)

// excerpt writes the line with carets under the place of p.
func (p Problem) excerpt(out *strings.Builder, line string) {
	runes := []rune(visible(strings.TrimSuffix(line, "\r")))
	from := 0
	if len(runes) > excerptWidth && p.Column > excerptBefore {
		from = min(p.Column-excerptBefore, len(runes)-1)
	}
	shown := runes[from:min(from+excerptWidth, len(runes))]
	before := min(p.Column-1-from, len(shown))
	carets := max(min(p.Width, len(shown)-before), 1)
	fmt.Fprintf(out, "%5d | %s\n", p.Line, string(shown))
	fmt.Fprintf(out, "      | %s%s\n", strings.Repeat(" ", before), strings.Repeat("^", carets))
}

// visible replaces, one for one, what a terminal would obey instead of show.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return ' '
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c), c == '\u2028', c == '\u2029':
			return unicode.ReplacementChar
		}
		return c
	}, s)
}
