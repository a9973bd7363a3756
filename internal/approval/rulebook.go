package approval

import "time"

// A Rulebook is what the configuration file says about approvals. The zero
// value lets nobody approve anything.
type Rulebook struct {
	// Environments give names to actions; the first that matches does.
	Environments []Environment
	// Policies are tried in order; the first that matches decides.
	Policies Policies
	Freezes  []Freeze
}

// Policies are the rules of the configuration file, in its order.
type Policies []Rule

// An Environment is a name for what some actions release to.
type Environment struct {
	Name  string `json:"name"`
	Match Match  `json:"match"`
}

// A Freeze keeps releases from going on for a while, whatever rule they are
// under. It is not part of a request: a freeze that is declared while a request
// is open holds that request, too.
type Freeze struct {
	Name  string `json:"name"`
	Match Match  `json:"match"`
	// From is the first moment of the freeze and Until the first after it; a
	// zero Until means until it is taken out of the configuration.
	From   time.Time `json:"from"`
	Until  time.Time `json:"until,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// Environment names what a releases to, or nothing.
func (b Rulebook) Environment(a Action) string {
	for _, e := range b.Environments {
		if e.Match.Differs(a, "") == "" {
			return e.Name
		}
	}
	return ""
}

// For returns the first rule that matches a, with its environment filled in.
// False means that none does, and then nobody may approve: there is no default
// that admits anybody.
func (b Rulebook) For(a Action) (Rule, bool) {
	environment := b.Environment(a)
	for _, r := range b.Policies {
		if !r.Shadow && r.Match.Differs(a, environment) == "" {
			return r.in(environment), true
		}
	}
	return Rule{}, false
}

// Shadows returns every rule in shadow mode that matches a.
func (b Rulebook) Shadows(a Action) []Rule {
	var all []Rule
	environment := b.Environment(a)
	for _, r := range b.Policies {
		if r.Shadow && r.Match.Differs(a, environment) == "" {
			all = append(all, r.in(environment))
		}
	}
	return all
}

// Frozen returns the freeze that holds a at now, of several the one that lasts
// longest.
func (b Rulebook) Frozen(a Action, now time.Time) (Freeze, bool) {
	var longest Freeze
	found := false
	environment := b.Environment(a)
	for _, f := range b.Freezes {
		if now.Before(f.From) || f.over(now) || f.Match.Differs(a, environment) != "" {
			continue
		}
		if !found || f.Until.IsZero() || !longest.Until.IsZero() && f.Until.After(longest.Until) {
			longest, found = f, true
		}
	}
	return longest, found
}

func (f Freeze) over(now time.Time) bool { return !f.Until.IsZero() && !now.Before(f.Until) }

// in is r with the environment it matched, unless it names its own.
func (r Rule) in(environment string) Rule {
	if r.Environment == "" {
		r.Environment = environment
	}
	return r
}
