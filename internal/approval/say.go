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
	s := "Approved by "
	switch {
	case r.Vote.Override:
		s = "Approved by breaking the glass, by "
	case r.Vote.Verdict == Reject:
		s = "Rejected by "
	}
	s += named(r.Vote.By)
	for _, v := range r.Votes {
		if r.Vote.Verdict == Approve && !r.Vote.Override && v.Verdict == Approve && v.Withdrawn == nil && v.By.ID != r.Vote.By.ID {
			s += " and " + named(v.By)
		}
	}
	if r.Vote.Door != DoorPolicy {
		s += " via " + string(r.Vote.Door)
	}
	if r.Vote.Reason != "" {
		s += ": " + strings.Join(strings.Fields(r.Vote.Reason), " ")
	}
	return clip(s, maxSummary)
}

func named(p people.Person) string {
	if p.Email == "" {
		return p.Name
	}
	return p.Name + " (" + p.Email + ")"
}

// Title names what waits: "web-shop to production", or the stage when no
// environment is configured.
func (r Request) Title() string {
	if r.Environment != "" {
		return r.Pipeline + " to " + r.Environment
	}
	return r.Pipeline + " " + r.Stage
}

// outcome says who decided a final request, when, and why.
func (r Request) outcome() string {
	if r.Vote == nil {
		return "This request has already been answered."
	}
	verb := "approved"
	switch {
	case r.Vote.Door == DoorPolicy:
		return "This request expired at " + utc(r.Vote.At) + ": " + r.Vote.Reason
	case r.Vote.Override:
		verb = "broke the glass for"
	case r.Vote.Verdict == Reject:
		verb = "rejected"
	}
	s := r.Vote.By.Name + " " + verb + " this at " + utc(r.Vote.At) + " via " + string(r.Vote.Door)
	if r.Vote.Reason != "" {
		s += ": " + r.Vote.Reason
	}
	return s
}

// ended is the rest of a sentence about how a closed request ended.
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

// brokenGlass is what those who look after Signalbox are paged with.
func (r Request) brokenGlass() (subject, text string) {
	subject = clip("Break-glass: "+r.Title(), 100) // what SNS takes as a subject
	text = r.Vote.By.Name + " passed the approval " + r.Pipeline + " / " + r.Stage + " / " + r.Name + " alone, at " + utc(r.Vote.At) +
		", through " + string(r.Vote.Door) + ".\n\nReason: " + r.Vote.Reason +
		"\n\nExecution: " + r.ExecutionID + "\nThe rule " + r.Policy + " would have asked others. " + r.Asks() +
		"\n\nReview the release and the reason. `signalbox audit show --pipeline " + r.Pipeline + " --execution " + r.ExecutionID + "` has the whole story.\n"
	return subject, text
}

// sentence is s with a capital letter.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// utc prints a moment for people in any time zone.
func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
