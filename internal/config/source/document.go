package source

import (
	"fmt"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// A document is what a tree says about people and rules, as far as it is well
// formed; the schema complains about the rest. Each word keeps its place.
type document struct {
	channel word
	people  []person
	groups  []group
	rules   []rule
}

// A word is a text in the document.
type word struct {
	// present is whether there is a value, of whatever form.
	present bool
	text    string
	at      place
	path    string
}

type person struct {
	id, name, email, slack word
}

type group struct {
	name    word
	members []word
}

type rule struct {
	at                         place
	path                       string
	name, environment, channel word
	match                      approval.Match
	// complete is whether match holds all that the document says.
	complete  bool
	approvers []word
}

// groupPrefix marks a group among approvers.
const groupPrefix = "group:"

func readDocument(root *node) document {
	var d document
	d.channel = readWord(root.get("slack").get("channel"), "slack.channel")
	for _, p := range root.get("people").all() {
		path := join("people", p.key)
		d.people = append(d.people, person{
			id:    word{text: p.key, at: p.at, path: path},
			name:  readWord(p.value.get("name"), join(path, "name")),
			email: readWord(p.value.get("email"), join(path, "email")),
			slack: readWord(p.value.get("slack"), join(path, "slack")),
		})
	}
	for _, p := range root.get("groups").all() {
		path := join("groups", p.key)
		d.groups = append(d.groups, group{name: word{text: p.key, at: p.at, path: path}, members: readWords(p.value, path)})
	}
	if rules := root.get("approvals"); rules != nil {
		for i, n := range rules.items {
			if n.kind == mappingKind {
				d.rules = append(d.rules, readRule(n, fmt.Sprintf("approvals[%d]", i)))
			}
		}
	}
	return d
}

func readRule(n *node, path string) rule {
	r := rule{
		at: n.at, path: path,
		name:        readWord(n.get("name"), join(path, "name")),
		environment: readWord(n.get("environment"), join(path, "environment")),
		channel:     readWord(n.get("channel"), join(path, "channel")),
		approvers:   readWords(n.get("approvers"), join(path, "approvers")),
	}
	match := n.get("match")
	r.complete = match.get("pipeline") != nil
	r.match = approval.Match{
		Pipelines: r.patterns(match.get("pipeline")),
		Stages:    r.patterns(match.get("stage")),
		Actions:   r.patterns(match.get("action")),
	}
	return r
}

// patterns reads one pattern or a list of them. Whatever else is there makes
// the rule's match incomplete, as less would then seem to match more.
func (r *rule) patterns(n *node) []string {
	if n == nil {
		return nil
	}
	nodes := []*node{n}
	if n.kind == listKind {
		nodes = n.items
	}
	var out []string
	for _, item := range nodes {
		if s, ok := item.text(); ok {
			out = append(out, s)
		}
	}
	r.complete = r.complete && len(out) == len(nodes) && len(out) > 0
	return out
}

func readWord(n *node, path string) word {
	if n == nil {
		return word{}
	}
	s, _ := n.text()
	return word{present: true, text: s, at: n.at, path: path}
}

// readWords reads the texts of a list.
func readWords(n *node, path string) []word {
	if n == nil {
		return nil
	}
	var out []word
	for i, item := range n.items {
		if w := readWord(item, fmt.Sprintf("%s[%d]", path, i)); w.text != "" {
			out = append(out, w)
		}
	}
	return out
}

// group returns the name of the group that an approver refers to.
func (w word) group() (string, bool) { return strings.CutPrefix(w.text, groupPrefix) }
