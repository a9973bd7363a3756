package source

import (
	"slices"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/people"
)

// A maker makes rules of what is written in a document.
type maker struct {
	document
	people  []people.Person
	members map[string][]string
	// tables are the calendars by their names.
	tables map[string]calendar.Timetable
}

// The words that are not what goes without saying.
const (
	allow    = "allow"
	refuse   = "refuse"
	required = "required"
	optional = "optional"
)

func (m maker) rule(r rule) approval.Rule {
	out := approval.Rule{
		Name:        r.name.text,
		Match:       r.match.Match,
		Environment: r.environment.text,
		Channel:     r.channel.text,
		BreakGlass:  m.resolved(r.breakGlass),
		HighRisk:    r.highRisk,
		Self: approval.Self{
			Allow:               r.selfApproval.text == allow,
			AllowUnknownStarter: r.unknownStarter.text == allow,
			RefuseUnknownAuthor: r.unknownAuthor.text == refuse,
		},
		ReasonToApprove: r.reasonToApprove.text == required,
		RejectSilently:  r.reasonToReject.text == optional,
		Expire:          duration(r.expire),
		Hours:           m.hours(r.hours),
		RefuseOutside:   r.outside.text == refuse,
		Tell:            approval.Tell{NoMail: !r.mail, Direct: r.direct, Mention: textsOrNil(r.mention)},
		Shadow:          r.shadow,
	}
	if out.Channel == "" {
		out.Channel = m.channel.text
	}
	for _, q := range r.quorums() {
		out.Quorums = append(out.Quorums, approval.Quorum{
			Name: q.name.text, Need: q.need, People: m.resolved(q.from), Groups: slackGroups(q.from),
		})
	}
	for _, w := range r.remind {
		out.Remind = append(out.Remind, duration(w))
	}
	for _, e := range r.escalate {
		out.Escalate = append(out.Escalate, approval.Escalation{After: duration(e.after), To: m.resolved(e.to), For: e.circle.text})
	}
	return out
}

func (m maker) hours(h hours) calendar.Timetable {
	if h.name.text != "" {
		return m.tables[h.name.text]
	}
	return h.inline.table
}

// resolved returns the people that approvers stand for, each once.
func (m maker) resolved(approvers []word) []people.Person {
	var out []people.Person
	for _, id := range ids(m.members, approvers) {
		if p, ok := people.ByID(m.people, id); ok {
			out = append(out, p)
		}
	}
	return out
}

// slackGroups returns the user groups of Slack among approvers.
func slackGroups(approvers []word) []string {
	var out []string
	for _, w := range approvers {
		if id, ok := w.slackGroup(); ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// duration is the time that w says, or none.
func duration(w word) time.Duration {
	d, _ := w.duration() // the schema has judged its form
	return d
}

func textsOrNil(words []word) []string {
	if len(words) == 0 {
		return nil
	}
	return texts(words)
}
