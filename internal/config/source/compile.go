package source

import (
	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/people"
)

// compile makes the File of a document without problems. Everything stays in
// the order of the text.
func (d document) compile() config.File {
	directory := d.directory()
	f := config.File{
		Version: config.Version, DefaultChannel: d.channel.text,
		People: directory.Members, Machines: directory.Machines,
	}
	for _, g := range d.groups {
		f.Groups = append(f.Groups, config.Group{Name: g.name.text, Members: texts(g.members)})
	}
	for _, e := range d.environments {
		f.Environments = append(f.Environments, approval.Environment{Name: e.name.text, Match: e.match.Match})
	}
	for _, z := range d.freezes {
		f.Freezes = append(f.Freezes, approval.Freeze{
			Name: z.name.text, Match: z.match.Match, From: z.starts, Until: z.ends, Reason: z.reason.text,
		})
	}
	m := maker{document: d, people: directory.People(), members: d.members(), tables: map[string]calendar.Timetable{}}
	for _, named := range d.calendars {
		m.tables[named.name.text] = named.table
	}
	for _, r := range d.rules {
		f.Policies = append(f.Policies, m.rule(r))
	}
	return f
}

// directory is everybody in d.
func (d document) directory() people.Directory {
	var dir people.Directory
	for _, p := range d.people {
		dir.Members = append(dir.Members, people.Member{
			Person: people.Person{ID: p.id.text, Name: p.name.text, Email: p.email.text, Slack: p.slack.text},
			Git:    textsOrNil(p.git), IAM: textsOrNil(p.iam),
		})
	}
	dir.Machines = textsOrNil(d.machines)
	return dir
}

// members maps each group to the ids in it.
func (d document) members() map[string][]string {
	out := make(map[string][]string, len(d.groups))
	for _, g := range d.groups {
		out[g.name.text] = texts(g.members)
	}
	return out
}

// ids returns the ids that approvers stand for, each once. Who is in a user
// group of Slack is not known here.
func ids(members map[string][]string, approvers []word) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range approvers {
		if _, isSlack := w.slackGroup(); isSlack {
			continue
		}
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
