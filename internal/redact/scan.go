package redact

import "strings"

// A span is a part of a line that is to be hidden, from one byte to before
// another. It is empty if there is nothing to hide.
type span struct{ from, to int }

// scan hides what is secret in one line, from left to right.
func scan(s string) string {
	var b strings.Builder
	done, runEnd := 0, 0 // what is written; the end of the last run of base64
	for i := 0; i < len(s); {
		hit := secretAt(s, i)
		if hit.to == 0 && i >= runEnd {
			n := run(s[i:], alnum|plus|slash)
			if bareKey(s[i:i+n]) && alone(s, i, i+n) {
				hit = span{i, i + n}
			}
			runEnd = i + n
		}
		if hit.to <= hit.from || hit.from < done {
			i++
			continue
		}
		b.WriteString(s[done:hit.from])
		b.WriteString(Hidden)
		done, i = hit.to, hit.to
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// alone reports whether s[from:to] is not the part of something longer, such
// as a digest behind "sha1-".
func alone(s string, from, to int) bool {
	const joins = dash | under | dot | percent
	return (from == 0 || classOf(s[from-1])&joins == 0) && (to == len(s) || classOf(s[to])&(joins&^dot|equals) == 0)
}

// secretAt finds the secret that s[i] begins or leads to.
func secretAt(s string, i int) span {
	switch s[i] {
	case '=', ':':
		return named(s, i)
	case '%':
		return encoded(s, i)
	case '>':
		return element(s, i)
	case '-':
		return option(s, i)
	case 'B', 'b', 'I', 'i', 'P', 'p':
		if hit := said(s, i); hit.to > 0 {
			return hit
		}
	}
	from, to := shaped(s, i)
	return span{from, to}
}

// named finds the value behind the sign at s[i] that stands between a name and
// a value: "name=", "name: ", `"name": `, "name => ", "name := ".
func named(s string, i int) span {
	if s[i] == ':' {
		if hit := userinfo(s, i); hit.to > 0 {
			return hit
		}
	}
	sign := signEnd(s, i)
	if sign == 0 {
		return span{}
	}
	n := nameBefore(s, i)
	if n.text == "" || n.before == '/' || n.before == ':' {
		return span{} // a path, an image with its tag, an ARN
	}
	assigned := s[i] == '=' && !n.spaced
	return behind(s, sign, n, weigh(n.text, assigned))
}

// signEnd is the end of the sign that begins at s[i], or 0 if there begins none
// that could stand before a value.
func signEnd(s string, i int) int {
	const parts = "=:>"
	if i > 0 && (strings.IndexByte(parts, s[i-1]) >= 0 || s[i-1] == '!' || s[i-1] == '<') || strings.HasPrefix(s[i:], "::") {
		return 0
	}
	end := i + 1
	for end < len(s) && end < i+3 && strings.IndexByte(parts, s[end]) >= 0 {
		end++
	}
	return end
}

// behind is the value at s[i] of the name n, if it is to be hidden.
func behind(s string, i int, n name, w weight) span {
	if w == nothing {
		return span{}
	}
	i = afterScheme(s, i)
	v := valueAt(s, i, n.before == '?' || n.before == '&')
	if w == whole && !v.quoted {
		v.to = len(strings.TrimRight(s, " \t"))
		if v.to < v.from {
			v.to = v.from
		}
	}
	text := s[v.from:v.to]
	if reference(text) || w == weak && !n.structured() && !guarded(text) {
		return span{}
	}
	return span{v.from, v.to}
}

// A name is what stands before the sign of a value.
type name struct {
	text   string
	before byte // it, or the quotation mark that it stands in; 0 at the beginning
	quoted bool
	spaced bool // there is a space between it and the sign
}

// nameBefore finds the name that ends before s[i].
func nameBefore(s string, i int) name {
	const maxSpaces = 8
	end := i
	for end > 0 && i-end < maxSpaces && (s[end-1] == ' ' || s[end-1] == '\t') {
		end--
	}
	n := name{spaced: end < i}
	if end > 0 && strings.IndexByte("\"'`]", s[end-1]) >= 0 {
		end--
		n.quoted = true
		end -= len(s[:end]) - len(strings.TrimRight(s[:end], "\\\"'"))
	}
	start := end - runBack(s[:end], alnum|dash|under|dot, maxName)
	n.text = s[start:end]
	if start > 0 {
		n.before = s[start-1]
	}
	return n
}

// structured reports whether n stands where names of values do, as in a file
// of settings or an object, and not in a sentence.
func (n name) structured() bool {
	return n.quoted || n.before == 0 || strings.IndexByte("{,;([&?<|", n.before) >= 0
}
