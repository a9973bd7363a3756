package notice

import (
	"fmt"
	"strings"

	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

// A Match selects releases. Each list holds patterns, of which one has to fit;
// an empty list fits everything. In a pattern * stands for any characters,
// also none, and ? for exactly one; upper and lower case differ.
type Match struct {
	Pipelines []string `json:"pipelines,omitempty"`
	// Stages fit the stage that counts now: see Release.Current.
	Stages   []string `json:"stages,omitempty"`
	Accounts []string `json:"accounts,omitempty"`
	Regions  []string `json:"regions,omitempty"`
	// Environments are the configuration's names, not AWS's.
	Environments []string `json:"environments,omitempty"`
	// States are those of the whole release, such as "FAILED".
	States []string `json:"states,omitempty"`
}

// A Subject is what routes look at.
type Subject struct {
	Pipeline, Stage, Account, Region, Environment string
	State                                         State
	// Authors are those who are known by name; direct messages go to them.
	Authors []people.Person
}

// Subject is what routes see of r.
func (t Teller) Subject(r Release) Subject {
	return Subject{
		Pipeline: r.Pipeline, Stage: r.Current().Name, Account: r.Account, Region: r.Region,
		Environment: r.Environment, State: r.State, Authors: t.authors(r),
	}
}

// differs says what about s the match does not select, or nothing.
func (m Match) differs(s Subject) string {
	parts := []struct {
		what, name string
		patterns   []string
	}{
		{"pipeline", s.Pipeline, m.Pipelines},
		{"stage", s.Stage, m.Stages},
		{"account", s.Account, m.Accounts},
		{"region", s.Region, m.Regions},
		{"environment", s.Environment, m.Environments},
		{"state", string(s.State), m.States},
	}
	for _, p := range parts {
		if !release.FitsAny(p.patterns, p.name) {
			return fmt.Sprintf("%s %q fits none of %s", p.what, clean(p.name, maxName), strings.Join(p.patterns, ", "))
		}
	}
	return ""
}

func (m Match) empty() bool {
	return len(m.Pipelines)+len(m.Stages)+len(m.Accounts)+len(m.Regions)+len(m.Environments)+len(m.States) == 0
}
