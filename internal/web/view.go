package web

import (
	"strconv"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
)

// A tone colours a page and sets the arm of its signal. The words say the same
// thing, so nobody depends on the colour.
type tone string

// The tones.
const (
	toneAsk   tone = "ask"   // a person is asked
	toneGo    tone = "go"    // the release may go on
	toneStop  tone = "stop"  // it may not
	toneCare  tone = "care"  // something needs care
	toneQuiet tone = "quiet" // nothing to do
)

// A view is one page, ready for the template. All of it is plain text.
type view struct {
	Tone tone
	heading
	// Alert is an error about an answer that was just sent.
	Alert string
	// Barred says why an approval of this person would not count.
	Barred string
	Text   []string
	// Decision is set once somebody has answered.
	Decision *decision
	Release  *release
	Form     *formView
	// Back is where an approval that counts can be taken back.
	Back string
	// Refresh is after how many seconds the page asks again, 0 for never.
	Refresh int
	// Reference is set by the renderer.
	Reference string
}

// A heading is the title of a page and of its window. Subject, when set, is
// the name in it that must not be broken over two lines.
type heading struct{ Before, Subject, After string }

// Title is all of h.
func (h heading) Title() string { return h.Before + h.Subject + h.After }

func titled(s string) heading { return heading{Before: s} }

// A decision is who answered what.
type decision struct {
	Verb   string
	By     string
	Door   string
	At     moment
	Reason string
	// Applied says how far CodePipeline has got with it.
	Applied string
}

// A formView is the form, with what was typed before and what is wrong with it.
type formView struct {
	Token     string
	Name      string
	Email     string
	Reason    string
	MaxReason int
	Problems  problems
	// Others is a sentence about who else may answer.
	Others string
	// Approves offers Approve, too; Risk is the name to type before that when
	// the release is of high risk.
	Approves bool
	Risk     string
	// TakesBack offers to take an approval back, and nothing else.
	TakesBack bool
	// ReasonHint says when a reason is needed.
	ReasonHint string
	// Focus is the name of the first field with a problem. A general problem
	// takes no focus, which would scroll its alert out of sight.
	Focus string
}

// askView asks for an answer, or again for a better one.
func (s sight) askView(f form, found problems) view {
	v := view{
		Tone:    toneAsk,
		heading: s.question(),
		Text:    []string{"The pipeline has stopped and waits for an answer."},
		Alert:   found.General,
		Form: &formView{
			Token: s.token, Name: s.link.Person.Name, Email: s.link.Person.Email,
			Reason: f.reason, MaxReason: approval.MaxReason, Problems: found, Others: s.request.OthersThan(s.link.Person),
			Approves: s.approvable(), ReasonHint: s.reasonHint(),
		},
	}
	if v.Form.Approves && s.request.Rule.HighRisk {
		v.Form.Risk = s.request.Pipeline
		v.Text = append(v.Text, "The release is marked as high risk: to approve it, type the name of the pipeline besides your code.")
	}
	if s.request.State == approval.Held {
		v.Tone, v.heading, v.Form.Others = toneGo, s.title("Approved, and held"), ""
		v.Text = []string{s.request.Starts(), "Until then it can still be rejected."}
	}
	switch why := s.bars(); {
	case s.mayTakeBack():
		v.Text, v.Back = append(v.Text, "Your approval counts. You can take it back, or reject the release."), takeBackURL(s.token)
	case why != "" && s.request.State == approval.Pending:
		v.Tone, v.Barred = toneCare, s.barred(why)+" You can still reject the release."
	}
	if found.any() && v.Alert == "" {
		v.Alert = checkTyped
	}
	switch {
	case found.Code != "":
		v.Form.Focus = "code"
	case found.Reason != "":
		v.Form.Focus = "reason"
	case found.Pipeline != "":
		v.Form.Focus = "pipeline"
	}
	return v
}

// reasonHint says when the rule asks for a reason.
func (s sight) reasonHint() string {
	rule := s.request.Rule
	switch {
	case !s.approvable():
	case rule.ReasonToApprove && rule.RejectSilently:
		return "Needed to approve."
	case rule.ReasonToApprove:
		return "Needed, whatever you answer."
	}
	if rule.RejectSilently {
		return "Not needed, and welcome."
	}
	return "Needed to reject."
}

func (s sight) question() heading {
	if s.request.Environment != "" {
		return heading{"Release ", s.request.Pipeline, " to " + s.request.Environment + "?"}
	}
	return heading{"Let ", s.request.Pipeline, " go on after " + s.request.Stage + "?"}
}

// notRecordedView is for an answer that the queue did not take. The attempt is
// spent, so the form is offered again only while the link has another.
func (s sight) notRecordedView(f form) view {
	const nothing = "Nothing was recorded: your answer could not be passed on. "
	if s.link.AttemptsLeft() > 0 {
		return s.askView(form{reason: f.reason}, problems{General: nothing +
			"Please try again in a minute; answering again does no harm. This link takes " + tries(s.link.AttemptsLeft()) + "."})
	}
	return view{Tone: toneCare, heading: titled("Your answer was not recorded"), Text: []string{
		nothing + "This was the last try that the link had, so it is locked now.", otherWays}}
}

func tries(n int) string {
	if n == 1 {
		return "one more try"
	}
	return strconv.Itoa(n) + " more tries"
}

// A moment is a point in time for people and for machines.
type moment struct {
	Text string
	ISO  string
}

// newMoment writes t in UTC, because a page without scripts does not know its
// reader's time zone.
func newMoment(t time.Time) moment {
	t = t.UTC()
	return moment{Text: t.Format("2 Jan 2006, 15:04 UTC"), ISO: t.Format(time.RFC3339)}
}

// span says how long d is, in its two largest units.
func span(d time.Duration) string {
	minutes := int(d / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case minutes < 1:
		return "less than a minute"
	case days > 1:
		return strconv.Itoa(days) + " days " + strconv.Itoa(hours) + " h"
	case days == 1:
		return "1 day " + strconv.Itoa(hours) + " h"
	case hours > 0:
		return strconv.Itoa(hours) + " h " + strconv.Itoa(minutes%60) + " min"
	}
	return strconv.Itoa(minutes) + " min"
}
