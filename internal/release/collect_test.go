package release_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/release"
)

var monday = time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)

// run is the n-th execution, which carries one commit of its own by author.
func run(n int, author string) release.Execution {
	id := string(rune('a' + n))
	return release.Execution{
		ID: "e" + id, Began: monday.Add(time.Duration(n) * time.Hour), Status: "Succeeded",
		Revisions: []release.Revision{{Source: "Code", ID: "c" + id, Message: "Change " + id, Author: author}},
	}
}

// past is a history of executions given oldest first, of which the last waits.
func past(since string, all ...release.Execution) release.History {
	h := release.History{Stage: "Production", This: all[len(all)-1], Whole: true}
	for _, e := range slices.Backward(all[:len(all)-1]) {
		h.Earlier = append(h.Earlier, e)
		if e.ID == since {
			h.Since = &release.Release{ExecutionID: since, At: e.Began.Add(time.Minute)}
		}
	}
	return h
}

func ids(c release.Changes) string {
	var all []string
	for _, commit := range c.Commits {
		all = append(all, commit.ID)
	}
	return strings.Join(all, " ")
}

func names(c release.Changes) string {
	var all []string
	for _, a := range c.Authors {
		all = append(all, a.Name)
	}
	return strings.Join(all, " ")
}

func TestChangesAreThoseSinceTheLastRelease(t *testing.T) {
	t.Parallel()
	back := func(n int, to string) release.Execution {
		e := run(n, "")
		e.RollsBackTo, e.Revisions = to, []release.Revision{{Source: "Code", ID: "c" + to[1:]}}
		return e
	}
	again := run(3, "Dana")
	again.Revisions[0].ID = "cb"
	a, b, c, d := run(0, "Ada"), run(1, "Bea"), run(2, "Cleo"), run(3, "Dana")
	tests := []struct {
		name    string
		history release.History
		commits string
		authors string
		whole   bool
	}{
		{"one after another", past("ea", a, b), "cb", "Bea", true},
		{"whatever became of those in between", past("ea", a, b, c, d), "cd cc cb", "Dana Cleo Bea", true},
		{"everything at the first release", past("", a, b), "cb ca", "Bea Ada", true},
		{"nothing when the same is released again", past("eb", a, b, c, again), "cc", "Cleo", true},
		{"what was taken back comes again", past("ec", a, b, back(2, "ea"), d), "cd cb", "Dana Bea", true},
		{"a roll-back of a roll-back", past("ed", a, b, back(2, "ea"), back(3, "ec"), run(4, "Eve")), "ce cb", "Eve Bea", true},
		{"a roll-back carries what its target carried", past("ec", a, b, c, back(3, "ea")), "ca", "Ada", true},
		{"a roll-back in between brings nothing", past("ea", a, b, back(2, "ea"), d), "cd cb", "Dana Bea", true},
		{"a roll-back to what is not known", past("ec", b, c, back(3, "e!")), "c!", "", false},
		{"roll-backs in a circle", past("ec", a, back(1, "ec"), back(2, "eb"), d), "cd ca", "Dana Ada", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := release.Collect(tt.history)
			if ids(got) != tt.commits || names(got) != tt.authors || got.AuthorsComplete != tt.whole {
				t.Errorf("commits %q by %q, complete %v; want %q by %q, %v\n%q",
					ids(got), names(got), got.AuthorsComplete, tt.commits, tt.authors, tt.whole, got.Missing)
			}
			if got.AuthorsComplete != (len(got.Missing) == 0) {
				t.Errorf("complete %v, and missing is %q", got.AuthorsComplete, got.Missing)
			}
		})
	}
}

func TestHistoryThatEndsTooEarlyIsSaidToBeIncomplete(t *testing.T) {
	t.Parallel()
	h := past("", run(0, "Ada"), run(1, "Bea"))
	h.Whole = false
	lost := past("", run(1, "Bea"), run(2, "Cleo"))
	lost.Since = &release.Release{ExecutionID: "ea"}
	for _, h := range []release.History{h, lost} {
		if c := release.Collect(h); c.AuthorsComplete || len(c.Missing) != 1 {
			t.Errorf("complete %v, missing %q", c.AuthorsComplete, c.Missing)
		}
	}
}

func TestChangeNobodySignedMakesTheAuthorsIncomplete(t *testing.T) {
	t.Parallel()
	c := release.Collect(past("ea", run(0, ""), run(1, "Bea"), run(2, "")))
	if c.AuthorsComplete || !slices.Equal(c.Missing, []string{"Nobody is named as the author of 1 of the 2 changes."}) {
		t.Errorf("complete %v, missing %q", c.AuthorsComplete, c.Missing)
	}
	bare := run(1, "Bea")
	bare.Revisions = nil
	if c := release.Collect(past("ea", run(0, ""), bare)); c.AuthorsComplete || len(c.Missing) != 1 {
		t.Errorf("without a revision: complete %v, missing %q", c.AuthorsComplete, c.Missing)
	}
}

func TestRevisionCountsOnceForTheExecutionThatBroughtIt(t *testing.T) {
	t.Parallel()
	b, c := run(1, ""), run(2, "")
	b.Revisions = []release.Revision{{Source: "Code", ID: "1", Message: "ORD-1 Add refunds\n\nRefs PAY-2\nCo-Authored-By: Kim <kim@example.com>"}}
	c.Revisions = []release.Revision{
		{Source: "Code", ID: "1", Author: "Bea", Email: "bea@example.com", Login: "b3a", URL: "https://example.com/1"},
		{Source: "Docs", ID: "1", Author: "Bea", Email: "Bea@example.com", Login: "b3a", At: monday, Committer: "Lee", CommitterEmail: "lee@example.com", URL: "javascript:alert(1)"},
	}
	b.Status = "Superseded"
	got := release.Collect(past("", b, c))
	want := release.Changes{
		Stage: "Production", Began: c.Began, AuthorsComplete: true,
		Commits: []release.Commit{
			{Source: "Docs", ID: "1", Author: "Bea", Email: "Bea@example.com", Committer: "Lee", CommitterEmail: "lee@example.com", At: monday, ExecutionID: "ec"},
			{
				Source: "Code", ID: "1", Summary: "ORD-1 Add refunds", Author: "Bea", Email: "bea@example.com", At: b.Began,
				URL: "https://example.com/1", ExecutionID: "eb", Keys: []string{"ORD-1", "PAY-2"},
			},
		},
		Authors: []release.Author{
			{Name: "Bea", Email: "Bea@example.com", Login: "b3a"},
			{Name: "Lee", Email: "lee@example.com", Committer: true},
			{Name: "Kim", Email: "kim@example.com"},
		},
		Superseded: []release.Superseded{{ExecutionID: "eb", Summary: "ORD-1 Add refunds"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if keys := got.Keys(); !slices.Equal(keys, []string{"ORD-1", "PAY-2"}) {
		t.Errorf("keys %q", keys)
	}
}
