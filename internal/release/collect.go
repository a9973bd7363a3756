package release

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of lists.
const (
	maxCommits    = 50
	maxMoreKeys   = 200
	maxAuthors    = 500
	maxSuperseded = 20
)

// Collect works out the changes that h.This would release. A revision that
// several executions carry counts once, for the one that brought it; one that
// the stage has already is no change.
func Collect(h History) Changes {
	c := &collector{Changes: Changes{
		Stage: clip(h.Stage, maxName), Since: h.since(), Newer: h.Newer,
		RollsBackTo: h.This.RollsBackTo, Began: h.This.Began,
	}, seen: h.released()}
	c.AuthorsComplete = h.Known()
	if !h.Known() {
		c.Changes = c.Miss("The history of the pipeline was not read back to the last release, so there may be more changes.")
	}
	carried := h.Carried()
	if len(carried[0].Revisions) == 0 {
		c.AuthorsComplete = false
		c.Changes = c.Miss("CodePipeline names no source revision of this execution.")
	}
	for _, r := range revisions(carried, c.seen) {
		c.add(r)
	}
	if c.nameless > 0 {
		c.AuthorsComplete = false
		c.Changes = c.Miss(fmt.Sprintf("Nobody is named as the author of %d of the %d changes.", c.nameless, len(c.Commits)+c.More))
	}
	for _, e := range carried {
		if e.Status == superseded && e.ID != h.This.ID && len(c.Superseded) < maxSuperseded {
			c.Superseded = append(c.Superseded, Superseded{ExecutionID: e.ID, Summary: e.subject()})
		}
	}
	return c.Changes
}

type collector struct {
	Changes
	seen     map[[2]string]bool
	nameless int
}

// A brought revision and the execution that brought it.
type brought struct {
	Revision
	execution string
	began     time.Time
}

// revisions are those of carried which are not in seen, newest first. One
// that several executions carry is that of the oldest, which brought it, and
// whatever the others know about it besides.
func revisions(carried []Execution, seen map[[2]string]bool) []brought {
	place := map[[2]string]int{}
	var all []brought // oldest first
	for _, e := range slices.Backward(carried) {
		for _, r := range slices.Backward(e.Revisions) {
			key := [2]string{r.Source, r.ID}
			if seen[key] {
				continue
			}
			if i, ok := place[key]; ok {
				all[i].Revision = all[i].or(r)
				continue
			}
			place[key] = len(all)
			all = append(all, brought{Revision: r, execution: e.ID, began: e.Began})
		}
	}
	slices.Reverse(all)
	return all
}

// add takes r into the changes, which must come newest first.
func (c *collector) add(r brought) {
	c.author(r.Revision)
	commit := Commit{
		Source: clip(r.Source, maxName), ID: clip(r.ID, maxID), Summary: subject(r.Message),
		Author: clip(r.Author, maxName), Email: clip(r.Email, maxEmail),
		Committer: clip(r.Committer, maxName), CommitterEmail: clip(r.CommitterEmail, maxEmail),
		URL: link(r.URL), At: r.At, ExecutionID: r.execution, Keys: Keys(r.Message),
	}
	if commit.At.IsZero() {
		commit.At = r.began
	}
	if len(c.Commits) < maxCommits {
		c.Commits = append(c.Commits, commit)
		return
	}
	c.leaveOut(commit)
}

// leaveOut counts a commit for which there is no room.
func (c *Changes) leaveOut(commit Commit) {
	c.More++
	for _, k := range commit.Keys {
		if len(c.MoreKeys) < maxMoreKeys && !c.mentions(k) {
			c.MoreKeys = append(c.MoreKeys, k)
		}
	}
}

func (c *Changes) mentions(key string) bool {
	return slices.Contains(c.MoreKeys, key) ||
		slices.ContainsFunc(c.Commits, func(o Commit) bool { return slices.Contains(o.Keys, key) })
}

// author notes who made r.
func (c *collector) author(r Revision) {
	by := Author{Name: r.Author, Email: r.Email, Login: r.Login}
	if by == (Author{}) {
		c.nameless++
	}
	c.know(by)
	c.know(Author{Name: r.Committer, Email: r.CommitterEmail, Committer: true})
	for _, a := range coAuthors(r.Message) {
		c.know(a)
	}
}

// know adds an identity unless it is known.
func (c *collector) know(a Author) {
	a.Name, a.Email, a.Login = clip(a.Name, maxName), clip(a.Email, maxEmail), clip(a.Login, maxName)
	if a.Login == a.Name {
		a.Login = ""
	}
	if a.Name == "" && a.Email == "" && a.Login == "" {
		return
	}
	i := slices.IndexFunc(c.Authors, func(b Author) bool {
		return a.Name == b.Name && a.Login == b.Login && strings.EqualFold(a.Email, b.Email)
	})
	switch {
	case i >= 0:
		c.Authors[i].Committer = c.Authors[i].Committer && a.Committer
	case len(c.Authors) == maxAuthors:
		c.tooMany()
	default:
		c.Authors = append(c.Authors, a)
	}
}

// tooMany says that there are authors who are not listed.
func (c *Changes) tooMany() {
	c.AuthorsComplete = false
	*c = c.Miss("The changes have more authors than can be kept.")
}

// or completes r with what other knows.
func (r Revision) or(other Revision) Revision {
	first := func(a *string, b string) {
		if *a == "" {
			*a = b
		}
	}
	first(&r.Message, other.Message)
	first(&r.URL, other.URL)
	if r.Author == "" && r.Email == "" && r.Login == "" {
		r.Author, r.Email, r.Login = other.Author, other.Email, other.Login
	}
	if r.Committer == "" && r.CommitterEmail == "" {
		r.Committer, r.CommitterEmail = other.Committer, other.CommitterEmail
	}
	if r.At.IsZero() {
		r.At = other.At
	}
	return r
}

// subject is what the revisions of e say, in one line.
func (e Execution) subject() string {
	for _, r := range e.Revisions {
		if s := subject(r.Message); s != "" {
			return s
		}
	}
	return ""
}
