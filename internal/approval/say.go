package approval

import (
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
)

// maxSummary is the longest summary PutApprovalResult takes, in characters
// (CodePipeline API model, ApprovalSummary).
const maxSummary = 512

// Summary is the text that CodePipeline keeps with the answer. CloudTrail and
// the console name the function's role, so this is where they learn which
// person answered, and through which door.
func Summary(r Request) string {
	if r.Vote == nil {
		return ""
	}
	verb := "Approved"
	if r.Vote.Verdict == Reject {
		verb = "Rejected"
	}
	s := verb + " by " + r.Vote.By.Name
	if r.Vote.By.Email != "" {
		s += " (" + r.Vote.By.Email + ")"
	}
	s += " via " + string(r.Vote.Door)
	if r.Vote.Reason != "" {
		s += ": " + strings.Join(strings.Fields(r.Vote.Reason), " ")
	}
	return clip(s, maxSummary)
}

// Title names what waits: "web-shop to production", or the stage when no
// environment is configured.
func (r Request) Title() string {
	if r.Environment != "" {
		return r.Pipeline + " to " + r.Environment
	}
	return r.Pipeline + " " + r.Stage
}

// Explain says to the voter, in plain text, why a vote on r did not count.
func Explain(r Request, why Refusal) string {
	switch why {
	case AlreadyDecided:
		return r.decided()
	case NotOpen:
		return "This request is no longer open: " + r.ended() + " Your answer was not counted."
	case TooLate:
		return "This request expired at " + utc(r.ExpiresAt) + ". Retry the stage in CodePipeline to ask again."
	case NobodyMay:
		return "Nobody can answer this here: no approval rule with approvers matches " + r.Pipeline + " / " + r.Stage + " / " + r.Name +
			". Add one to config/signalbox.yaml and deploy, or answer in the CodePipeline console."
	case NotApprover:
		return "You are not an approver of " + r.Title() + ", so your answer was not counted. " + people.Names(r.Approvers, "or") + " can answer."
	}
	if s, ok := refusals[why]; ok {
		return s
	}
	return "Your answer was not counted."
}

// refusals are the sentences that do not depend on the request.
var refusals = map[Refusal]string{
	NotKnown:    "Signalbox no longer knows this request. Look at the pipeline in the CodePipeline console.",
	NoVerdict:   "Signalbox did not understand that answer. Press Approve or Reject.",
	NoReason:    "A rejection needs a reason, so that whoever made the change knows what to do. Press Reject again and write one.",
	Deactivated: "This Slack account is deactivated, so its answer was not counted.",
	Bot:         "Bots cannot answer approvals.",
	Guest:       "Guest accounts cannot answer approvals. Ask a full member of the workspace.",
	Foreign:     "Members of other workspaces cannot answer approvals here.",
	NotInSlack:  "Slack does not know this account, so its answer was not counted.",
}

func (r Request) decided() string {
	if r.Vote == nil {
		return "This request has already been answered."
	}
	verb := "approved"
	if r.Vote.Verdict == Reject {
		verb = "rejected"
	}
	s := r.Vote.By.Name + " " + verb + " this at " + utc(r.Vote.At) + " via " + string(r.Vote.Door)
	if r.Vote.Reason != "" {
		s += ": " + r.Vote.Reason
	}
	return s + "\nYour answer came later and was not counted."
}

// ended is a sentence about how a closed request ended.
func (r Request) ended() string {
	if r.Ending == nil {
		return "it has ended."
	}
	s := endings[r.Ending.How]
	if s == "" {
		s = "it has ended"
	}
	if r.Ending.By != "" && (r.Ending.How == EndedApproved || r.Ending.How == EndedRejected) {
		s += " by " + r.Ending.By
	}
	return s + " at " + utc(r.Ending.At) + "."
}

var endings = map[How]string{
	EndedApproved:  "it was approved in CodePipeline",
	EndedRejected:  "it was rejected in CodePipeline",
	EndedTimedOut:  "it timed out",
	EndedAbandoned: "the execution was stopped",
	EndedCanceled:  "the execution was canceled",
	EndedGone:      "CodePipeline no longer knows it",
}

// utc prints a moment for people in any time zone.
func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
