package web

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	releases "github.com/signalbox/signalbox/internal/release"
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
	// Facts are sentences about images, tests and the like.
	Facts []fact
	// Superseded are the executions whose changes this one carries.
	Superseded []commit
	// Missing are sentences about what is not known.
	Missing []string
}

// A fact is a sentence. One that Warns is a reason to think twice.
type fact struct {
	Text  string
	Warns bool
	URL   string
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
		if len(c.MoreKeys) > 0 {
			v.More += " They mention " + clip(strings.Join(c.MoreKeys, ", "), maxLine) + "."
		}
	}
	for _, one := range c.Superseded {
		v.Superseded = append(v.Superseded, commit{ID: clip(one.ExecutionID, 8), FullID: one.ExecutionID, Title: clip(one.Summary, maxLine)})
	}
	if len(v.Shown)+len(v.Facts)+len(v.Missing)+len(v.Superseded) == 0 {
		return nil
	}
	return v
}

// facts says in sentences what else is known of a release.
func facts(r approval.Request) []fact {
	c := r.Changes
	var all []fact
	if c.RollsBackTo != "" {
		all = append(all, fact{Text: "It rolls back to the execution " + c.RollsBackTo + ".", Warns: true})
	}
	if c.Newer != nil {
		all = append(all, fact{Text: "A newer execution, " + c.Newer.ExecutionID + ", is released already: this one would replace it.", Warns: true})
	}
	for _, i := range c.Images {
		name := clip(i.Repository, maxLine)
		if name == "" {
			name = "without a name"
		}
		all = append(all, fact{
			Text:  "Image " + name + " " + approval.Revision{ID: i.Digest}.Short() + ": " + string(i.Verdict) + counts(i.Counts) + ".",
			Warns: i.Verdict != releases.Clean,
		})
	}
	for _, t := range c.Tests {
		text := "Tests " + clip(t.Name, maxLine) + ": " + strconv.Itoa(t.Passed) + " passed"
		if t.Failed > 0 {
			text += ", " + strconv.Itoa(t.Failed) + " failed"
		}
		if t.Skipped > 0 {
			text += ", " + strconv.Itoa(t.Skipped) + " skipped"
		}
		all = append(all, fact{Text: text + ".", Warns: t.Failed > 0, URL: httpsURL(t.URL)})
	}
	return all
}

// severities is the order of findings, the worst first.
var severities = []string{"critical", "high", "medium", "low", "informational", "undefined"}

// counts writes the findings of each severity, the worst first, and those that
// we have no rank for last.
func counts(of map[string]int) string {
	names := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	var parts []string
	for _, name := range names {
		if of[name] > 0 {
			parts = append(parts, strconv.Itoa(of[name])+" "+strings.ToLower(clip(name, maxLine)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func rank(severity string) int {
	if i := slices.Index(severities, strings.ToLower(severity)); i >= 0 {
		return i
	}
	return len(severities)
}
