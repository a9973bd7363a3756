package web

import (
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
)

// maxBody is the longest form in bytes: the reason at its longest, percent-encoded,
// is 6 000.
const maxBody = 8 << 10

// A form is what a person sent.
type form struct {
	token  string
	code   string
	reason string
	// typed is the pipeline's name as it was typed, where that is asked for.
	typed   string
	verdict approval.Verdict
}

// readForm reads the body alone; what the address says does not count.
func readForm(req event.Request) (form, refusal) {
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return form{}, wrongType
	}
	if len(req.Body) > maxBody {
		return form{}, tooLarge
	}
	fields, err := url.ParseQuery(string(req.Body))
	if err != nil {
		return form{}, badForm
	}
	for _, name := range []string{"t", "code", "reason", "pipeline", "verdict"} {
		if len(fields[name]) > 1 { // which one would count?
			return form{}, badForm
		}
	}
	f := form{
		token:   fields.Get("t"),
		code:    fields.Get("code"),
		reason:  cleanReason(fields.Get("reason")),
		typed:   strings.TrimSpace(fields.Get("pipeline")),
		verdict: approval.Verdict(fields.Get("verdict")),
	}
	switch f.verdict {
	case approval.Approve, approval.Reject, approval.Withdraw:
		return f, ""
	}
	return form{}, badVerdict // breaking the glass takes more than a mail
}

// problems are the sentences below the fields that need another look.
type problems struct {
	Code, Reason, Pipeline string
	// General is about the answer as a whole.
	General string
}

func (p problems) any() bool { return p != problems{} }

// check finds what a person can put right before a code is tried.
func (f form) check(r approval.Request) problems {
	var found problems
	if approval.BlankCode(f.code) {
		found.Code = blankCode
	}
	length := utf8.RuneCountInString(f.reason)
	switch {
	case length > approval.MaxReason:
		found.Reason = "Shorten the reason to " + strconv.Itoa(approval.MaxReason) + " characters; it has " + strconv.Itoa(length) + "."
	case strings.ContainsFunc(f.reason, visible):
	case f.verdict == approval.Reject && !r.Rule.RejectSilently:
		found.Reason = "Say why you reject, so that whoever made the change knows what to do."
	case f.verdict == approval.Approve && r.Rule.ReasonToApprove:
		found.Reason = "Say why you approve: the rule of this release asks for it."
	}
	if f.verdict == approval.Approve && r.Rule.HighRisk && f.typed != r.Pipeline {
		found.Pipeline = "Type the name of the pipeline, " + clip(r.Pipeline, maxLine) + ", exactly as it stands here."
	}
	return found
}

const (
	blankCode   = "Type the code from the mail, or from the message in Slack. It has eight characters, like ABCD-EFGH."
	compareCode = "Compare it with the mail about this release, or with the message in Slack."
	checkTyped  = "Nothing was recorded yet. Please check what you typed."
)

func wrongCode(left int) string {
	if left == 1 {
		return "This code is not right. You can try once more; after that the link is locked."
	}
	return "This code is not right. You can try " + strconv.Itoa(left) + " more times. " + compareCode
}

// cleanReason makes a person's text one that every door can show: browsers
// send CRLF, and control characters have no place in it.
func cleanReason(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch {
		case c == '\r':
			return '\n'
		case c == '\n', !unicode.IsControl(c):
			return c
		}
		return ' '
	}, s))
}

func visible(c rune) bool { return unicode.IsGraphic(c) && !unicode.IsSpace(c) }
