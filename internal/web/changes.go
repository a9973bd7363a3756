package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// shownCommits is how many commits stand on the page before it has to be
// unfolded.
const shownCommits = 5

// A changes is everything that the release carries.
type changes struct {
	// Title says since when.
	Title string
	Shown []commit
	// Folded are the others that are known, and More says how many are not.
	Folded []commit
	More   string
	// Facts are sentences about images, tests and superseded executions.
	Facts []string
	// Missing are sentences about what is not known.
	Missing []string
}

type commit struct {
	ID, FullID, Title, Author, URL, Keys string
}

// newChanges is nil when there is nothing to tell besides the revisions.
func newChanges(r approval.Request) *changes {
	c := r.Changes
	v := &changes{Title: "What changes", Facts: facts(r), Missing: slices.Concat(c.Missing, r.Notes)}
	if c.Since != nil {
		v.Title = "What changes since the release of " + newMoment(c.Since.At).Text
	}
	for _, one := range c.Commits {
		shown := commit{
			ID: approval.Revision{ID: one.ID}.Short(), FullID: one.ID, Title: clip(one.Summary, maxLine), Author: clip(one.Author, maxLine),
			URL: httpsURL(one.URL), Keys: strings.Join(one.Keys, ", "),
		}
		if len(v.Shown) < shownCommits {
			v.Shown = append(v.Shown, shown)
		} else {
			v.Folded = append(v.Folded, shown)
		}
	}
	if c.More > 0 {
		v.More = "And " + strconv.Itoa(c.More) + " more, which are not listed."
	}
	if len(v.Shown)+len(v.Facts)+len(v.Missing) == 0 {
		return nil
	}
	return v
}

// facts says in sentences what else is known of a release.
func facts(r approval.Request) []string {
	c := r.Changes
	var all []string
	if c.RollsBackTo != "" {
		all = append(all, "It rolls back to the execution "+c.RollsBackTo+".")
	}
	if c.Newer != nil {
		all = append(all, "A newer execution, "+c.Newer.ExecutionID+", is released already: this one would replace it.")
	}
	for _, i := range c.Images {
		name := clip(i.Repository, maxLine)
		if name == "" {
			name = "The image"
		}
		all = append(all, name+" "+approval.Revision{ID: i.Digest}.Short()+": "+string(i.Verdict)+counts(i.Counts)+".")
	}
	for _, t := range c.Tests {
		text := "Tests " + clip(t.Name, maxLine) + ": " + strconv.Itoa(t.Passed) + " passed"
		if t.Failed > 0 {
			text += ", " + strconv.Itoa(t.Failed) + " failed"
		}
		all = append(all, text+".")
	}
	if n := len(c.Superseded); n > 0 {
		all = append(all, "It carries what "+strconv.Itoa(n)+" superseded "+plural(n, "execution", "executions")+" would have released.")
	}
	return all
}

// counts writes the findings of each severity, the most frequent words first.
func counts(of map[string]int) string {
	var parts []string
	for severity, n := range of {
		parts = append(parts, strconv.Itoa(n)+" "+strings.ToLower(clip(severity, maxLine)))
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return " (" + strings.Join(parts, ", ") + ")"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
