package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
)

// How often a page that waits for news asks for them: eagerly while a person
// is looking, then rarely, then no more.
const (
	eagerFor, eager     = 30 * time.Second, 2
	patientFor, patient = 10 * time.Minute, 10
	// slowAfter is when waiting needs a word of explanation.
	slowAfter = time.Minute
)

func refreshAfter(waited time.Duration) int {
	switch {
	case waited < eagerFor:
		return eager
	case waited < patientFor:
		return patient
	}
	return 0
}

// resultView tells what became of an answer given through this link.
func (s sight) resultView() view {
	switch s.request.State {
	case approval.Approved, approval.Rejected:
		return s.decidedView()
	case approval.Pending, approval.Held:
		return s.waitingView()
	}
	v := s.closedView()
	if s.counts() || s.tookBack() {
		return v
	}
	v.Text = append([]string{"Your answer reached us, but the approval had ended before it was counted."}, v.Text...)
	return v
}

// waitingView is for an answer that lies on the queue, or that counts and
// decides nothing alone.
func (s sight) waitingView() view {
	waited := s.now.Sub(*s.link.UsedAt)
	switch {
	case s.counts():
		return s.countedView(waited)
	case s.tookBack():
		return s.withdrawnView()
	}
	v := view{
		Tone:    toneAsk,
		heading: titled("Your answer is recorded"),
		Text:    []string{"You chose to " + string(s.link.Verdict) + ". It is being counted and passed to the pipeline; this page will say when that is done."},
		Refresh: refreshAfter(waited),
	}
	switch {
	case !s.now.Before(s.until()):
		v.Text = append(v.Text, "The time to answer has run out meanwhile, so it may not count.")
	case waited >= slowAfter:
		v.Text = append(v.Text, "This takes longer than usual. Your answer is safe. If nothing happens for some minutes, it may not have counted: the card in Slack says what the release waits for, and the people who run Signalbox can look it up by the reference below.")
	}
	return v
}

// countedView is for an approval that counts while others are waited for, or
// the hour.
func (s sight) countedView(waited time.Duration) view {
	v := view{
		Tone: toneGo, heading: titled("Your approval counts"),
		Text:    []string{"Thank you, " + s.link.Person.Name + ". " + s.request.Waits()},
		Refresh: refreshAfter(max(waited, eagerFor)),
	}
	if s.mayTakeBack() {
		v.Back = takeBackURL(s.token)
	}
	return v
}

// recordedView is for an answer on the queue whose link could not be marked.
func (s sight) recordedView(v approval.Verdict) view {
	return view{Tone: toneAsk, heading: titled("Your answer is recorded"), Text: []string{
		"You chose to " + string(v) + ". It is being counted and passed to the pipeline.",
		"To see what became of it, open the link in your mail again in a moment. You need not answer again."}}
}

// usedView is for somebody who opens a link after it has voted.
func (s sight) usedView() view {
	v := s.resultView()
	v.Text = append([]string{"This link has been used: you chose to " + string(s.link.Verdict) + " on " + newMoment(*s.link.UsedAt).Text + ". It cannot vote twice."}, v.Text...)
	if !s.request.State.Final() && !s.counts() && !s.tookBack() {
		v.heading, v.Text = titled("You have answered already"), append(v.Text[:1], "Your answer is being counted and passed to the pipeline.")
	}
	return v
}

// decidedView tells who decided, and the truth to somebody who was not first.
func (s sight) decidedView() view {
	r := s.request
	v := view{Tone: toneGo, heading: s.title("Approved")}
	if r.State == approval.Rejected {
		v.Tone, v.heading = toneStop, s.title("Rejected")
	}
	if r.Vote == nil { // a decided request always has its vote; do not guess
		return v
	}
	v.Decision = newDecision(r)
	if r.Applied == nil {
		v.Refresh = refreshAfter(s.now.Sub(r.Vote.At))
	}
	mine := r.Vote.By.ID == s.link.Person.ID
	switch {
	case s.link.UsedAt == nil && !mine:
		v.Text = []string{"There is nothing left to do for you."}
	case s.link.UsedAt == nil, mine && r.Vote.Verdict == s.link.Verdict:
		v.Text = []string{"Thank you, " + s.link.Person.Name + ". This is your answer."}
	case mine:
		v.Text = []string{"You had answered before, via " + string(r.Vote.Door) + ". The answer you gave here, to " + string(s.link.Verdict) + ", came later and was not counted."}
	case s.counts():
		v.Text = []string{"Thank you, " + s.link.Person.Name + ". Your approval is among those that counted."}
	case s.tookBack():
		v.Text = []string{"You had taken your approval back before, so it was not counted."}
	case r.Vote.Door == approval.DoorPolicy:
		v.Text = []string{"The time that the rule gives ran out. Your answer, to " + string(s.link.Verdict) + ", did not change that."}
	default:
		v.Text = []string{r.Vote.By.Name + " was first. Your answer, to " + string(s.link.Verdict) + ", came later and was not counted."}
	}
	return v
}

func newDecision(r approval.Request) *decision {
	d := &decision{Verb: "Approved", By: r.Vote.By.Name, Door: "via " + string(r.Vote.Door), At: newMoment(r.Vote.At), Reason: r.Vote.Reason}
	switch {
	case r.Vote.Door == approval.DoorPolicy:
		d.Verb, d.Door = "Expired, rejected", "by the rule "+r.Policy
	case r.Vote.Override:
		d.Verb = "Glass broken, passed alone"
	case r.Vote.Verdict == approval.Reject:
		d.Verb = "Rejected"
	}
	switch {
	case r.Applied == nil:
		d.Applied = "Recorded. CodePipeline is being told."
	case r.State == approval.Approved:
		d.Applied = "CodePipeline has accepted it, and the release goes on."
	default:
		d.Applied = "CodePipeline has accepted it, and the release stops here."
	}
	return d
}

// closedView is for an approval that ended without us.
func (s sight) closedView() view {
	r := s.request
	v := view{Tone: toneQuiet, heading: s.title("No longer waiting")}
	if r.Ending == nil {
		v.Text = []string{"The approval has ended in CodePipeline. No answer can be recorded here."}
		return v
	}
	how := endings[r.Ending.How]
	if how.sentence == "" {
		how = endings[approval.EndedGone]
	}
	v.Tone, v.heading = how.tone, s.title(how.title)
	v.Text = []string{how.sentence + " That was on " + newMoment(r.Ending.At).Text + "."}
	if by := (approval.Waiting{StartedBy: r.Ending.By}).Starter(); by != "" {
		v.Text = append(v.Text, "CodePipeline names "+clip(by, maxLine)+" for it.")
	}
	if r.Vote != nil {
		v.Text = append(v.Text, r.Vote.By.Name+"’s answer, to "+string(r.Vote.Verdict)+", had been recorded, but CodePipeline had already gone on.")
	}
	return v
}

var endings = map[approval.How]struct {
	tone            tone
	title, sentence string
}{
	approval.EndedApproved:  {toneGo, "Approved elsewhere", "Somebody approved it in CodePipeline itself."},
	approval.EndedRejected:  {toneStop, "Rejected elsewhere", "Somebody rejected it in CodePipeline itself."},
	approval.EndedTimedOut:  {toneQuiet, "Not answered in time", "Nobody answered in time, so CodePipeline gave up waiting."},
	approval.EndedAbandoned: {toneStop, "Stopped", "The execution was stopped while it waited here."},
	approval.EndedCanceled:  {toneQuiet, "Canceled", "The execution was canceled, usually because a newer one took its place."},
	approval.EndedGone:      {toneQuiet, "No longer waiting", "CodePipeline no longer knows this approval."},
}

func (s sight) lockedView() view {
	return view{Tone: toneStop, heading: titled("This link is locked"), Text: []string{
		"It takes no more codes: " + strconv.Itoa(approval.MaxAttempts) + " have been tried. Nothing was recorded, and the release still waits.",
		"If that was not you, somebody else has your mail: tell the people who run Signalbox.", otherWays}}
}

func (s sight) lateView() view {
	return view{Tone: toneQuiet, heading: titled("The time to answer is over"), Text: notices[expired].text}
}

// title says first what became of what waited.
func (s sight) title(what string) heading {
	rest := strings.TrimPrefix(s.request.Title(), s.request.Pipeline)
	return heading{Before: what + ": ", Subject: s.request.Pipeline, After: rest}
}
