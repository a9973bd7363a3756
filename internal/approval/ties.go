package approval

import (
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// Ties is what connects people to a release: nobody approves their own.
type Ties struct {
	People []Tie `json:"people,omitempty"`
	// UnknownStarter describes somebody who started the execution and is not in
	// the configuration, so that they could be anybody.
	UnknownStarter string `json:"unknown_starter,omitempty"`
	// UnknownAuthors are names of authors and committers who are not in the
	// configuration: outside text.
	UnknownAuthors []string `json:"unknown_authors,omitempty"`
	// Unread is set while it could not be read who made the changes.
	Unread bool `json:"unread,omitempty"`
	// Partial is set when not all who made them could be read.
	Partial bool `json:"partial,omitempty"`
}

// A Tie is one connection of one person.
type Tie struct {
	Person string `json:"person"`
	As     Part   `json:"as"`
}

// A Part is what somebody did for a release.
type Part string

// The parts.
const (
	Started   Part = "started"
	Authored  Part = "authored"
	Committed Part = "committed"
)

// maxUnknown is how many unknown authors are kept by name.
const maxUnknown = 10

// A Directory knows people under the names that other systems give them.
type Directory interface {
	// Starter says who started an execution.
	Starter(by, trigger string) people.Starter
	// Authors lists who might be behind a name and address in a commit. A mere
	// resemblance is enough: it keeps somebody out, and lets nobody in.
	Authors(name, email string) []people.Person
}

// TiesOf finds the ties of w, whose changes are c.
func TiesOf(w Waiting, c release.Changes, dir Directory) Ties {
	var t Ties
	starter := dir.Starter(w.StartedBy, w.Trigger)
	switch starter.Kind {
	case people.Human:
		t = t.with(starter.Person.ID, Started)
	case people.Machine:
	default:
		t.UnknownStarter = clip(Identity(starter.Said), maxName)
		if t.UnknownStarter == "" {
			t.UnknownStarter = "somebody whom CodePipeline does not name"
		}
	}
	for _, p := range starter.Resembles {
		t = t.with(p.ID, Started)
	}
	for _, r := range w.Revisions { // of this execution, whatever became of c
		if r.Author != "" {
			t = t.author(release.Author{Name: r.Author}, dir)
		}
	}
	for _, a := range c.Authors {
		t = t.author(a, dir)
	}
	t.Partial = !c.AuthorsComplete
	return t
}

func (t Ties) author(a release.Author, dir Directory) Ties {
	part := Authored
	if a.Committer {
		part = Committed
	}
	all := dir.Authors(a.Name, a.Email)
	if a.Login != "" {
		all = join(all, dir.Authors(a.Login, ""))
	}
	for _, p := range all {
		t = t.with(p.ID, part)
	}
	name := a.Name
	if name == "" {
		name = a.Email
	}
	if len(all) == 0 && name != "" && len(t.UnknownAuthors) < maxUnknown {
		t.UnknownAuthors = union(t.UnknownAuthors, []string{clip(name, maxName)})
	}
	return t
}

// maxName is the longest outside name that is kept, in characters.
const maxName = 100

func (t Ties) with(person string, as Part) Ties {
	for _, tie := range t.People {
		if tie == (Tie{person, as}) {
			return t
		}
	}
	t.People = append(t.People, Tie{person, as})
	return t
}

// tied says which tie keeps p from approving r.
func (r Request) tied(p people.Person) Refusal {
	if r.Rule.Self.Allow {
		return ""
	}
	for _, tie := range r.Ties.People {
		if tie.Person == p.ID {
			return selves[tie.As]
		}
	}
	switch {
	case r.Ties.UnknownStarter != "" && !r.Rule.Self.AllowUnknownStarter:
		return StarterUnknown
	case r.Ties.Unread:
		return AuthorsUnread
	case r.Rule.Self.RefuseUnknownAuthor && (r.Ties.Partial || len(r.Ties.UnknownAuthors) > 0):
		return AuthorUnknown
	}
	return ""
}

var selves = map[Part]Refusal{Started: SelfStarted, Authored: SelfAuthored, Committed: SelfCommitted}
