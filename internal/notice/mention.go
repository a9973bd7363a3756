package notice

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// maxMentions bounds whom one notice calls.
const maxMentions = 10

// A Who is somebody to call: a Person or the id of a Slack user Group.
type Who struct {
	Person people.Person
	Group  string
}

// mention lists whom a notice of the kind calls at d, each once. After a
// roll-back the authors are not called: they wrote what is good again.
func (t Teller) mention(r Release, d Delivery, k Kind) []Who {
	var all []Who
	for _, name := range d.called(k) {
		if name == Authors && k == RolledBack {
			continue
		}
		for _, w := range t.who(r, name) {
			if len(all) < maxMentions && !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

// called are the names that d has for the kind.
func (d Delivery) called(k Kind) []string {
	switch k {
	case Failed, Rejected, Stuck, RolledBack:
		if d.Mention.Failure == nil && d.Channel != "" {
			return []string{Authors}
		}
		return d.Mention.Failure
	case Approval:
		return d.Mention.Approval
	}
	return nil
}

// who are those whom name stands for. A name that means nothing is nobody:
// only what is known or has the form of an id ever reaches a renderer.
func (t Teller) who(r Release, name string) []Who {
	var all []Who
	p, known := t.byID(name)
	switch {
	case name == Authors:
		for _, p := range t.authors(r) {
			all = append(all, Who{Person: p})
		}
	case known:
		all = append(all, Who{Person: p})
	case group(name):
		all = append(all, Who{Group: name})
	}
	return all
}

func (t Teller) byID(id string) (people.Person, bool) {
	if t.People == nil {
		return people.Person{}, false
	}
	return t.People.ByID(id)
}

// authors lists the people who wrote the changes of r, as far as they are
// known: by their very address, or by a name that is like one person's only.
// To be called proves nothing and admits to nothing, so a likeness will do.
func (t Teller) authors(r Release) []people.Person {
	var all []people.Person
	if t.People == nil {
		return nil
	}
	for _, a := range r.Authors {
		p, ok := t.author(a)
		if ok && !a.Committer && !slices.Contains(all, p) && len(all) < maxMentions {
			all = append(all, p)
		}
	}
	return all
}

func (t Teller) author(a release.Author) (people.Person, bool) {
	if p, ok := t.People.Exact(a.Email); ok {
		return p, true
	}
	alike := t.People.Authors(a.Name, a.Email)
	if len(alike) == 0 {
		alike = t.People.Authors(a.Login, "")
	}
	if len(alike) != 1 {
		return people.Person{}, false
	}
	return alike[0], true
}

// group reports whether name has the form of the id of a Slack user group.
func group(name string) bool {
	return len(name) > 5 && name[0] == 'S' && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// once is the key of f across releases, or empty if d does not limit it.
func (d Delivery) once(r Release, f fact) string {
	if len(d.OncePer) == 0 {
		return ""
	}
	parts := []string{d.Place()}
	for _, field := range d.OncePer {
		switch field {
		case ByPipeline:
			parts = append(parts, r.Account, r.Region, r.Pipeline)
		case ByStage:
			parts = append(parts, f.stage)
		case ByBranch:
			parts = append(parts, r.Branch())
		case ByDay:
			parts = append(parts, f.day(r, d.Quiet.Zone()))
		}
	}
	return key("once/"+string(f.kind), 1, parts...)
}

// day is the date of the fact in the zone. It depends on the release alone,
// never on when it is told.
func (f fact) day(r Release, zone *time.Location) string {
	at := f.at
	if at.IsZero() {
		at = r.Began
	}
	return at.In(zone).Format(time.DateOnly)
}
