package slack

import (
	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// loud reports whether an announcement is for the whole channel: somebody has
// to act, or to know at once.
func loud(kind approval.AnnouncementKind) bool {
	return kind == approval.Reminding || kind == approval.Escalating || kind == approval.GlassBroken
}

// announcement is the message for a. Unlike a card it is posted once and never
// changes, so the people that it mentions are called once.
func announcement(r approval.Request, a approval.Announcement) Message {
	d := details[0]
	t := line(target(r), maxTarget)
	var title string // for notifications
	var b blocks
	switch a.Kind {
	case approval.Escalating:
		title = target(r) + " has waited for " + span(a.At.Sub(r.StartedAt))
		b.section("📢 " + calls(a.To) + ": *" + t + "* has waited for " + mrkdwn(span(a.At.Sub(r.StartedAt))) + ". " + broughtIn(r, a.To))
		b.section(d.stillNeeds(r))
	case approval.Holding:
		title = target(r) + " is approved, and held"
		b.section("✅ *" + t + "* is approved, and held. " + escape(r.Starts(), 2*maxSentence))
	case approval.GlassBroken:
		title = "The glass was broken for " + target(r)
		if r.Vote != nil {
			b.section("🚨 *" + t + "*\n" + overridden(r))
		}
		b.section("For your eyes: " + calls(others(r)) + callGroups(r.Rule.Groups()))
	case approval.TimedOut:
		title = target(r) + " has expired, and is rejected"
		b.section("⌛ *" + t + "* has expired, and is rejected. Retry the stage in CodePipeline to ask again.")
	default:
		title = target(r) + " still " + waits
		b.section("⏰ *" + t + "* still waits, for " + mrkdwn(span(a.At.Sub(r.StartedAt))) + " now.")
		b.section(d.stillNeeds(r))
	}
	b.notes(place(r))
	return Message{Text: string(line(title, maxFallback)), Blocks: b}
}

// stillNeeds names, with mentions, whom r waits for, and until when.
func (d detail) stillNeeds(r approval.Request) mrkdwn {
	lines := d.standings(r, r.Tally(), rung)
	if deadline := r.Deadline(); !deadline.IsZero() {
		lines = append(lines, "Answer on the card before "+when(deadline)+".")
	}
	return joined("\n", lines...)
}

// broughtIn says what those can do to whom a request was escalated.
func broughtIn(r approval.Request, to []people.Person) mrkdwn {
	for _, p := range r.CouldAnswer() {
		if _, in := people.ByID(to, p.ID); in {
			return "You can answer it, too."
		}
	}
	return "Please see to it that somebody answers."
}

// others are all who could have answered, without the one who broke the glass.
func others(r approval.Request) []people.Person {
	var all []people.Person
	for _, p := range r.Approvers {
		if r.Vote == nil || p.ID != r.Vote.By.ID {
			all = append(all, p)
		}
	}
	return all
}

// calls mentions people.
func calls(all []people.Person) mrkdwn {
	var names []mrkdwn
	for _, p := range all[:min(len(all), maxCalled)] {
		names = append(names, rung.person(p))
	}
	if len(names) == 0 {
		return "everybody"
	}
	return joined(", ", names...)
}

func callGroups(ids []string) mrkdwn {
	var s mrkdwn
	for _, g := range ids[:min(len(ids), maxCalled)] {
		s += ", " + rung.group(g)
	}
	return s
}

// confirmationOf gives somebody their own link. Only they see it.
func confirmationOf(r approval.Request, i approval.Invitation) Message {
	title := "Confirm your approval of " + target(r) + " through your own link"
	code := mrkdwn("It asks for the code in the mail that you got about this release.")
	if i.Code != "" {
		code = "It asks for this code: `" + line(i.Code, maxName) + "`"
	}
	b := blocks{section("🔺 *" + line(target(r), maxTarget) + " is high risk, so your click does not count yet.*\n" +
		"Open your own link, " + line(i.To.Name, maxName) + ", and approve there. " + code +
		"\nThe link speaks in your name: do not pass it on.")}
	b = append(b, slackgo.NewActionBlock("", opening(ActionConfirm, "Confirm approval", title, i.URL).WithStyle(slackgo.StylePrimary)))
	return Message{Text: string(line(title, maxFallback)), Blocks: b}
}
