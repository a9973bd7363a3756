package source

import "fmt"

// A reporter collects problems.
type reporter struct{ problems Problems }

func (r *reporter) report(w word, help, format string, args ...any) {
	r.problems = append(r.problems, w.at.problem(w.path, fmt.Sprintf(format, args...), help))
}

// warn reports what is odd and yet may be meant.
func (r *reporter) warn(w word, help, format string, args ...any) {
	p := w.at.problem(w.path, fmt.Sprintf(format, args...), help)
	p.Warning = true
	r.problems = append(r.problems, p)
}

// suggest is suggest for the first problems only: nobody reads the hundredth
// suggestion, and comparing all names with all names takes long.
func (r *reporter) suggest(name string, candidates []string) (string, bool) {
	if len(r.problems) > maxSuggestions {
		return "", false
	}
	return suggest(name, candidates)
}

const maxSuggestions = 20

// meant is the help for a name that is none of known: the one that was most
// likely meant, or all of them, or what to do when there are none.
func (r *reporter) meant(name, what string, known []string, none string) string {
	if near, ok := r.suggest(name, known); ok {
		return "did you mean " + near + "?"
	}
	if len(known) == 0 {
		return none
	}
	return "the " + what + " are " + listed(known)
}
