package source

import (
	"fmt"
	"strings"
)

// check judges what a document means: whether everybody is somebody, whether
// each rule can be reached, asks somewhere, and could be answered.
func check(d document) Problems {
	c := checker{document: d, groupMembers: d.members(), ids: map[string]bool{}}
	for _, p := range d.people {
		c.ids[p.id.text] = true
	}
	c.checkPeople()
	c.checkGroups()
	c.checkRules()
	c.checkDoors()
	return c.problems
}

// A checker collects problems. What it knows about the document is complete
// before the first check.
type checker struct {
	document
	groupMembers map[string][]string
	ids          map[string]bool
	problems     Problems
}

func (c *checker) report(w word, help, format string, args ...any) {
	c.problems = append(c.problems, w.at.problem(w.path, fmt.Sprintf(format, args...), help))
}

// checkPeople refuses two people with one Slack id or address: two voters who
// are one human being, or a mail that reaches the wrong one.
func (c *checker) checkPeople() {
	slack, email := map[string]person{}, map[string]person{}
	for _, p := range c.people {
		c.once(slack, p, p.slack, "Slack id")
		c.once(email, p, p.email, "e-mail address")
	}
}

func (c *checker) once(seen map[string]person, p person, w word, what string) {
	key := strings.ToLower(w.text)
	first, taken := seen[key]
	switch {
	case key == "":
	case taken:
		c.report(w, "give everybody their own, or remove one of the two people",
			"%s has the same %s as %s on line %d", p.id.text, what, first.id.text, first.id.at.line)
	default:
		seen[key] = p
	}
}

func (c *checker) checkGroups() {
	for _, g := range c.groups {
		if c.ids[g.name.text] {
			c.report(g.name, "give the group another name", "%q is a group and also a person", g.name.text)
		}
		for _, m := range g.members {
			if _, isGroup := c.groupOf(m); isGroup {
				c.report(m, "list the people themselves", "a group cannot contain a group")
				continue
			}
			c.checkPerson(m)
		}
	}
}

// groupOf returns the group that w names, with or without the prefix.
func (c *checker) groupOf(w word) (name string, ok bool) {
	name = strings.TrimPrefix(w.text, groupPrefix)
	_, ok = c.groupMembers[name]
	_, prefixed := w.group()
	return name, ok && !c.ids[name] || prefixed
}

// checkPerson reports w if it is nobody's id.
func (c *checker) checkPerson(w word) {
	if c.ids[w.text] || len(c.people) == 0 { // no people at all is the schema's to report
		return
	}
	known := make([]string, len(c.people))
	for i, p := range c.people {
		known[i] = p.id.text
		for _, name := range []word{p.name, p.email, p.slack} {
			if name.text != "" && strings.EqualFold(name.text, w.text) {
				c.report(w, "write "+p.id.text, "%q is not an id: people are listed by their ids", w.text)
				return
			}
		}
	}
	help := "the people are " + listed(known)
	if near, ok := c.suggest(w.text, known); ok {
		help = "did you mean " + near + "?"
	}
	c.report(w, help, "nobody under people has the id %q", w.text)
}

// checkApprover reports w if it is neither a person nor a group.
func (c *checker) checkApprover(w word) {
	name, prefixed := w.group()
	if !prefixed {
		if _, isGroup := c.groupMembers[name]; isGroup && !c.ids[name] {
			c.report(w, "write "+groupPrefix+name, "%q is a group", name)
			return
		}
		c.checkPerson(w)
		return
	}
	if _, known := c.groupMembers[name]; known {
		return
	}
	if c.ids[name] {
		c.report(w, "write "+name, "%q is a person, not a group", name)
		return
	}
	names := make([]string, len(c.groups))
	for i, g := range c.groups {
		names[i] = g.name.text
	}
	help := "define it under groups"
	if near, ok := c.suggest(name, names); ok {
		help = "did you mean " + groupPrefix + near + "?"
	}
	c.report(w, help, "there is no group %q", name)
}

// suggest is suggest for the first problems only: nobody reads the hundredth
// suggestion, and comparing all names with all names takes long.
func (c *checker) suggest(name string, candidates []string) (string, bool) {
	if len(c.problems) > maxSuggestions {
		return "", false
	}
	return suggest(name, candidates)
}

const maxSuggestions = 20
