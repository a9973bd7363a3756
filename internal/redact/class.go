package redact

import "strings"

// A class is a set of bytes.
type class uint16

const (
	lower class = 1 << iota
	upper
	digit
	dash
	under
	dot
	slash
	plus
	equals
	percent
	tilde
	colon

	letter = lower | upper
	alnum  = letter | digit
	base64 = alnum | plus | slash | equals
	urlish = alnum | dash | under // base64 for URLs
	opaque = alnum | plus | slash | equals | dash | under | dot | tilde | percent
	route  = alnum | dash | under | dot | slash | percent | tilde | equals
)

// marks are the bytes of the classes from dash on, in their order.
const marks = "-_./+=%~:"

// classOf is the class of one byte; none for those that no secret is made of.
func classOf(c byte) class {
	switch {
	case c >= 'a' && c <= 'z':
		return lower
	case c >= 'A' && c <= 'Z':
		return upper
	case c >= '0' && c <= '9':
		return digit
	}
	if i := strings.IndexByte(marks, c); i >= 0 {
		return dash << i
	}
	return 0
}

// run is how many bytes at the beginning of s are in set.
func run(s string, set class) int {
	for i := range len(s) {
		if classOf(s[i])&set == 0 {
			return i
		}
	}
	return len(s)
}

// runBack is how many bytes at the end of s are in set, up to limit.
func runBack(s string, set class, limit int) int {
	n := 0
	for n < len(s) && n < limit && classOf(s[len(s)-1-n])&set != 0 {
		n++
	}
	return n
}

// A mix says what a text is made of.
type mix struct {
	has   class
	turns int // from one class of letters or digits to another
}

func mixOf(s string) mix {
	var m mix
	var last class
	for i := range len(s) {
		c := classOf(s[i])
		m.has |= c
		if c&alnum != 0 {
			if last != 0 && c != last {
				m.turns++
			}
			last = c
		}
	}
	return m
}

// Of a key that chance has made, every second or third character is of another
// class than the one before; a path or a name in camel case turns less often.
const (
	keyLength = 40 // of the secret access keys of AWS
	keyTurns  = 15
)

// bareKey reports whether s, a whole run of base64, is such a key.
func bareKey(s string) bool {
	if len(s) != keyLength {
		return false
	}
	m := mixOf(s)
	return m.has&alnum == alnum && m.has&equals == 0 && m.turns >= keyTurns
}

// guarded reports whether s, which stands in prose, looks like a secret and
// not like a word: it mixes what words don't, or is longer than they are.
func guarded(s string) bool {
	const short, long = 8, 24
	m := mixOf(s)
	switch {
	case len(s) < short:
		return false
	case len(s) >= long:
		return true
	case m.has&digit != 0 && m.has&letter != 0:
		return true
	}
	return m.has&letter == letter && m.turns > 3
}
