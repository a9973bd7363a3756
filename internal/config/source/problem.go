package source

import (
	"cmp"
	"slices"
)

// A Problem is one thing to change before the configuration can be used, or a
// warning: one to look at, which may be meant.
type Problem struct {
	Warning bool `json:"warning,omitempty"`
	// Line and Column count from 1; columns count characters, not bytes.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Width is how many characters on the line it is about; at least 1.
	Width int `json:"width"`
	// Path is where in the document it is, such as "approvals[0].match"; empty
	// when the text could not be read that far.
	Path string `json:"path,omitempty"`
	// Message says what is wrong, Help what to write instead.
	Message string `json:"message"`
	Help    string `json:"help,omitempty"`
}

// Problems are in the order of the text.
type Problems []Problem

// sorted orders ps by place and drops repetitions, which come from a value
// that several aliases refer to.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Path, b.Path),
		)
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
}

// without returns those of others about values that ps has nothing to say
// about: what a value means is better help than what form it lacks.
func (ps Problems) without(others Problems) Problems {
	known := map[string]bool{}
	for _, p := range ps {
		known[p.Path] = !p.Warning || known[p.Path]
	}
	return slices.DeleteFunc(others, func(p Problem) bool { return known[p.Path] })
}

// split separates what has to be changed from what may stay.
func (ps Problems) split() (problems, warnings Problems) {
	for _, p := range ps {
		if p.Warning {
			warnings = append(warnings, p)
		} else {
			problems = append(problems, p)
		}
	}
	return problems, warnings
}

// A place is a stretch of characters on one line of the text.
type place struct{ line, column, width int }

// problem makes a Problem about the place.
func (at place) problem(path, message, help string) Problem {
	return Problem{
		Line: at.line, Column: at.column, Width: max(at.width, 1),
		Path: path, Message: message, Help: help,
	}
}
