package source

import "fmt"

// A role is what people are to do under a rule.
type role struct {
	who []word
	// says is what they are, and what they have no way to do.
	says string
	// noMail is whether the rule sends no mails, so that only Slack is a way.
	noMail bool
}

// checkDoors reports people who have no way to do what a rule wants of them,
// once each.
func (c *checker) checkDoors() {
	roles := map[string]role{}
	for _, r := range c.rules {
		for _, next := range r.roles() {
			for _, id := range ids(c.groupMembers, next.who) {
				if before, has := roles[id]; !has || next.noMail && !before.noMail {
					roles[id] = next
				}
			}
		}
	}
	for _, p := range c.people {
		role, has := roles[p.id.text]
		switch {
		case !has || p.slack.present:
		case !p.email.present:
			c.report(p.id, "add slack: U… or email: …", "%s %s", p.id.text, role.says)
		case role.noMail:
			c.report(p.id, "add slack: U…, or let the rule send mails", "%s %s: the rule sends no mails", p.id.text, role.says)
		}
	}
}

// roles lists what r wants of whom.
func (r rule) roles() []role {
	approve := "is an approver of %s, and has no way to approve"
	if r.highRisk {
		approve = "is an approver of %s, which is high risk, and has no way to get the link for it"
	}
	all := []role{
		{r.circle(), fmt.Sprintf(approve, r.label()), !r.mail},
		{r.breakGlass, fmt.Sprintf("may break the glass of %s, and has no way to do it", r.label()), !r.mail},
	}
	for _, e := range r.escalate {
		all = append(all, role{e.to, fmt.Sprintf("is brought in by %s, and has no way to learn of it", r.label()), !r.mail})
	}
	return all
}
