package slack

import (
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// ending says in which way an approval ended without us.
func ending(how approval.How) outcome {
	switch how {
	case approval.EndedApproved:
		return outcome{emoji: "☑️", verb: "approved outside Signalbox", text: "Approved outside Signalbox"}
	case approval.EndedRejected:
		return outcome{emoji: "⛔", verb: "rejected outside Signalbox", text: "Rejected outside Signalbox"}
	case approval.EndedTimedOut:
		return outcome{emoji: "⌛", verb: "timed out", text: "Timed out: nobody answered in time, so CodePipeline failed the approval"}
	case approval.EndedAbandoned:
		return outcome{emoji: "🛑", verb: "stopped", text: "Stopped: somebody stopped the execution, so there is nothing left to approve"}
	case approval.EndedCanceled:
		return outcome{emoji: "↩️", verb: "canceled", text: "Canceled: CodePipeline gave up this execution, as it does when a newer one takes its place"}
	}
	return outcome{emoji: "▫️", verb: "no longer waits", text: "No longer waiting: CodePipeline no longer knows this approval"}
}

// closed tells how a request was closed, and what became of a vote that was
// given here and came too late.
func (d detail) closed(r approval.Request) outcome {
	e := approval.Ending{}
	if r.Ending != nil {
		e = *r.Ending
	}
	o := ending(e.How)
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
		o.text += "\n" + quote(summary, maxEnding, maxReasonLines)
	}
	switch {
	case r.Vote != nil:
		o.text += "\n" + vote(*r.Vote) + "\nThat answer came too late: CodePipeline did not take it."
	case len(r.Votes) > 0:
		o.text += "\nIt had not got all its approvals here" + tally(r) + "."
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
