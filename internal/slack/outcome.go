package slack

import (
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
)

// waits is the verb of a card that waits for an answer.
const waits = "waits for approval"

// An outcome says where a request stands. Each has words of its own besides
// its emoji and colour, for people who cannot tell those apart.
type outcome struct {
	emoji string
	// verb follows the target: "web-shop → production" "waits for approval".
	verb string
	// rest follows the verb and who did it, such as ", applying".
	rest string
	// who is the outside text that names who did it, or empty.
	who  string
	text mrkdwn
}

func outcomeOf(r approval.Request, d detail) outcome {
	switch {
	case r.State == approval.Closed:
		return d.closed(r)
	case r.State.Final() && r.Vote != nil:
		return d.answered(r)
	case r.State.Final(): // a decision without a vote cannot be; say only what is known
		return outcome{emoji: "▪️", verb: "is " + strings.ToLower(string(r.State))}
	case r.State == approval.Held:
		return held(r)
	case !answerable(r):
		return outcome{emoji: "🔒", verb: "waits, and nobody can approve it here", text: nobody(r)}
	case blocked(r):
		return outcome{emoji: "🔒", verb: "waits, and nobody can approve it as things are", text: blockedText(r)}
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

// held tells of a release that has its approvals and may not start yet.
func held(r approval.Request) outcome {
	o := outcome{emoji: "✅", verb: "approved, starts when nothing holds it any longer"}
	if !r.HeldUntil.IsZero() {
		o.verb = "approved, starts " + r.Local(r.HeldUntil)
	}
	o.text = escape(r.Starts(), 2*maxSentence) + "\nUntil then it can be rejected, and approvals can be taken back."
	return o
}

// answered tells of a decision made here: who, when, why, through which door,
// and whether CodePipeline has it.
func (d detail) answered(r approval.Request) outcome {
	o := outcome{emoji: "✅", verb: "approved", who: r.Vote.By.Name, text: d.approvals(r)}
	switch {
	case r.Vote.Door == approval.DoorPolicy:
		o = outcome{emoji: "⌛", verb: "expired, and is rejected", text: "Rejected by its rule, " + when(r.Vote.At) + "\n" + quote(r.Vote.Reason, approval.MaxReason, maxReasonLines)}
	case r.Vote.Override:
		o = outcome{emoji: "🚨", verb: "passed, glass broken", who: r.Vote.By.Name, text: overridden(r)}
	case r.Vote.Verdict == approval.Reject:
		o.emoji, o.verb, o.text = "⛔", "rejected", vote(*r.Vote)
	}
	state := "Recorded, applying: CodePipeline is being told."
	if r.Applied != nil {
		state = "CodePipeline accepted it " + string(when(*r.Applied)) + "."
	} else {
		o.rest = ", applying"
		if !r.Vote.Override {
			o.emoji = "🕓"
		}
	}
	o.text += "\n" + mrkdwn(state)
	return o
}

// overridden tells, loudly, of a release that one person let through alone.
func overridden(r approval.Request) mrkdwn {
	s := "🚨 *The glass was broken by " + line(r.Vote.By.Name, maxName) + "*" + door(r.Vote.Door) + when(r.Vote.At) +
		"\n" + quote(r.Vote.Reason, approval.MaxReason, maxReasonLines) + "\n*The rule was not kept.* "
	if asks := r.Asks(); len(r.Rule.Quorums) > 0 {
		s += "It a" + line(asks[1:], maxSentence) + " "
	}
	return s + "Not all of them approved, and neither hours nor a freeze held it. Those who look after Signalbox are paged."
}

// approvals lists the approvals that let a release pass.
func (d detail) approvals(r approval.Request) mrkdwn {
	var lines []mrkdwn
	more := 0
	for _, v := range r.Votes {
		switch {
		case v.Verdict != approval.Approve || v.Withdrawn != nil || v.By.ID == r.Vote.By.ID:
		case len(lines) < d.votes:
			lines = append(lines, vote(v))
		default:
			more++
		}
	}
	if more > 0 {
		lines = append(lines, mrkdwn("and "+strconv.Itoa(more)+" more"))
	}
	return joined("\n", append(lines, vote(*r.Vote))...)
}

// maxReasonLines is how many lines of a reason are shown.
const maxReasonLines = 12

// vote is "Approved by *Dana Whitfield* in Slack, today at 10:00", with the
// reason below.
func vote(v approval.Vote) mrkdwn {
	verb := mrkdwn("Approved by ")
	if v.Verdict == approval.Reject {
		verb = "Rejected by "
	}
	s := verb + "*" + line(v.By.Name, maxName) + "*" + door(v.Door) + when(v.At)
	if v.Reason != "" {
		s += "\n" + quote(v.Reason, approval.MaxReason, maxReasonLines)
	}
	return s
}

// door is how a sentence goes on that says who did something.
func door(d approval.Door) mrkdwn {
	switch d {
	case approval.DoorSlack:
		return " in Slack, "
	case approval.DoorEmail:
		return " by e-mail, "
	}
	return " through " + line(string(d), maxName) + ", "
}

// decidedAt is when a final request was decided, or zero.
func decidedAt(r approval.Request) time.Time {
	switch {
	case r.Ending != nil:
		return r.Ending.At
	case r.Vote != nil:
		return r.Vote.At
	}
	return time.Time{}
}
