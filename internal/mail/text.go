package mail

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// The longest texts, in characters. A mail that goes on for ever hides what
// matters, and SNS takes 256 KiB in all.
const (
	// maxSubject: SNS wants fewer than 100, without control characters.
	// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
	maxSubject = 99
	maxLine    = 200
	maxAddress = 500
	maxNote    = 40 // lines
)

// Subject is the subject of the mail about r, such as
// "[production] Approve web-shop 4c1f0a9b?".
func Subject(r approval.Request) string {
	s := "Approve " + r.Pipeline
	if r.Environment != "" {
		s = "[" + r.Environment + "] " + s
	} else {
		s += " " + r.Stage
	}
	if len(r.Revisions) > 0 && r.Revisions[0].Short() != "" {
		s += " " + r.Revisions[0].Short()
	}
	return oneLine(s, maxSubject-1) + "?"
}

// Text is the mail that asks i.To about r. Its first lines carry everything:
// some programs show no more. The link and the code stand on lines of their
// own, and no line is wrapped.
func Text(r approval.Request, i approval.Invitation) string {
	var b body
	b.line("Approve " + oneLine(r.Title(), maxLine) + "?")
	b.line("")
	b.changes(r)
	b.more(r)
	b.tested(r.Changes)
	b.field("Expires", utc(r.Deadline()))
	b.field("Asked", strings.TrimPrefix(r.Asks(), "Asks "))
	b.line("")
	b.line("Open this link, type the code, and press Approve or Reject:")
	b.line("")
	b.line(i.URL)
	b.line("")
	b.line("Code: " + i.Code)
	b.line("")
	b.line(rules(r.Rule))
	b.line(oneLine(r.OthersThan(i.To), maxLine*5))
	b.line("")
	b.field("Pipeline", r.Pipeline)
	b.field("Environment", r.Environment)
	b.field("Stopped at", r.Stage+" / "+r.Name)
	b.field("Started by", r.Starter())
	b.field("Waiting", "since "+utc(r.StartedAt))
	b.field("Execution", r.ExecutionID)
	for _, v := range r.Revisions {
		if clickable(v.URL) { // here, so that the link to answer is the first
			b.labelled("Commit", v.URL)
		}
	}
	b.address("Review", r.ReviewURL)
	b.note(r.CustomData)
	b.line("")
	b.line("This link and this code answer in the name of " + oneLine(i.To.Name, maxLine) + ".")
	b.line("Do not forward this mail. Whoever has it can answer for you, and can end")
	b.line("your subscription with the link that Amazon SNS adds below.")
	return b.String()
}

// A body is a mail being written. All outside text goes through field and
// note, which put our own words, or a bar, in front of it.
type body struct{ strings.Builder }

func (b *body) line(s string) {
	b.WriteString(s)
	b.WriteByte('\n')
}

// column is where values begin.
const column = len("Environment:  ")

// field writes a labelled value on one line, or nothing when it is empty.
func (b *body) field(label, value string) { b.labelled(label, oneLine(value, maxLine)) }

// address writes an address whole when it is fit to be clicked, and as text
// otherwise.
func (b *body) address(label, value string) {
	if value = strings.TrimSpace(value); clickable(value) {
		b.labelled(label, value)
		return
	}
	b.field(label, value)
}

func clickable(address string) bool {
	return strings.HasPrefix(address, "https://") && oneLine(address, maxAddress) == address && !strings.Contains(address, " ")
}

func (b *body) labelled(label, value string) {
	if value == "" {
		return
	}
	label += ":"
	b.line(label + strings.Repeat(" ", max(column-len(label), 1)) + value)
}

// changes writes what the execution carries.
func (b *body) changes(r approval.Request) {
	for _, v := range r.Revisions {
		b.field("Change", v.Short()+" "+v.Subject())
		about := ""
		if v.Author != "" {
			about = "by " + v.Author
		}
		if len(r.Revisions) > 1 {
			about += " in " + v.Source
		}
		b.indented(about)
	}
}

// maxChanges is how many changes a mail lists besides those of the execution,
// and maxAuthor how long the name of an author may be there.
const (
	maxChanges = 8
	maxAuthor  = 60
)

// more writes what else would be released: the changes since the last release.
func (b *body) more(r approval.Request) {
	others := slices.DeleteFunc(slices.Clone(r.Changes.Commits), func(c release.Commit) bool {
		return slices.ContainsFunc(r.Revisions, func(v approval.Revision) bool { return v.ID == c.ID })
	})
	listed := others[:min(len(others), maxChanges)]
	for _, one := range listed {
		line := approval.Revision{ID: one.ID}.Short() + " " + one.Summary
		if one.Author != "" {
			line = oneLine(line, maxLine-maxAuthor) + ", by " + oneLine(one.Author, maxAuthor)
		}
		b.field("Also", line)
	}
	if rest := len(others) - len(listed) + r.Changes.More; rest > 0 {
		b.indented("and " + strconv.Itoa(rest) + " more")
	}
	if since := r.Changes.Since; since != nil {
		b.field("Since", "the release of "+utc(since.At))
	}
	for _, sentence := range r.Changes.Missing {
		b.field("Not known", sentence)
	}
}

// tested writes what images and tests say that should make people think twice.
func (b *body) tested(c release.Changes) {
	for _, i := range c.Images {
		if i.Verdict != release.Clean {
			b.field("Image", i.Repository+" "+approval.Revision{ID: i.Digest}.Short()+", scan: "+string(i.Verdict))
		}
	}
	for _, t := range c.Tests {
		if t.Failed > 0 {
			b.field("Tests", t.Name+": "+strconv.Itoa(t.Failed)+" failed, "+strconv.Itoa(t.Passed)+" passed")
		}
	}
}

// rules says what an answer takes.
func rules(r approval.Rule) string {
	s := "Opening the link decides nothing."
	switch {
	case r.ReasonToApprove && r.RejectSilently:
		s += " An approval needs a reason."
	case r.ReasonToApprove:
		s += " An answer needs a reason."
	case !r.RejectSilently:
		s += " A rejection needs a reason."
	}
	if r.HighRisk {
		s += " High risk: to approve, the page asks for the name of the pipeline, too."
	}
	return s
}

func (b *body) indented(s string) {
	if s = oneLine(s, maxAddress); s != "" {
		b.line(strings.Repeat(" ", column) + s)
	}
}

// note quotes the pipeline's own text, a bar before each line.
func (b *body) note(s string) {
	lines := strings.FieldsFunc(strings.TrimSpace(s), breaks)
	if len(lines) == 0 {
		return
	}
	b.line("")
	b.line("Note from the pipeline:")
	for n, l := range lines {
		if n == maxNote {
			b.line("| …")
			return
		}
		b.line("| " + oneLine(l, maxLine))
	}
}

// breaks reports whether some reader would begin a new line at c.
func breaks(c rune) bool {
	switch c {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// oneLine makes s one line of at most limit characters, without anything that
// changes how the rest of the line is read: control characters, line breaks,
// and marks that turn the direction of writing.
func oneLine(s string, limit int) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c), unicode.IsControl(c), breaks(c):
			return ' '
		case unicode.Is(unicode.Bidi_Control, c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return string(runes)
}

// utc prints a moment for people in any time zone.
func utc(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }
