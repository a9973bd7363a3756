package slack

import (
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// highRisk says what a click on Approve does where it does not count.
const highRisk mrkdwn = "🔺 *High risk.* A click does not count here: Approve sends you your own link, and you confirm there."

// question is what somebody needs to know to answer, besides what would be
// released.
func (d detail) question(r approval.Request) []slackgo.Block {
	var b blocks
	if r.CustomData != "" {
		b.section(quote(r.CustomData, d.custom, d.quoted))
	}
	if u, ok := httpsURL(r.ReviewURL, maxLink); ok {
		b.section("Review " + link(u, maxLink, line(address(u), maxName)))
	}
	b = append(b, columns(facts(r)...))
	b.notes(called(r))
	return b
}

// facts are the fields of an open card.
func facts(r approval.Request) []mrkdwn {
	by := r.Starter()
	if by == "" {
		by = "CodePipeline does not say"
	}
	fields := []mrkdwn{"*Started by*\n" + line(by, maxName)}
	if !r.Changes.Began.IsZero() {
		fields = append(fields, "*Running since*\n"+since(r.Changes.Began))
	}
	if r.State == approval.Pending && !r.ExpiresAt.IsZero() {
		before := "*Answer before*\n" + when(r.Deadline())
		if r.Rule.Expire > 0 && r.Deadline().Before(r.ExpiresAt) {
			before += ", or it is rejected"
		}
		fields = append(fields, before)
	}
	if hours := hours(r); hours != "" {
		fields = append(fields, "*Releases start*\n"+hours)
	}
	return fields
}

// hours says when the rule lets releases start, or nothing when it always does.
func hours(r approval.Request) mrkdwn {
	if len(r.Rule.Hours.Windows)+len(r.Rule.Hours.Holidays) == 0 {
		return ""
	}
	return line(r.Rule.Hours.String(), 2*maxName)
}

// origin says who started the execution of a final request, and how long all
// took.
func origin(r approval.Request) mrkdwn {
	var s mrkdwn
	if by := r.Starter(); by != "" {
		s = "Started by " + line(by, maxName)
	}
	end := decidedAt(r)
	if r.Changes.Began.IsZero() || !end.After(r.Changes.Began) {
		return s
	}
	return joined(" · ", s, mrkdwn("decided "+span(end.Sub(r.Changes.Began))+" after the execution began"))
}
