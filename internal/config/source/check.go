package source

import "strings"

// check judges what a document means: whether everybody is somebody, whether
// each rule can be reached, asks somewhere, and could be met.
func check(d document) Problems {
	c := checker{document: d, groupMembers: d.members(), ids: map[string]bool{}}
	for _, p := range d.people {
		c.ids[p.id.text] = true
	}
	c.checkPeople()
	c.checkIdentities()
	c.checkGroups()
	c.checkEnvironments()
	c.checkFreezes()
	c.checkRules()
	c.checkDoors()
	return c.problems
}

// A checker collects problems. What it knows about the document is complete
// before the first check.
type checker struct {
	document
	reporter
	groupMembers map[string][]string
	ids          map[string]bool
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
	c.report(w, c.meant(w.text, "people", known, ""), "nobody under people has the id %q", w.text)
}

// checkApprover reports w if it is neither a person nor a group. User groups of
// Slack are looked up when somebody votes.
func (c *checker) checkApprover(w word) {
	if _, isSlack := w.slackGroup(); isSlack {
		return
	}
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
