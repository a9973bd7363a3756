package evidence

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/audit"
)

// labels say the kinds to people.
var labels = map[audit.Kind]string{
	audit.RequestOpened: "Request opened",
	audit.CardPosted:    "Posted in Slack",
	audit.MailSent:      "Mail sent",
	audit.MessageSent:   "Message sent",
	audit.LinkIssued:    "Link issued",
	audit.VoteCounted:   "Vote counted",
	audit.VoteWithdrawn: "Vote withdrawn",
	audit.VoteRefused:   "Vote refused",
	audit.Confirmed:     "Vote confirmed",
	audit.Override:      "Break-glass",
	audit.Paged:         "Others paged",
	audit.Held:          "Held for the window",
	audit.Released:      "Window opened",
	audit.Decided:       "Decided",
	audit.Applied:       "CodePipeline told",
	audit.Closed:        "Ended without us",
	audit.Reminded:      "Reminded",
	audit.Escalated:     "Escalated",
	audit.Expired:       "Expired",
	audit.Healed:        "Put right",
	audit.Shadow:        "Shadow decision",

	audit.OperationAsked:   "Operation asked for",
	audit.OperationRefused: "Operation refused",
	audit.OperationDone:    "Operation done",
}

// Label says a kind to people. One that it does not know is told as it is.
func Label(k audit.Kind) string {
	if label, ok := labels[k]; ok {
		return label
	}
	return string(k)
}

// tones are the colours of kinds, as classes of the page's style; most have
// none.
func tone(e audit.Entry) string {
	switch e.Kind {
	case audit.VoteRefused, audit.Expired, audit.OperationRefused:
		return "stop"
	case audit.Override, audit.Paged, audit.Held, audit.Escalated, audit.Closed, audit.Healed, audit.VoteWithdrawn,
		audit.OperationAsked, audit.OperationDone:
		return "care"
	case audit.VoteCounted, audit.Decided, audit.Applied, audit.Released, audit.Confirmed:
		if e.Verdict == "reject" {
			return "stop"
		}
		return "go"
	}
	return ""
}

// verbs say a verdict that somebody gave.
var verbs = map[string]string{"approve": "approved", "reject": "rejected"}

// Sentence says what e is about: our text if it has one, else what the fields
// tell.
func Sentence(e audit.Entry) string {
	if e.Text != "" {
		return e.Text
	}
	who := Who(e)
	switch {
	case who != "" && verbs[e.Verdict] != "":
		return who + " " + verbs[e.Verdict] + "."
	case who != "":
		return who + "."
	}
	return Label(e.Kind) + "."
}

// list joins names for a sentence: "a, b and c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// outcomeWords say an outcome of a gate.
var outcomeWords = map[Outcome]string{
	Waiting: "Waiting", Held: "Approved, held until its window opens", Approved: "Approved", Rejected: "Rejected", Expired: "Expired", Closed: "Ended without us",
}

// toneOf is the colour of an outcome.
func toneOf(o Outcome) string {
	switch o {
	case Approved:
		return "go"
	case Rejected, Expired:
		return "stop"
	case Waiting, Held, Closed:
		return "care"
	}
	return ""
}

// clock writes a moment for people, always in UTC.
func clock(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05 UTC") }

// invisible are what Plain spells out. Somebody who reads evidence should see
// them.
var invisible = regexp.MustCompile("[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]")

// Plain is s with the characters spelled out that change how others look: they
// turn the direction of text, have no width, or command a terminal.
func Plain(s string) string {
	return invisible.ReplaceAllStringFunc(s, func(c string) string {
		r, _ := utf8.DecodeRuneInString(c)
		return fmt.Sprintf("[U+%04X]", r)
	})
}

// legible is e as the page shows it, in Plain texts.
func legible(e audit.Entry) audit.Entry {
	for _, s := range []*string{
		&e.Actor.Person, &e.Actor.Name, &e.Actor.Email, &e.Actor.SlackUser, &e.Actor.Door, &e.Pipeline, &e.Stage, &e.Action,
		&e.Environment, &e.Identity, &e.Verdict, &e.Refusal, &e.Reason, &e.Text, &e.Policy, &e.PolicyHash, &e.Request,
	} {
		*s = Plain(*s)
	}
	e.Kind = audit.Kind(Plain(string(e.Kind)))
	detail := make(map[string]string, len(e.Detail))
	for _, key := range slices.Sorted(maps.Keys(e.Detail)) {
		detail[Plain(key)] = Plain(e.Detail[key])
	}
	e.Detail = detail
	return e
}
