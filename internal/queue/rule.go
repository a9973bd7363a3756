package queue

import (
	"slices"

	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// A Rule says who may have what done about the executions that it matches.
type Rule struct {
	Name  string `json:"name"`
	Match Match  `json:"match,omitzero"`
	// Commands are those that it permits.
	Commands []release.Command `json:"commands"`
	// People are ids of the configuration, and Groups of Slack user groups.
	People []string `json:"people,omitempty"`
	Groups []string `json:"groups,omitempty"`
}

// A Match selects executions. Each list holds patterns, of which one has to
// fit; an empty list fits everything.
type Match struct {
	Pipelines    []string `json:"pipelines,omitempty"`
	Accounts     []string `json:"accounts,omitempty"`
	Regions      []string `json:"regions,omitempty"`
	Environments []string `json:"environments,omitempty"`
}

// Rules are tried in order; the first that matches decides.
type Rules []Rule

// For returns the rule for an execution that releases to environment, and false
// if there is none: then nobody may do anything.
func (all Rules) For(id release.ExecutionID, environment string) (Rule, bool) {
	for _, r := range all {
		if r.Match.fits(id, environment) {
			return r, true
		}
	}
	return Rule{}, false
}

// Offers lists what some people may have done about r as it stands.
func (all Rules) Offers(r release.Record, environment string) []release.Command {
	rule, ok := all.For(r.ExecutionID, environment)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(r.Offers(), func(c release.Command) bool { return !slices.Contains(rule.Commands, c) })
}

// names reports whether p is named, or belongs to one of the groups.
func (r Rule) names(p people.Person, groups []string) bool {
	if p.ID != "" && slices.Contains(r.People, p.ID) {
		return true
	}
	return slices.ContainsFunc(r.Groups, func(g string) bool { return slices.Contains(groups, g) })
}

func (m Match) fits(id release.ExecutionID, environment string) bool {
	return release.FitsAny(m.Pipelines, id.Pipeline) && release.FitsAny(m.Accounts, id.Account) &&
		release.FitsAny(m.Regions, id.Region) && release.FitsAny(m.Environments, environment)
}
