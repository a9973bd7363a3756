package approval

import (
	"strings"
	"time"
)

// maxShadows is how many rules in shadow mode a request is counted under. Each
// is stored with it.
const maxShadows = 3

// shadowed returns r with v counted under its rules in shadow mode. Whether v
// counts for real makes no difference there: a rule that is tried out may admit
// somebody whom the present one refuses.
func (r Request) shadowed(v Vote, book Rulebook, now time.Time) Request {
	if len(r.Shadows) == 0 {
		return r
	}
	all := make([]Shadow, len(r.Shadows))
	for i, s := range r.Shadows {
		under, why := r.under(s).Count(v, book, now)
		if n := len(under.Votes); why == "" && n > len(s.Votes) {
			under.Votes[n-1].Reason = "" // the trail has it, and a record has its limits
		}
		all[i] = Shadow{Rule: s.Rule, State: under.State, Votes: under.Votes}
	}
	r.Shadows = all
	return r
}

// under is r as it would be under the rule of s.
func (r Request) under(s Shadow) Request {
	r.Rule, r.State, r.Votes, r.Vote = s.Rule, s.State, s.Votes, nil
	r.Policy, r.Approvers, r.Shadows = s.Rule.Name, s.Rule.Approvers(), nil
	return r
}

// verdict says in words what s would have made of the request.
func (s Shadow) verdict() string {
	switch s.State {
	case Held:
		return "approved and held"
	case Pending:
		return "still waiting"
	}
	return strings.ToLower(string(s.State))
}
