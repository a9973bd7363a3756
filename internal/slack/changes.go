package slack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// maxIssueKeys is how many issue keys of commits that are not shown are named.
const maxIssueKeys = 8

// changes says what r would release. Without a list of the changes it shows the
// revisions of the execution.
func (d detail) changes(r approval.Request) mrkdwn {
	c := r.Changes
	if len(c.Commits) == 0 {
		return joined("\n", rollback(c), d.revisionsOf(r))
	}
	lines := []mrkdwn{rollback(c), sinceWhen(c)}
	shown := c.Commits[:min(len(c.Commits), d.commits)]
	several := slices.ContainsFunc(c.Commits, func(o release.Commit) bool { return o.Source != c.Commits[0].Source })
	for _, commit := range shown {
		lines = append(lines, "• "+change(commit, several))
	}
	return joined("\n", append(lines, andMore(c, len(shown)))...)
}

func (d detail) revisionsOf(r approval.Request) mrkdwn {
	return revisions(r.Revisions, d.revisions)
}

// rollback says that old revisions are released again.
func rollback(c release.Changes) mrkdwn {
	if c.RollsBackTo == "" {
		return ""
	}
	return "↩️ *A roll-back* to what execution " + short(c.RollsBackTo) + " released"
}

// sinceWhen heads the list of changes. It claims that there was no release
// before only where nothing is missing.
func sinceWhen(c release.Changes) mrkdwn {
	head := mrkdwn("*" + count(len(c.Commits)+c.More, "change") + "*")
	switch {
	case c.Since != nil:
		head += " since the release of " + when(c.Since.At) + ", " + short(c.Since.ExecutionID)
		if c.Since.RolledBackTo != "" {
			head += " (itself a roll-back)"
		}
	case len(c.Missing) == 0 && c.Stage != "":
		head += ", and the first release to " + line(c.Stage, maxName/2)
	}
	return head
}

// change is one commit: its linked id, what it is about, by whom, and the
// issues that the summary does not name itself.
func change(c release.Commit, named bool) mrkdwn {
	r := revisionOf(c)
	s := revisionID(r, named)
	if title := line(r.Subject(), maxCommit); title != "" {
		s += "  " + title
	}
	if author := line(c.Author, maxName/2); author != "" {
		s += " — " + author
	}
	if c.Committer != "" && c.Committer != c.Author {
		s += ", committed by " + line(c.Committer, maxName/2)
	}
	if keys := issueKeys(slices.DeleteFunc(slices.Clone(c.Keys), func(k string) bool { return strings.Contains(r.Subject(), k) })); keys != "" {
		s += " · " + keys
	}
	return s
}

func revisionOf(c release.Commit) approval.Revision {
	return approval.Revision{Source: c.Source, ID: c.ID, Summary: c.Summary, URL: c.URL, Author: c.Author}
}

// andMore counts the changes that are not shown, and names their issues.
func andMore(c release.Changes, shown int) mrkdwn {
	more := len(c.Commits) - shown + c.More
	if more == 0 {
		return ""
	}
	s := mrkdwn("and " + strconv.Itoa(more) + " more")
	if c.Since != nil {
		s += " since " + short(c.Since.ExecutionID)
	}
	var seen, rest []string
	for _, commit := range c.Commits[:shown] {
		seen = append(seen, commit.Keys...)
	}
	for _, k := range c.Keys() {
		if !slices.Contains(seen, k) {
			rest = append(rest, k)
		}
	}
	return joined(", with ", s, issueKeys(rest))
}

// issueKeys lists keys: "ORD-7, ORD-9 and 3 more issues".
func issueKeys(keys []string) mrkdwn {
	var parts []mrkdwn
	for _, k := range keys[:min(len(keys), maxIssueKeys)] {
		parts = append(parts, line(k, maxName/3))
	}
	s := joined(", ", parts...)
	if more := len(keys) - maxIssueKeys; more > 0 {
		s += mrkdwn(" and " + count(more, "more issue"))
	}
	return s
}
