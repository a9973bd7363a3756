package release_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/release"
)

// crowd is a history of n executions by n authors, with texts of size bytes.
func crowd(n, size int, text string) release.History {
	var all []release.Execution
	for i := range n {
		long := fmt.Sprintf("%d %s", i, strings.Repeat(text, size/len(text)))
		e := run(0, "")
		e.ID, e.Began, e.Status = fmt.Sprintf("e%d", i), monday.Add(time.Duration(i)*time.Minute), "Superseded"
		e.Revisions[0] = release.Revision{
			Source: "Code", ID: fmt.Sprintf("%040d", i), Message: fmt.Sprintf("ORD-%d %s", i+1, long), Author: long,
			Email: fmt.Sprintf("%d@example.com", i), Committer: long, CommitterEmail: long, Login: long,
			URL: "https://example.com/" + long,
		}
		all = append(all, e)
	}
	return past("", all...)
}

func TestFiveHundredCommitsFitIntoARequest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"x", "<!channel> </script>\n", "\x00\xff\u2028", "日本語"} {
		c := release.Collect(crowd(500, 300, text))
		c.Images = append(c.Images, make([]release.Image, 50)...)
		for range 99 {
			c.Tests = append(c.Tests, release.Test{Name: strings.Repeat(text, 1000), URL: "ftp://example.com"})
			c = c.Miss(strings.Repeat(text, 1000+len(c.Missing)))
		}
		c = c.Bounded()
		raw, err := json.Marshal(c)
		if err != nil || len(raw) > 40<<10 {
			t.Errorf("%.10q: %d bytes, %v; want at most 40 KB", text, len(raw), err)
		}
		if len(c.Commits)+c.More != 500 || len(c.Commits) == 0 || c.Commits[0].ID != fmt.Sprintf("%040d", 499) {
			t.Errorf("%.10q: %d commits and %d more, want the newest of 500", text, len(c.Commits), c.More)
		}
		if c.AuthorsComplete || len(c.Authors) == 0 {
			t.Errorf("%.10q: %d authors of 1000, said to be complete: %v", text, len(c.Authors), c.AuthorsComplete)
		}
		for _, commit := range c.Commits {
			if !utf8.ValidString(commit.Summary) || utf8.RuneCountInString(commit.Summary) > 200 || strings.ContainsAny(commit.Summary, "\n\x00") {
				t.Errorf("summary %q", commit.Summary)
			}
		}
	}
}

func TestFiveHundredOrdinaryAuthorsAreAllKept(t *testing.T) {
	t.Parallel()
	h := crowd(250, 1, "x")
	for i := range h.Earlier {
		h.Earlier[i].Revisions[0].Committer, h.Earlier[i].Revisions[0].CommitterEmail, h.Earlier[i].Revisions[0].Login = "", "", ""
		h.Earlier[i].Revisions[0].Author = fmt.Sprintf("Author %d", i)
	}
	c := release.Collect(h).Bounded()
	if len(c.Authors) < 250 || !c.AuthorsComplete || len(c.Missing) > 0 {
		t.Errorf("%d authors, complete %v, missing %q", len(c.Authors), c.AuthorsComplete, c.Missing)
	}
	if len(c.Commits) != 50 || c.More != 200 || len(c.Keys()) != 250 {
		t.Errorf("%d commits, %d more, %d keys; want 50, 200, 250", len(c.Commits), c.More, len(c.Keys()))
	}
}

func TestWhatIsSmallIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	c := release.Collect(past("ea", run(0, "Ada"), run(1, "Bea")))
	before, _ := json.Marshal(c)
	if after, err := json.Marshal(c.Bounded()); err != nil || string(after) != string(before) {
		t.Errorf("bounded, %v:\n%s\nbefore:\n%s", err, after, before)
	}
	if one := c.Miss("x").Miss("").Miss("x"); len(one.Missing) != 1 || len(c.Missing) != 0 {
		t.Errorf("missing %q, and before %q", one.Missing, c.Missing)
	}
}
