package slack

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
)

// revisions shows what an execution carries, one revision below the other, at
// most limit of them.
func revisions(all []approval.Revision, limit int) mrkdwn {
	var lines []string
	for _, r := range all[:min(len(all), limit)] {
		lines = append(lines, string(revision(r, len(all) > 1)))
	}
	if more := len(all) - limit; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return mrkdwn(strings.Join(lines, "\n"))
}

// revision is a linked id and the first line of the message, with the author
// below. named puts the source that it comes from in front.
func revision(r approval.Revision, named bool) mrkdwn {
	s := revisionID(r, named)
	if title := line(r.Subject(), maxCommit); title != "" {
		s += "  " + title
	}
	if author := line(r.Author, maxName); author != "" {
		s += "\nby " + author
	}
	return s
}

// revisionID is the id, which leads to the revision where its address is known.
func revisionID(r approval.Revision, named bool) mrkdwn {
	id := line(r.Short(), maxName)
	s := link(r.URL, maxLink, id)
	if s == id && id != "" {
		s = "`" + id + "`"
	}
	if named && r.Source != "" {
		s = line(r.Source, maxName) + ":  " + s
	}
	return s
}

// commit names a revision in plain text: "3f1c2b4a Add refund endpoint".
func commit(r approval.Revision) string {
	return strings.TrimSpace(r.Short() + " " + r.Subject())
}

// address shows where a URL leads: its host and path.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.TrimSuffix(u.Host+u.EscapedPath(), "/")
}
