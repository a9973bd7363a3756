package redact

import "strings"

// What a private key is put between, in all the forms that there are: PKCS #1
// and #8, OpenSSH, PGP.
const (
	keyName = "PRIVATE KEY"
	keyOpen = "BEGIN "
	keyEnd  = "END "
	dashes  = "--"
)

// A mark is a place in a line where a private key begins or ends.
type mark struct {
	from, to int // of "-----BEGIN PRIVATE KEY-----"
	begins   bool
}

// nextMark finds the first mark in s from s[at] on.
func nextMark(s string, at int) (mark, bool) {
	for at < len(s) {
		i := strings.Index(s[at:], keyName)
		if i < 0 {
			return mark{}, false
		}
		i += at
		m := mark{to: i + len(keyName)}
		m.to += len(s[m.to:]) - len(strings.TrimPrefix(s[m.to:], " BLOCK"))
		m.to += len(s[m.to:]) - len(strings.TrimLeft(strings.TrimPrefix(s[m.to:], " -"), "-"))
		before := s[max(at, i-maxName):i]
		start := max(strings.LastIndex(before, keyOpen), strings.LastIndex(before, keyEnd))
		if start > 0 {
			m.begins = strings.HasPrefix(before[start:], keyOpen)
			if line := strings.TrimSuffix(before[:start], " "); strings.HasSuffix(line, dashes) {
				m.from = i - len(before) + len(strings.TrimRight(line, "-"))
				return m, true
			}
		}
		at = i + len(keyName)
	}
	return mark{}, false
}

// hideKeys hides private keys in lines. The marks around one stay.
func hideKeys(lines []string) {
	open := false
	for i, l := range lines {
		if _, ok := nextMark(l, 0); ok {
			lines[i], open = hideMarked(l, open)
			continue
		}
		if open = open && (ended(lines[i+1:]) || keyLine(l)); open && strings.TrimSpace(l) != "" {
			lines[i] = Hidden
		}
	}
}

// hideMarked hides what lies between the marks of a line. open is whether the
// line begins within a key, stays whether it ends in one.
func hideMarked(s string, open bool) (hidden string, stays bool) {
	var b strings.Builder
	at := 0
	for {
		m, ok := nextMark(s, at)
		if !ok {
			break
		}
		text := s[at:m.from]
		switch {
		case open:
			b.WriteString(blot(text))
		case !m.begins: // the key began before what we see
			n := runBack(text, base64, len(text))
			b.WriteString(text[:len(text)-n] + blot(text[len(text)-n:]))
		default:
			b.WriteString(text)
		}
		b.WriteString(s[m.from:m.to])
		at, open = m.to, m.begins
	}
	if open {
		return b.String() + blot(s[at:]), true
	}
	return b.String() + s[at:], false
}

// blot is Hidden for what is not blank.
func blot(s string) string {
	if strings.TrimSpace(s) == "" {
		return s
	}
	return Hidden
}

// maxKeyLines bounds a private key: one of 16,384 bits has 200 lines.
const maxKeyLines = 250

// ended reports whether the next mark in lines is the end of a key.
func ended(lines []string) bool {
	for _, l := range lines[:min(len(lines), maxKeyLines)] {
		if m, ok := nextMark(l, 0); ok {
			return !m.begins
		}
	}
	return false
}

// keyLine reports whether s could be a line of a key of which we don't see the
// end: one word of base64, a header, or nothing.
func keyLine(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" || s == Hidden || strings.HasPrefix(s, "Proc-Type:") || strings.HasPrefix(s, "DEK-Info:") {
		return true
	}
	last := s[strings.LastIndexByte(s, ' ')+1:]
	return run(last, base64) == len(last) && len(last) >= 16
}
