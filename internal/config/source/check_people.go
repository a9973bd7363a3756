package source

import (
	"strings"

	"github.com/signalbox/signalbox/internal/people"
)

// checkPeople judges the names that people have elsewhere, one by one, and
// refuses two people with one Slack id: two voters who are one human being.
func (c *checker) checkPeople() {
	slack := map[string]person{}
	for _, p := range c.people {
		key := strings.ToLower(p.slack.text)
		if first, taken := slack[key]; taken && key != "" {
			c.report(p.slack, sharedHelp, "%s has the same Slack id as %s on line %d", p.id.text, first.id.text, first.id.at.line)
		} else {
			slack[key] = p
		}
		if !ascii(p.email.text) { // for everything else, the schema has better words
			c.entry(p.email, people.CheckEmail, "an address in visible ASCII looks like dana@example.com")
		}
		for _, w := range p.git {
			c.entry(w, people.CheckGit, "list what commits call this person: the author's name, addresses, the user name at the Git provider")
		}
		for _, w := range p.iam {
			c.entry(w, people.CheckIAM, "write the ARN of a user or of a role's session, such as arn:aws:iam::111122223333:user/dana, or the name of a session")
		}
	}
	for _, w := range c.machines {
		c.entry(w, people.CheckMachine, "write the ARN of a role or a user, such as arn:aws:iam::111122223333:role/scheduler")
	}
}

const sharedHelp = "give everybody their own, or remove one of the two people"

// entry reports w if check has something to say about it.
func (c *checker) entry(w word, check func(string) error, help string) {
	if err := check(w.text); err != nil && w.text != "" {
		c.report(w, help, "%v", err)
	}
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x7f })
}

// checkIdentities reports names that lead to two people, or to a person and to
// a machine. Addresses that only look alike are a warning: ian@ and lan@ may
// both be there.
func (c *checker) checkIdentities() {
	byID := map[string]person{}
	for _, p := range c.people {
		byID[p.id.text] = p
	}
	for _, conflict := range c.directory().Check() {
		first := byID[conflict.First]
		if conflict.Second == "" {
			w := find(c.machines, conflict.Name)
			c.report(w, "remove it here, or under "+first.id.path+".iam", "%q is a machine's and also %s's, on line %d", conflict.Name, conflict.First, first.id.at.line)
			continue
		}
		second := byID[conflict.Second]
		w := find(second.names(), conflict.Name)
		switch {
		case conflict.Alike:
			c.warn(w, "make sure that these are two people: one person could vote as both",
				"the address %q looks like one of %s's, on line %d", conflict.Name, conflict.First, first.id.at.line)
		case w.path == second.email.path && strings.EqualFold(first.email.text, w.text):
			c.report(w, sharedHelp, "%s has the same e-mail address as %s on line %d", conflict.Second, conflict.First, first.id.at.line)
		default:
			c.report(w, "let it lead to one of them only", "%q leads to %s and also to %s on line %d", conflict.Name, conflict.Second, conflict.First, first.id.at.line)
		}
	}
}

// names are all that p is known by.
func (p person) names() []word {
	all := []word{p.email}
	all = append(all, p.git...)
	all = append(all, p.iam...)
	return append(all, p.name, p.id)
}

// find returns the first of words that has the text.
func find(words []word, text string) word {
	for _, w := range words {
		if w.text == text {
			return w
		}
	}
	return word{at: place{1, 1, 1}}
}
