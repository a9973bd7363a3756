package release

import (
	"strings"
	"unicode"
)

// The limits of texts, in characters.
const (
	maxSummary  = 200
	maxName     = 80
	maxEmail    = 254 // of an address: RFC 5321, section 4.5.3.1.3
	maxID       = 128
	maxURL      = 400
	maxSentence = 300
)

// clip makes text one line of at most limit characters. What is cut off shows.
func clip(text string, limit int) string {
	line := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if len(line) <= limit {
		return line
	}
	if runes := []rune(line); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return line
}

// subject is the first line of message that says something.
func subject(message string) string {
	for line := range strings.Lines(message) {
		if s := clip(line, maxSummary); s != "" {
			return s
		}
	}
	return ""
}

// link is url, or nothing: a link that was cut leads elsewhere, and one that
// is not of the web has no business on a page.
func link(url string) string {
	if len(url) > maxURL || !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return ""
	}
	return url
}

// coAuthor is the trailer by which Git hosts name further authors.
// https://docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
const coAuthor = "co-authored-by:"

// coAuthors are the further authors that message names.
func coAuthors(message string) []Author {
	var all []Author
	for line := range strings.Lines(message) {
		line = strings.TrimSpace(line)
		if len(line) < len(coAuthor) || !strings.EqualFold(line[:len(coAuthor)], coAuthor) {
			continue
		}
		name, rest, _ := strings.Cut(line[len(coAuthor):], "<")
		email, _, _ := strings.Cut(rest, ">")
		all = append(all, Author{Name: name, Email: email})
	}
	return all
}
