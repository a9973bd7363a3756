// Package redact hides secrets in text that others have written: lines of
// logs, messages of commits, reasons of failures.
//
// It knows secrets by their form (prefixes of tokens, private keys), by their
// place (headers, URLs, options of commands) and by the names before them
// (password=, API_KEY:), and hides rather too much than too little behind a
// secret's name. Digests, commits, UUIDs, ARNs and paths stay as they are. It
// cannot know a secret that looks like a word and stands by itself, so what it
// returns is still not for everybody.
//
// It has no regular expressions: none to compile at a cold start, and a line
// is read once.
package redact

import (
	"slices"
	"strings"
)

// Hidden stands where a secret was.
const Hidden = "[hidden]"

// maxPasses bounds how often text is read: what was hidden can make its
// neighbours look different, which ends after a second time in practice.
const maxPasses = 4

// Line is s without secrets, escape sequences of terminals, control characters
// but tabs, and marks that turn the direction of text. If s has several lines,
// the result has as many. Line(Line(s)) is Line(s).
func Line(s string) string {
	if !strings.Contains(s, "\n") {
		return hide([]string{s})[0]
	}
	return strings.Join(hide(strings.Split(s, "\n")), "\n")
}

// Lines is Line for the lines of one text, over which a private key may
// stretch. It returns as many, in a slice of its own.
func Lines(lines []string) []string {
	var flat []string
	for _, l := range lines {
		flat = append(flat, strings.Split(l, "\n")...)
	}
	flat = hide(flat)
	out := make([]string, len(lines))
	for i, l := range lines {
		n := strings.Count(l, "\n") + 1
		out[i] = strings.Join(flat[:n], "\n")
		flat = flat[n:]
	}
	return out
}

// hide returns lines, none of which has a line break, without secrets. It
// changes the slice that it is given.
func hide(lines []string) []string {
	for i, l := range lines {
		lines[i] = clean(l)
	}
	for range maxPasses {
		before := slices.Clone(lines)
		hideKeys(lines)
		for i, l := range lines {
			lines[i] = scan(l)
		}
		if slices.Equal(before, lines) {
			return lines
		}
	}
	for i, l := range lines { // text made to confuse: nobody has to read it
		lines[i] = blot(l)
	}
	return lines
}
