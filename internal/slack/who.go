package slack

import (
	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// A naming says which names ring. A mention in a message that is new to a
// channel reaches those it names; nobody is to be called who has nothing to do.
type naming struct{ people, groups bool }

var (
	rung = naming{people: true, groups: true}
	// quietly is for views that one person sees, in which the name of a user
	// group, which only Slack knows, calls nobody.
	quietly = naming{groups: true}
)

// namingOn is how the card of r names those it waits for: it calls them, unless
// the rule says to call others. Held and decided cards name nobody.
func namingOn(r approval.Request) naming {
	if len(r.Rule.Tell.Mention) > 0 {
		return naming{}
	}
	return rung
}

func (n naming) person(p people.Person) mrkdwn {
	if n.people && isMemberID(p.Slack) {
		return "<@" + mrkdwn(p.Slack) + ">"
	}
	return line(p.Name, maxName/2)
}

func (n naming) group(id string) mrkdwn {
	if n.groups && isGroupID(id) {
		return "<!subteam^" + mrkdwn(id) + ">"
	}
	return "the user group `" + line(id, maxName/2) + "`"
}

// maxCalled is how many the rule may call.
const maxCalled = 20

// called are the members and user groups that the rule calls instead of those
// who may answer, while there is something to answer.
func called(r approval.Request) mrkdwn {
	if r.State != approval.Pending || len(r.Rule.Tell.Mention) == 0 {
		return ""
	}
	s := mrkdwn("📣")
	for _, id := range r.Rule.Tell.Mention[:min(len(r.Rule.Tell.Mention), maxCalled)] {
		switch {
		case isMemberID(id):
			s += " <@" + mrkdwn(id) + ">"
		case isGroupID(id):
			s += " <!subteam^" + mrkdwn(id) + ">"
		}
	}
	return s
}

// did is what somebody did for a release.
func did(p approval.Part) mrkdwn {
	switch p {
	case approval.Started:
		return "started the execution"
	case approval.Committed:
		return "committed a change in it"
	}
	return "wrote a change in it"
}

// tied says which approvers cannot approve r because it is their own, which
// nobody would guess from the card otherwise.
func (d detail) tied(r approval.Request) []mrkdwn {
	if r.State != approval.Pending || r.Rule.Self.Allow {
		return nil
	}
	var all []mrkdwn
	seen := map[string]bool{}
	for _, t := range r.Ties.People {
		p, listed := people.ByID(r.Approvers, t.Person)
		if !listed || seen[p.ID] || len(all) == d.notes {
			continue
		}
		seen[p.ID] = true
		all = append(all, "✋ "+line(p.Name, maxName/2)+" "+did(t.As)+", and cannot approve it.")
	}
	return all
}

// answerable reports whether r names anybody at all who could answer it.
func answerable(r approval.Request) bool {
	for _, q := range r.Rule.Quorums {
		if len(q.People)+len(q.Groups) > 0 {
			return true
		}
	}
	return len(r.Rule.BreakGlass) > 0
}

// blocked reports whether the release itself keeps everybody from approving it.
func blocked(r approval.Request) bool { return blockedBy(r) != "" }

// blockedBy says why: somebody unknown started it, or changed it where the rule
// cannot have that, and it could be any of the approvers.
func blockedBy(r approval.Request) approval.Refusal {
	self := r.Rule.Self
	switch {
	case self.Allow:
		return ""
	case r.Ties.UnknownStarter != "" && !self.AllowUnknownStarter:
		return approval.StarterUnknown
	case r.Ties.Unread:
		return "" // it is read again when somebody approves
	case self.RefuseUnknownAuthor && (r.Ties.Partial || len(r.Ties.UnknownAuthors) > 0):
		return approval.AuthorUnknown
	}
	return ""
}

// blockedText is blockedBy for everybody to read.
func blockedText(r approval.Request) mrkdwn {
	const add = "Whoever looks after Signalbox can add them to `people` in `config/signalbox.yaml`; then retry the stage. Until then it can only be rejected."
	if blockedBy(r) == approval.StarterUnknown {
		return "*Nobody knows who started this:* " + line(r.Ties.UnknownStarter, maxName) + " could be any of the approvers. " + add
	}
	if len(r.Ties.UnknownAuthors) == 0 {
		return "*Nobody knows who made all the changes:* not all authors could be read, so any of the approvers could be one."
	}
	var names []string
	for _, a := range r.Ties.UnknownAuthors[:min(len(r.Ties.UnknownAuthors), maxUnknown)] {
		names = append(names, string(line(a, maxName/2)))
	}
	return "*Nobody knows all who made the changes:* " + mrkdwn(either(names)) + " could be any of the approvers. " + add
}

// maxUnknown is how many unknown authors are named.
const maxUnknown = 5
