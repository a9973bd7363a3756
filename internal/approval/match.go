package approval

import "slices"

// A Match selects approval actions by name. Each list holds patterns, of which
// one has to fit; an empty list fits every name. In a pattern, * stands for
// any characters, also none, and ? for exactly one; everything else is taken
// literally, and upper and lower case differ, as they do in CodePipeline.
type Match struct {
	Pipelines []string `json:"pipelines,omitempty"`
	Stages    []string `json:"stages,omitempty"`
	Actions   []string `json:"actions,omitempty"`
	Accounts  []string `json:"accounts,omitempty"`
	Regions   []string `json:"regions,omitempty"`
	// Environments are names of the rulebook's environments, not of AWS.
	Environments []string `json:"environments,omitempty"`
}

// Differs names the first part of a, or the environment, that m does not
// select: "pipeline", "stage", "action", "account", "region" or "environment".
// It is empty when m matches.
func (m Match) Differs(a Action, environment string) string {
	switch {
	case !fitsAny(m.Pipelines, a.Pipeline):
		return "pipeline"
	case !fitsAny(m.Stages, a.Stage):
		return "stage"
	case !fitsAny(m.Actions, a.Name):
		return "action"
	case !fitsAny(m.Accounts, a.Account):
		return "account"
	case !fitsAny(m.Regions, a.Region):
		return "region"
	case !fitsAny(m.Environments, environment):
		return "environment"
	}
	return ""
}

// Covers reports whether m selects everything that other does, so that a rule
// with other can never be reached after one with m. It looks at one pattern at
// a time: true is certain, while a name that only several patterns of m
// together cover goes unnoticed.
func (m Match) Covers(other Match) bool {
	return coversAll(m.Pipelines, other.Pipelines) &&
		coversAll(m.Stages, other.Stages) &&
		coversAll(m.Actions, other.Actions) &&
		coversAll(m.Accounts, other.Accounts) &&
		coversAll(m.Regions, other.Regions) &&
		coversAll(m.Environments, other.Environments)
}

func fitsAny(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		return glob(p, name, false)
	})
}

func coversAll(wide, narrow []string) bool {
	if len(wide) == 0 {
		return true
	}
	if len(narrow) == 0 {
		narrow = []string{"*"}
	}
	for _, n := range narrow {
		if !slices.ContainsFunc(wide, func(w string) bool { return glob(w, singlesFirst(n), true) }) {
			return false
		}
	}
	return true
}

// glob reports whether pattern fits all of text. When text is a pattern too, a
// ? in pattern does not fit a * in text, which may stand for more or nothing;
// a ? in text is a character that only ? and * fit.
//
// It steps back to the last * only, as no earlier one can do better, so that
// it takes len(pattern)·len(text) steps at most. path.Match would not do: its
// * stops at a slash and its brackets mean something.
func glob(pattern, text string, textIsPattern bool) bool {
	p, t := []rune(singlesFirst(pattern)), []rune(text)
	i, j := 0, 0         // next in p and in t
	star, taken := -1, 0 // the last * in p, and how far it reaches in t
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, taken = i, j
			i++
		case i < len(p) && fits(p[i], t[j], textIsPattern):
			i++
			j++
		case star >= 0:
			taken++
			i, j = star+1, taken
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// fits reports whether the pattern character p, which is not *, stands for t.
func fits(p, t rune, textIsPattern bool) bool {
	if t == '*' && textIsPattern {
		return false
	}
	return p == '?' || p == t
}

// singlesFirst writes each run of wildcards as its ?s and then at most one *,
// which means the same, so that *? and ?* compare equal.
func singlesFirst(pattern string) string {
	out := make([]rune, 0, len(pattern))
	star := false
	for _, c := range pattern {
		if c == '*' {
			star = true
			continue
		}
		if star && c != '?' {
			out = append(out, '*')
			star = false
		}
		out = append(out, c)
	}
	if star {
		out = append(out, '*')
	}
	return string(out)
}
