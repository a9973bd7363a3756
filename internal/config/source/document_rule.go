package source

import (
	"encoding/json"
	"fmt"
	"strconv"
)

type rule struct {
	at                         place
	path                       string
	name, environment, channel word
	match                      selector
	// approvers and require are the two ways to say who approves; only one of
	// them is to be there.
	approvers, require []quorum
	// named is whether either is.
	named            bool
	breakGlass       []word
	highRisk, shadow bool

	selfApproval, unknownStarter, unknownAuthor word
	reasonToApprove, reasonToReject             word

	remind   []word
	escalate []escalation
	expire   word
	hours    hours
	outside  word

	mail, direct bool
	mention      []word
}

// A quorum is a number of approvals and the circle that they come from.
type quorum struct {
	at   place
	path string
	name word
	need int
	from []word
}

type escalation struct {
	after, circle word
	to            []word
}

func readRule(n *node, path string) rule {
	one := func(key string) word { return readWord(n.get(key), join(path, key)) }
	several := func(key string) []word { return readWords(n.get(key), join(path, key)) }
	reason, tell := n.get("reason"), n.get("tell")
	r := rule{
		at: n.at, path: path,
		name: one("name"), environment: one("environment"), channel: one("channel"),
		match:        readMatch(n.get("match"), join(path, "match")),
		breakGlass:   several("break_glass"),
		highRisk:     readTruth(n.get("high_risk"), false),
		shadow:       readTruth(n.get("shadow"), false),
		selfApproval: one("self_approval"), unknownStarter: one("unknown_starter"), unknownAuthor: one("unknown_author"),
		reasonToApprove: readWord(reason.get("approve"), join(path, "reason.approve")),
		reasonToReject:  readWord(reason.get("reject"), join(path, "reason.reject")),
		remind:          several("remind"),
		expire:          one("expire"),
		hours:           readHours(n, path),
		outside:         one("outside"),
		mail:            readTruth(tell.get("mail"), true),
		direct:          readTruth(tell.get("direct"), false),
		mention:         readWords(tell.get("mention"), join(path, "tell.mention")),
	}
	if p, ok := n.pair("approvers"); ok {
		r.approvers = []quorum{{at: p.at, path: join(path, "approvers"), need: 1, from: several("approvers")}}
	}
	for _, p := range n.pairs {
		_, near := suggest(p.key, []string{"approvers", "require"})
		r.named = r.named || near
	}
	eachMapping(n.get("require"), join(path, "require"), func(n *node, path string) { r.require = append(r.require, readQuorum(n, path)) })
	eachMapping(n.get("escalate"), join(path, "escalate"), func(n *node, path string) {
		r.escalate = append(r.escalate, escalation{
			after:  readWord(n.get("after"), join(path, "after")),
			circle: readWord(n.get("for"), join(path, "for")),
			to:     readWords(n.get("to"), join(path, "to")),
		})
	})
	return r
}

func readQuorum(n *node, path string) quorum {
	q := quorum{at: n.at, path: path, name: readWord(n.get("name"), join(path, "name")), need: 1, from: readWords(n.get("from"), join(path, "from"))}
	if p, ok := n.pair("approvals"); ok {
		q.at, q.path = p.value.at, join(path, "approvals")
		if number, isNumber := p.value.scalar.(json.Number); isNumber {
			q.need, _ = strconv.Atoi(number.String()) // the schema tells
		}
	}
	return q
}

// quorums are the circles of r, in whichever way they are written.
func (r rule) quorums() []quorum {
	if len(r.require) > 0 {
		return r.require
	}
	return r.approvers
}

// circle lists everybody whom the quorums of r name.
func (r rule) circle() []word {
	var all []word
	for _, q := range r.quorums() {
		all = append(all, q.from...)
	}
	return all
}

// everybody lists all whom r names in any role.
func (r rule) everybody() []word {
	all := append(r.circle(), r.breakGlass...)
	for _, e := range r.escalate {
		all = append(all, e.to...)
	}
	return all
}

// label is how a problem calls the rule.
func (r rule) label() string {
	if r.name.text == "" {
		return "this rule"
	}
	return fmt.Sprintf("rule %q", r.name.text)
}

// label is how a problem calls the quorum.
func (q quorum) label() string {
	if q.name.text == "" {
		return "the circle of approvers"
	}
	return fmt.Sprintf("%q", q.name.text)
}
