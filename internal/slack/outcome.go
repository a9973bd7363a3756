package slack

import (
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// An outcome says where a request stands. Each has words of its own besides
// its emoji and colour, for people who cannot tell those apart.
type outcome struct {
	emoji string
	// verb follows the target: "web-shop → production" "waits for approval".
	verb string
	// who is the outside text that names who did it, or empty.
	who  string
	text mrkdwn
}

func outcomeOf(r approval.Request) outcome {
	switch {
	case r.State == approval.Closed:
		return ended(r)
	case r.State.Final() && r.Vote != nil:
		return answered(r)
	case r.State.Final(): // a decision without a vote cannot be; say only what is known
		return outcome{emoji: "▪️", verb: "is " + strings.ToLower(string(r.State))}
	case len(r.Approvers) == 0:
		return outcome{emoji: "🔒", verb: "waits, and nobody can approve it here", text: nobody(r)}
	}
	return outcome{emoji: "⏳", verb: waits}
}

// nobody says why nobody can answer, and what to do about it.
func nobody(r approval.Request) mrkdwn {
	why := "No rule in `config/signalbox.yaml` matches " + line(r.Pipeline+" / "+r.Stage+" / "+r.Name, 2*maxName) + "."
	if r.Policy != "" {
		why = "The rule " + line(r.Policy, maxName) + " in `config/signalbox.yaml` has no approvers."
	}
	return "*Nobody can approve this here.* " + why +
		"\nAdd approvers to the configuration and deploy Signalbox, or answer in the AWS console."
}

// answered tells of a vote given here: who, when, why, through which door, and
// whether CodePipeline has it.
func answered(r approval.Request) outcome {
	o := outcome{emoji: "✅", verb: "approved", who: r.Vote.By.Name}
	if r.Vote.Verdict == approval.Reject {
		o.emoji, o.verb = "⛔", "rejected"
	}
	state := "Recorded, applying: CodePipeline is being told."
	if r.Applied != nil {
		state = "CodePipeline accepted it " + string(when(*r.Applied)) + "."
	} else {
		o.emoji, o.verb = "🕓", o.verb+", applying"
	}
	o.text = vote(*r.Vote) + "\n" + mrkdwn(state)
	return o
}

// verdicts are the answers as they begin a sentence.
var verdicts = map[approval.Verdict]mrkdwn{
	approval.Approve: "Approved by ",
	approval.Reject:  "Rejected by ",
}

// doors are the doors as they end a sentence.
var doors = map[approval.Door]mrkdwn{
	approval.DoorSlack: " in Slack, ",
	approval.DoorEmail: " by e-mail, ",
}

func vote(v approval.Vote) mrkdwn {
	door := doors[v.Door]
	if door == "" {
		door = " through " + line(string(v.Door), maxName) + ", "
	}
	s := verdicts[v.Verdict] + "*" + line(v.By.Name, maxName) + "*" + door + when(v.At)
	if v.Reason != "" {
		s += "\n" + quote(v.Reason, approval.MaxReason, maxQuoted)
	}
	return s
}

// endings are the ways in which an approval ends without us.
var endings = map[approval.How]outcome{
	approval.EndedApproved:  {emoji: "☑️", verb: "approved outside Signalbox", text: "Approved outside Signalbox"},
	approval.EndedRejected:  {emoji: "⛔", verb: "rejected outside Signalbox", text: "Rejected outside Signalbox"},
	approval.EndedTimedOut:  {emoji: "⌛", verb: "timed out", text: "Timed out: nobody answered in time, so CodePipeline failed the approval"},
	approval.EndedAbandoned: {emoji: "🛑", verb: "stopped", text: "Stopped: somebody stopped the execution, so there is nothing left to approve"},
	approval.EndedCanceled:  {emoji: "↩️", verb: "canceled", text: "Canceled: CodePipeline gave up this execution, as it does when a newer one takes its place"},
	approval.EndedGone:      {emoji: "▫️", verb: "no longer waits", text: "No longer waiting: CodePipeline no longer knows this approval"},
}

// ended tells how a request was closed, and what became of a vote that was
// given here and came too late.
func ended(r approval.Request) outcome {
	e := approval.Ending{}
	if r.Ending != nil {
		e = *r.Ending
	}
	o, known := endings[e.How]
	if !known {
		o = endings[approval.EndedGone]
	}
	summary := e.Summary
	switch e.How {
	case approval.EndedApproved, approval.EndedRejected:
		o.who, summary = author(e)
		if o.who != "" {
			o.text += " by *" + line(o.who, maxName) + "*"
		}
	case approval.EndedTimedOut:
		summary = "" // CodePipeline's own sentence says nothing more
	}
	if !e.At.IsZero() {
		o.text += ", " + when(e.At)
	}
	if summary != "" {
		o.text += "\n" + quote(summary, maxEnding, maxQuoted)
	}
	if r.Vote != nil {
		o.text += "\n" + vote(*r.Vote) + "\nThat answer came too late: CodePipeline did not take it."
	}
	return o
}

// author finds who answered outside Signalbox. Without a comment CodePipeline
// fills the summary with "Approved by <ARN>", which then says nothing else.
func author(e approval.Ending) (who, summary string) {
	who, summary = approval.Identity(e.By), e.Summary
	if _, by, ok := strings.Cut(summary, "ed by arn:"); ok && strings.HasPrefix(summary, "Approv") || ok && strings.HasPrefix(summary, "Reject") {
		if who == "" {
			who = approval.Identity("arn:" + by)
		}
		summary = ""
	}
	return who, summary
}
