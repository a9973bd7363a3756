package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	escape = '\x1b'
	bell   = '\x07'
	csi    = '\u009b' // ESC [ as one character
)

// clean drops from a line what is not to be seen: escape sequences, control
// characters, direction marks and zero-width characters, by which a secret
// could be torn apart unseen. Carriage returns, with which a progress bar
// overwrites itself, become spaces.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.TrimSuffix(strings.ToValidUTF8(s, "\uFFFD"), "\r")
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == escape:
			i += sequence(s[i:])
			continue
		case r == csi:
			i += size + parameters(s[i+size:])
			continue
		case r == '\t':
			b.WriteRune(r)
		case r == '\r', r == '\u2028', r == '\u2029', r == '\v', r == '\f':
			b.WriteByte(' ')
		case unicode.IsControl(r), invisible(r), joiner(r) && afterASCII(b.String()):
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// plain reports whether s is printable ASCII and tabs, as most lines are.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\t') || c > '~' {
			return false
		}
	}
	return true
}

// invisible reports direction marks (UAX #9), zero-width characters except the
// joiners that scripts and compound emoji need, soft hyphens and tags.
func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r == '\u00AD', r == '\u200B', r == '\u180E', r == '\uFEFF', r >= '\u2060' && r <= '\u2064', r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return unicode.Is(unicode.Bidi_Control, r)
}

// joiner reports the characters that join or part the letters around them.
// Emoji and some scripts need them, ASCII does not.
func joiner(r rune) bool { return r == '\u200C' || r == '\u200D' }

func afterASCII(s string) bool { return s == "" || s[len(s)-1] < utf8.RuneSelf }

// sequence is the length of the escape sequence at the beginning of s.
// https://ecma-international.org/publications-and-standards/standards/ecma-48/
func sequence(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch c := s[1]; {
	case c == '[':
		return 2 + parameters(s[2:])
	case c == ']', c == 'P', c == 'X', c == '^', c == '_':
		return stringSequence(s)
	case c >= ' ' && c <= '/' && len(s) > 2 && s[2] < utf8.RuneSelf: // one intermediate, one final byte
		return 3
	case c >= '0' && c <= '~':
		return 2
	}
	return 1
}

// stringSequence is the length of a sequence that ends with BEL or ESC \, such
// as the address of a link. Of one that never ends only the mark goes.
func stringSequence(s string) int {
	for i := 2; i < len(s); i++ {
		switch {
		case s[i] == bell:
			return i + 1
		case s[i] == escape && strings.HasPrefix(s[i+1:], `\`):
			return i + 2
		case s[i] == escape:
			return i
		}
	}
	return 1
}

// parameters is the length of the rest of a control sequence: parameters,
// intermediates, and the one letter that ends it.
func parameters(s string) int {
	i := 0
	for i < len(s) && s[i] >= ' ' && s[i] <= '?' {
		i++
	}
	if i < len(s) && s[i] >= '@' && s[i] <= '~' {
		i++
	}
	return i
}
