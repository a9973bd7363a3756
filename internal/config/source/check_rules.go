package source

import (
	"fmt"
	"strings"
)

// maxApprovers is how many people one approval is asked of at most. Each gets
// a mail and is stored with the request, which has to fit a DynamoDB item.
const maxApprovers = 100

func (c *checker) checkRules() {
	names := map[string]rule{}
	for i, r := range c.rules {
		key := strings.ToLower(r.name.text)
		if first, taken := names[key]; taken && key != "" {
			c.report(r.name, "give each rule its own name", "the rule on line %d is also called %q", first.at.line, first.name.text)
		} else {
			names[key] = r
		}
		for _, w := range r.approvers {
			c.checkApprover(w)
		}
		if n := len(ids(c.groupMembers, r.approvers)); n > maxApprovers {
			c.report(word{at: r.at, path: join(r.path, "approvers")}, fmt.Sprintf("name at most %d", maxApprovers),
				"%s has %d approvers", r.label(), n)
		}
		c.checkChannel(r)
		c.checkReached(i)
	}
}

func (c *checker) checkChannel(r rule) {
	if r.channel.present || c.channel.present {
		return
	}
	c.report(word{at: r.at, path: join(r.path, "channel")},
		"add channel: C… to the rule, or slack: {channel: C…} for all rules",
		"%s has no channel to ask in, and there is no slack.channel either", r.label())
}

// checkReached reports rule i if an earlier one takes everything it matches.
func (c *checker) checkReached(i int) {
	r := c.rules[i]
	for _, earlier := range c.rules[:i] {
		if r.complete && earlier.complete && earlier.match.Covers(r.match) {
			c.report(word{at: r.at, path: r.path}, "put the narrower rule first, or remove this one",
				"%s is never used: the rule on line %d matches everything that it matches", r.label(), earlier.at.line)
			return
		}
	}
}

// checkDoors reports approvers who have no way to approve, once each.
func (c *checker) checkDoors() {
	used := map[string]string{} // id → the rule that wants it
	for _, r := range c.rules {
		for _, id := range ids(c.groupMembers, r.approvers) {
			if _, ok := used[id]; !ok {
				used[id] = r.label()
			}
		}
	}
	for _, p := range c.people {
		if label, ok := used[p.id.text]; ok && !p.slack.present && !p.email.present {
			c.report(p.id, "add slack: U… or email: …", "%s is an approver of %s, and has no way to approve", p.id.text, label)
		}
	}
}

// label is how a problem calls the rule.
func (r rule) label() string {
	if r.name.text == "" {
		return "this rule"
	}
	return fmt.Sprintf("rule %q", r.name.text)
}
