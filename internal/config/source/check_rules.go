package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
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
		c.checkWays(r)
		for _, w := range r.everybody() {
			c.checkApprover(w)
		}
		if n := len(ids(c.groupMembers, r.everybody())); n > maxApprovers {
			c.report(r.whole("approvers"), fmt.Sprintf("name at most %d", maxApprovers), "%s has %d approvers", r.label(), n)
		} else {
			c.checkQuorums(r)
		}
		c.checkMatch(r.match)
		c.checkChannel(r)
		c.checkReached(i)
		c.checkDurations(r)
		c.checkHours(r)
	}
}

// whole is a problem's word about what r lacks or has as a whole.
func (r rule) whole(key string) word { return word{at: r.at, path: join(r.path, key)} }

// checkWays wants exactly one of the two ways to say who approves.
func (c *checker) checkWays(r rule) {
	switch {
	case r.approvers != nil && r.require != nil:
		c.report(r.whole("require"), "keep require, and give the approvers a name in it", "%s has approvers and also require", r.label())
	case !r.named:
		c.report(r.whole("approvers"), "add approvers: [ids under people, group:NAME, slack:S…], or require: for several circles", "%s does not say who may approve", r.label())
	}
}

func (c *checker) checkChannel(r rule) {
	if r.channel.present || c.channel.present || r.shadow { // a shadow asks nobody
		return
	}
	c.report(r.whole("channel"), "add channel: C… to the rule, or slack: {channel: C…} for all rules",
		"%s has no channel to ask in, and there is no slack.channel either", r.label())
}

// checkReached reports rule i if an earlier one takes everything it matches. A
// shadow takes nothing, and sees what others have taken.
func (c *checker) checkReached(i int) {
	r := c.rules[i]
	if r.shadow || !r.match.complete {
		return
	}
	for _, earlier := range c.rules[:i] {
		if !earlier.shadow && earlier.match.complete && earlier.match.Covers(r.match.Match) {
			c.report(word{at: r.at, path: r.path}, "put the narrower rule first, or remove this one",
				"%s is never used: the rule on line %d matches everything that it matches", r.label(), earlier.at.line)
			return
		}
	}
}

// checkMatch reports environments that no environment is called.
func (c *checker) checkMatch(s selector) {
	var known []string
	for _, e := range c.environments {
		if e.name.text != "" && !slices.Contains(known, e.name.text) {
			known = append(known, e.name.text)
		}
	}
	for _, w := range s.environments {
		pattern := approval.Match{Environments: []string{w.text}}
		fits := false
		for _, name := range known {
			fits = fits || pattern.Differs(approval.Action{}, name) == ""
		}
		if !fits {
			c.report(w, c.meant(w.text, "environments", known, "define it under environments"), "there is no environment %s", quoted(w.text))
		}
	}
}

func (c *checker) checkEnvironments() {
	for i, e := range c.environments {
		for _, earlier := range c.environments[:i] {
			if e.match.complete && earlier.match.complete && earlier.match.Covers(e.match.Match) {
				c.report(word{at: e.at, path: e.path}, "put the narrower environment first, or remove this one",
					"environment %q is never used: the one on line %d matches everything that it matches", e.name.text, earlier.at.line)
				break
			}
		}
	}
}

func (c *checker) checkFreezes() {
	names := map[string]freeze{}
	for _, f := range c.freezes {
		key := strings.ToLower(f.name.text)
		if first, taken := names[key]; taken && key != "" {
			c.report(f.name, "give each freeze its own name", "the freeze on line %d is also called %q", first.at.line, first.name.text)
		} else {
			names[key] = f
		}
		c.checkMatch(f.match)
	}
}
