package source

import (
	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/people"
)

// compile makes the File of a document without problems. Everything stays in
// the order of the text.
func (d document) compile() config.File {
	f := config.File{Version: config.Version, DefaultChannel: d.channel.text}
	for _, p := range d.people {
		f.People = append(f.People, p.person())
	}
	for _, g := range d.groups {
		f.Groups = append(f.Groups, config.Group{Name: g.name.text, Members: texts(g.members)})
	}
	members := d.members()
	for _, r := range d.rules {
		channel := r.channel.text
		if channel == "" {
			channel = d.channel.text
		}
		f.Policies = append(f.Policies, approval.Rule{
			Name:        r.name.text,
			Match:       r.match,
			Environment: r.environment.text,
			Channel:     channel,
			Approvers:   resolve(f.People, members, r.approvers),
		})
	}
	return f
}

func (p person) person() people.Person {
	return people.Person{ID: p.id.text, Name: p.name.text, Email: p.email.text, Slack: p.slack.text}
}

// members maps each group to the ids in it.
func (d document) members() map[string][]string {
	out := make(map[string][]string, len(d.groups))
	for _, g := range d.groups {
		out[g.name.text] = texts(g.members)
	}
	return out
}

// resolve returns the people that approvers stand for, each once.
func resolve(all []people.Person, members map[string][]string, approvers []word) []people.Person {
	var out []people.Person
	for _, id := range ids(members, approvers) {
		if p, ok := people.ByID(all, id); ok {
			out = append(out, p)
		}
	}
	return out
}

// ids returns the ids that approvers stand for, each once.
func ids(members map[string][]string, approvers []word) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range approvers {
		several := []string{w.text}
		if name, ok := w.group(); ok {
			several = members[name]
		}
		for _, id := range several {
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out
}

func texts(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.text
	}
	return out
}
