package source

import "fmt"

// A document is what a tree says, as far as it is well formed; the schema
// complains about the rest. Each word keeps its place.
type document struct {
	channel      word
	people       []person
	machines     []word
	groups       []group
	environments []environment
	calendars    []namedHours
	freezes      []freeze
	rules        []rule
}

type person struct {
	id, name, email, slack word
	git, iam               []word
}

type group struct {
	name    word
	members []word
}

type environment struct {
	at    place
	path  string
	name  word
	match selector
}

func readDocument(root *node) document {
	d := document{
		channel:  readWord(root.get("slack").get("channel"), "slack.channel"),
		machines: readWords(root.get("machines"), "machines"),
	}
	for _, p := range root.get("people").all() {
		d.people = append(d.people, readPerson(p))
	}
	for _, p := range root.get("groups").all() {
		path := join("groups", p.key)
		d.groups = append(d.groups, group{name: word{text: p.key, at: p.at, path: path}, members: readWords(p.value, path)})
	}
	for _, p := range root.get("calendars").all() {
		path := join("calendars", p.key)
		d.calendars = append(d.calendars, namedHours{
			name: word{text: p.key, at: p.at, path: path}, timetable: readTimetable(p.value, p.at, path),
		})
	}
	eachMapping(root.get("environments"), "environments", func(n *node, path string) {
		d.environments = append(d.environments, environment{
			at: n.at, path: path, name: readWord(n.get("name"), join(path, "name")),
			match: readMatch(n.get("match"), join(path, "match")),
		})
	})
	eachMapping(root.get("freezes"), "freezes", func(n *node, path string) { d.freezes = append(d.freezes, readFreeze(n, path)) })
	eachMapping(root.get("approvals"), "approvals", func(n *node, path string) { d.rules = append(d.rules, readRule(n, path)) })
	return d
}

func readPerson(p pair) person {
	path := join("people", p.key)
	return person{
		id:    word{text: p.key, at: p.at, path: path},
		name:  readWord(p.value.get("name"), join(path, "name")),
		email: readWord(p.value.get("email"), join(path, "email")),
		slack: readWord(p.value.get("slack"), join(path, "slack")),
		git:   readWords(p.value.get("git"), join(path, "git")),
		iam:   readWords(p.value.get("iam"), join(path, "iam")),
	}
}

// eachMapping visits the mappings in a list.
func eachMapping(list *node, path string, visit func(n *node, path string)) {
	if list == nil {
		return
	}
	for i, n := range list.items {
		if n.kind == mappingKind {
			visit(n, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}
