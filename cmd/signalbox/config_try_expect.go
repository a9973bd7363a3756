package main

import (
	"fmt"
	"slices"

	"github.com/signalbox/signalbox/internal/approval"
)

// expecting is how a release should come out.
type expecting struct {
	People []expected `yaml:"people"`
	// Outcome is pending, held, approved or rejected.
	Outcome string `yaml:"outcome"`
}

type expected struct {
	// Person is an id under people.
	Person string `yaml:"person"`
	// May is approve or refused, and Because, which may be left out, why not.
	May     string           `yaml:"may"`
	Because approval.Refusal `yaml:"because"`
}

var outcomes = []string{"", "pending", "held", "approved", "rejected"}

func (e *expecting) check() error {
	if e == nil {
		return nil
	}
	if !slices.Contains(outcomes, e.Outcome) {
		return fmt.Errorf("%q is no outcome: write pending, held, approved or rejected", e.Outcome)
	}
	for _, p := range e.People {
		if p.May != mayApprove && p.May != refused {
			return fmt.Errorf("%q may %q: write approve or refused", p.Person, p.May)
		}
	}
	return nil
}

// differs says in sentences where j is not as expected.
func (e *expecting) differs(j judged) []string {
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for i, v := range j.Votes {
		if v.expected != "" && v.expected != v.Because {
			say("vote %d, of %s, %s, and should be refused because of %s", i+1, v.By, counting(v.Because), v.expected)
		}
	}
	if e == nil {
		return all
	}
	if e.Outcome != "" && e.Outcome != j.Outcome {
		say("the outcome is %s, and should be %s", j.Outcome, e.Outcome)
	}
	for _, want := range e.People {
		i := slices.IndexFunc(j.People, func(m mayOrNot) bool { return m.Person == want.Person })
		if i < 0 {
			say("nobody in the configuration has the id %q", want.Person)
			continue
		}
		got := j.People[i]
		if got.May != want.May || want.Because != "" && got.Because != want.Because {
			say("%s is %s, and should be %s", want.Person, standing(got.May, got.Because), standing(want.May, want.Because))
		}
	}
	return all
}

func counting(why approval.Refusal) string {
	if why == "" {
		return "counts"
	}
	return "is refused because of " + string(why)
}

func standing(may string, why approval.Refusal) string {
	switch {
	case may == mayApprove:
		return "able to approve"
	case why == "":
		return "refused"
	}
	return "refused because of " + string(why)
}
