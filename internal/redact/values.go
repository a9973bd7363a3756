package redact

import "strings"

// A value is what stands behind a name.
type value struct {
	from, to int
	quoted   bool
}

// valueAt finds the value that begins at s[i], after white space. inQuery says
// that an ampersand ends it.
func valueAt(s string, i int, inQuery bool) value {
	i += len(s[i:]) - len(strings.TrimLeft(s[i:], " \t"))
	if n := quoteLength(s[i:]); n > 0 {
		return quotedValue(s, i, n)
	}
	to := i
	for to < len(s) && !ends(s, to, inQuery) {
		to++
	}
	if !strings.HasPrefix(s[i:], "${") {
		to = i + len(withoutClosers(s[i:to]))
	}
	return value{from: i, to: to}
}

// withoutClosers is an unquoted value without the marks behind it that close
// what it stands in, or end the sentence.
func withoutClosers(v string) string {
	for v != "" && strings.IndexByte(")]},;>.", v[len(v)-1]) >= 0 && !strings.HasSuffix(v, Hidden) {
		v = v[:len(v)-1]
	}
	return v
}

// quotedValue is the value in the quotes of n bytes that open at s[i], or all
// the rest if they are not closed.
func quotedValue(s string, i, n int) value {
	from := i + n
	quote := s[i:from]
	for at := from; ; {
		j := strings.Index(s[at:], quote)
		if j < 0 {
			return value{from: from, to: len(s), quoted: true}
		}
		at += j
		if at == from || s[at-1] != '\\' {
			return value{from: from, to: at, quoted: true}
		}
		at += n
	}
}

// quoteLength is how many bytes open a quotation at the beginning of s: a
// quotation mark, behind backslashes when it stands in a quoted text itself.
func quoteLength(s string) int {
	i := 0
	for i < len(s) && s[i] == '\\' {
		i++
	}
	if i < len(s) && (s[i] == '"' || s[i] == '\'' || s[i] == '`') {
		return i + 1
	}
	return 0
}

// ends reports whether an unquoted value ends before s[i]: at white space, or
// at a mark behind which another name begins.
func ends(s string, i int, inQuery bool) bool {
	switch s[i] {
	case ' ', '\t', '"', '\'', '<':
		return true
	case '&', '#':
		return inQuery || follows(s[i+1:])
	case ',', ';', '|':
		return follows(s[i+1:])
	case '%':
		return inQuery && strings.HasPrefix(s[i:], "%26")
	}
	return false
}

// follows reports whether s, which comes after a mark, begins something new.
func follows(s string) bool {
	if s == "" || s[0] == ' ' || s[0] == '"' || s[0] == '\'' {
		return true
	}
	n := run(s[:min(len(s), maxName)], alnum|dash|under|dot)
	return n > 0 && n < len(s) && (s[n] == '=' || s[n] == ':')
}
