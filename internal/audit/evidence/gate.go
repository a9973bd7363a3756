package evidence

import (
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
)

// An Outcome is how a gate stands, in a word. It is the class of the page's
// style, too.
type Outcome string

// The outcomes.
const (
	Waiting  Outcome = "waiting"
	Held     Outcome = "held"
	Approved Outcome = "approved"
	Rejected Outcome = "rejected"
	Expired  Outcome = "expired"
	Closed   Outcome = "closed"
)

// A Gate is one approval request of the release, as its entries tell it.
type Gate struct {
	Request, Stage, Action, Environment string
	Policy, PolicyHash                  string
	// First is the entry that opened the request or, when that is missing, the
	// first that mentions it.
	First   audit.Entry
	Outcome Outcome
	// End is the entry that brought the outcome, or nil. Held and Released are
	// about a verdict that had to wait for its window.
	End, Held, Released *audit.Entry
	Votes               []Vote
	// Refusals are the votes that did not count.
	Refusals []audit.Entry
	// Override is set when somebody passed alone, by break-glass.
	Override *audit.Entry
	// Applied is when CodePipeline accepted the outcome, from Identity.
	Applied *audit.Entry
}

// A Vote is one that counted, at least for a time.
type Vote struct {
	audit.Entry
	Withdrawn *time.Time
}

// Gates tells the entries of a release by request, in the order in which they
// were opened. Entries without a request belong to none.
func Gates(entries []audit.Entry) []Gate {
	var all []Gate
	at := map[string]int{}
	for _, e := range entries {
		if e.Request == "" {
			continue
		}
		i, known := at[e.Request]
		if !known {
			i = len(all)
			at[e.Request] = i
			all = append(all, Gate{
				Request: e.Request, Stage: e.Stage, Action: e.Action, Environment: e.Environment, First: e, Outcome: Waiting,
			})
		}
		all[i].add(e)
	}
	return all
}

// add takes e into account. Shadow decisions change nothing.
func (g *Gate) add(e audit.Entry) {
	if e.Policy != "" && e.Kind != audit.Shadow && g.Policy == "" {
		g.Policy, g.PolicyHash = e.Policy, e.PolicyHash
	}
	switch e.Kind {
	case audit.VoteCounted:
		g.Votes = append(g.Votes, Vote{Entry: e})
	case audit.Override:
		g.Override = &e
		g.Votes = append(g.Votes, Vote{Entry: e})
	case audit.VoteWithdrawn:
		g.withdraw(e)
	case audit.VoteRefused:
		g.Refusals = append(g.Refusals, e)
	case audit.Applied:
		g.Applied = &e
	default:
		g.end(e)
	}
}

// end takes an entry into account that may be about the outcome.
func (g *Gate) end(e audit.Entry) {
	switch e.Kind {
	case audit.Decided:
		if g.Outcome != Expired { // a rejection that follows from that says no more
			g.Outcome, g.End = decided(e), &e
		}
	case audit.Expired:
		g.Outcome, g.End = Expired, &e
	case audit.Closed:
		if g.Applied == nil { // else it is the end that we brought about
			g.Outcome, g.End = Closed, &e
		}
	case audit.Held:
		g.Outcome, g.Held = Held, &e
	case audit.Released:
		g.Outcome, g.Released = Approved, &e
	}
}

func decided(e audit.Entry) Outcome {
	if e.Verdict == "approve" {
		return Approved
	}
	return Rejected
}

// withdraw marks the last vote of whoever withdrew.
func (g *Gate) withdraw(e audit.Entry) {
	for i := len(g.Votes) - 1; i >= 0; i-- {
		if v := &g.Votes[i]; v.Withdrawn == nil && same(v.Actor, e.Actor) {
			v.Withdrawn = &e.At
			return
		}
	}
}

// same compares by the first name that both are known under; doors differ.
func same(a, b audit.Actor) bool {
	for _, pair := range [][2]string{{a.Person, b.Person}, {a.SlackUser, b.SlackUser}, {a.Email, b.Email}} {
		if pair[0] != "" || pair[1] != "" {
			return strings.EqualFold(pair[0], pair[1])
		}
	}
	return false
}

// By names those whose votes for verdict stand, each once.
func (g Gate) By(verdict string) []string {
	var names []string
	seen := map[string]bool{}
	for _, v := range g.Votes {
		if name := Who(v.Entry); v.Withdrawn == nil && v.Verdict == verdict && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// Who names who acted: the human being, else the machine, else nobody.
func Who(e audit.Entry) string {
	a := e.Actor
	for _, name := range []string{a.Name, a.Person, a.Email, a.SlackUser, e.Identity} {
		if name != "" {
			return name
		}
	}
	return ""
}
