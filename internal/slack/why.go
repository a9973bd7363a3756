package slack

import (
	"strconv"

	"github.com/signalbox/signalbox/internal/approval"
)

// maxReasons is how many requests one answer explains.
const maxReasons = 3

// reasons says why what matched about does not go on.
func reasons(about string, found []approval.Standing) Message {
	if len(found) == 0 {
		b := blocks{section("Nothing that waits here matches `" + line(about, maxAbout) + "`.")}
		b.notes("Give at least four characters of the execution's id, or the whole name of a pipeline. What waits is all that is looked through: `/signalbox approvals` lists it.")
		return Message{Text: "Nothing that waits here matches that.", Blocks: b}
	}
	var m Message
	for _, d := range details {
		var b blocks
		for _, s := range found[:min(len(found), maxReasons)] {
			b = append(b, d.explain(s)...)
		}
		if more := len(found) - maxReasons; more > 0 {
			b.notes(mrkdwn("and " + strconv.Itoa(more) + " more: give more characters of the id."))
		}
		m = Message{Text: string(line("Why "+target(found[0].Request)+" waits", maxFallback)), Blocks: b}
		if m.size() <= maxCard {
			break
		}
	}
	return m
}

// explain is the whole of why one request does not go on, in sentences.
func (d detail) explain(s approval.Standing) blocks {
	r := s.Request
	b := blocks{header(target(r))}
	b.section("*" + waiting(r) + "*")
	if r.State.Final() {
		b.notes(place(r))
		return b
	}
	switch {
	case !answerable(r):
		b.section(nobody(r))
	case r.State == approval.Pending && blocked(r):
		b.section(blockedText(r))
	}
	b.section(joined("\n", d.standings(r, s.Progress, quietly)...))
	b.section(joined("\n", under(s), expiry(r), windows(r)))
	b.section("*You:* " + yours(s))
	b.notes(append(d.remarks(r), place(r))...)
	return b
}

// under says which rule the request is judged by.
func under(s approval.Standing) mrkdwn {
	r := s.Request
	if r.Policy == "" {
		return ""
	}
	text := "The rule " + line(r.Policy, maxName) + " holds it. " + line(r.Asks(), maxSentence)
	if r.Rule.HighRisk {
		text += " It is marked as high risk: a click in Slack is not enough."
	}
	if s.Outdated {
		text += "\n⚠️ *The rule has changed since this request was opened.* The request keeps the one it was opened with. Retry the stage in CodePipeline to ask under the new one."
	}
	return text
}

// expiry says until when r can be answered, and what comes after.
func expiry(r approval.Request) mrkdwn {
	if r.State != approval.Pending || r.Deadline().IsZero() {
		return ""
	}
	if r.Rule.Expire > 0 && r.Deadline().Before(r.ExpiresAt) {
		return "Without an answer it is rejected " + when(r.Deadline()) + "."
	}
	return "Without an answer CodePipeline gives up on it " + when(r.Deadline()) + "."
}

// windows says when releases may start.
func windows(r approval.Request) mrkdwn {
	h := hours(r)
	if h == "" {
		return ""
	}
	if r.Rule.RefuseOutside {
		return "Releases start only " + h + ". Outside of that, approvals do not count."
	}
	return "Releases start only " + h + ". Approved earlier, they wait until then."
}

// yours says what the one who asks can do about it.
func yours(s approval.Standing) mrkdwn {
	switch s.Yours {
	case "":
		return "You can approve it, on its card."
	case approval.Counted:
		return "You have approved it, and can take that back on its card."
	case approval.NotApprover, approval.GroupGone, approval.NobodyMay, approval.NotConfigured:
		return "You are not among those who can answer it."
	case approval.StarterUnknown, approval.AuthorUnknown:
		return "Nobody can approve it as things are, so neither can you. A rejection counts at any time."
	case approval.Outside:
		return "Your approval would not count now: it is outside of the hours, or a freeze is on. A rejection counts at any time."
	case approval.NeverOpens:
		return "Your approval would not count: CodePipeline gives up before this release could start. Retry the stage nearer to the time."
	}
	return escape(approval.Explain(s.Request, s.Yours), 2*maxSentence)
}
