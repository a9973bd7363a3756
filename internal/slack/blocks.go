package slack

import (
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
)

// Slack's limits, in characters.
// https://docs.slack.dev/reference/block-kit/
const (
	maxHeader        = 150
	maxSection       = 3000
	maxField         = 2000
	maxButtonURL     = 3000
	maxAccessibility = 75
	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxInputLabel    = 2000
	maxModalTitle    = 24
)

// A Message is what a channel shows. Text stands in for Blocks wherever they
// cannot be shown: it is the push notification, and what a screen reader says.
type Message struct {
	Text   string
	Blocks []slackgo.Block
}

// plainText makes a text object in which Slack interprets nothing.
func plainText(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, true, false)
}

// markup makes a text object that is verbatim: Slack does not turn a bare URL,
// "@name" or "#channel" of somebody's text into something to click.
func markup(m mrkdwn) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, string(m), false, true)
}

func header(s string) slackgo.Block {
	return slackgo.NewHeaderBlock(plainText(plain(s, maxHeader)))
}

func section(m mrkdwn) slackgo.Block {
	return slackgo.NewSectionBlock(markup(whole(m)), nil, nil)
}

// whole is as many lines of m as a section takes. Nothing in our markup goes
// over the end of a line, so nothing is cut in two.
func whole(m mrkdwn) mrkdwn {
	if utf8.RuneCountInString(string(m)) <= maxSection {
		return m
	}
	var kept []mrkdwn
	left := maxSection - len("\n…")
	for l := range strings.SplitSeq(string(m), "\n") {
		if left -= utf8.RuneCountInString(l) + 1; left < 0 {
			break
		}
		kept = append(kept, mrkdwn(l))
	}
	return joined("\n", append(kept, "…")...)
}

// columns shows its fields two in a row.
func columns(fields ...mrkdwn) slackgo.Block {
	objects := make([]*slackgo.TextBlockObject, len(fields))
	for i, f := range fields {
		objects[i] = markup(f)
	}
	return slackgo.NewSectionBlock(nil, objects, nil)
}

// note is small grey text.
func note(m mrkdwn) slackgo.Block {
	return slackgo.NewContextBlock("", markup(whole(m)))
}

// button is a button for one request. The label names the request for people
// who cannot see which card the button is on.
func button(action, request, text, label string) *slackgo.ButtonBlockElement {
	b := slackgo.NewButtonBlockElement(action, request, plainText(text))
	b.AccessibilityLabel = plain(label, maxAccessibility)
	return b
}

// opening is a button that leads to u. It carries no value: a click on it means
// nothing to us.
func opening(action, text, label, u string) *slackgo.ButtonBlockElement {
	b := slackgo.NewButtonBlockElement(action, "", plainText(text)).WithURL(u)
	b.AccessibilityLabel = plain(label, maxAccessibility)
	return b
}
