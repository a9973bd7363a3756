package slack

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/release"
)

// evidence is what machines found out about a release: scans and tests.
func (d detail) evidence(c release.Changes) mrkdwn {
	var lines []mrkdwn
	for _, i := range c.Images[:min(len(c.Images), d.images)] {
		lines = append(lines, image(i))
	}
	for _, t := range c.Tests[:min(len(c.Tests), d.tests)] {
		lines = append(lines, test(t))
	}
	more := max(len(c.Images)-d.images, 0) + max(len(c.Tests)-d.tests, 0)
	if more > 0 {
		lines = append(lines, mrkdwn("and "+count(more, "more result")))
	}
	return joined("\n", lines...)
}

// sign is the sign of a scan's verdict.
func sign(v release.Verdict) mrkdwn {
	switch v {
	case release.Clean:
		return "✅"
	case release.Findings:
		return "⚠️"
	case release.Scanning:
		return "🔄"
	}
	return "❔"
}

// image is "✅ Image web-shop `sha256:9b2cf535f277`: no findings".
func image(i release.Image) mrkdwn {
	s := sign(i.Verdict) + " Image "
	if i.Repository != "" {
		s += line(i.Repository, maxName) + " "
	}
	if id := line(approval.Revision{ID: i.Digest}.Short(), maxName); id != "" {
		s += "`" + id + "`"
	}
	verdict := line(string(i.Verdict), maxName)
	if verdict == "" {
		verdict = mrkdwn(release.Unknown)
	}
	if found := severities(i.Counts); found != "" {
		verdict = found
	}
	return s + ": " + verdict
}

// severe is the order of severities, the worst first.
var severe = []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"}

// maxSeverities is how many severities are named.
const maxSeverities = 6

// severities is "2 critical, 5 high", the worst first.
func severities(counts map[string]int) mrkdwn {
	var names []string
	for name, n := range counts {
		if n > 0 {
			names = append(names, name)
		}
	}
	rank := func(name string) int {
		if i := slices.Index(severe, strings.ToUpper(name)); i >= 0 {
			return i
		}
		return len(severe)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
	var parts []mrkdwn
	for _, name := range names[:min(len(names), maxSeverities)] {
		parts = append(parts, mrkdwn(strconv.Itoa(counts[name])+" ")+line(strings.ToLower(name), maxName/3))
	}
	return joined(", ", parts...)
}

// test is "✅ Tests unit: 120 passed, 1 skipped".
func test(t release.Test) mrkdwn {
	mark := mrkdwn("✅")
	switch {
	case t.Failed > 0:
		mark = "❌"
	case t.Passed == 0:
		mark = "❔"
	}
	parts := []mrkdwn{mrkdwn(strconv.Itoa(t.Passed) + " passed")}
	if t.Failed > 0 {
		parts = append(parts, mrkdwn(strconv.Itoa(t.Failed)+" failed"))
	}
	if t.Skipped > 0 {
		parts = append(parts, mrkdwn(strconv.Itoa(t.Skipped)+" skipped"))
	}
	return mark + " Tests " + link(t.URL, maxLink, line(t.Name, maxName)) + ": " + joined(", ", parts...)
}

// remarks are what people should know besides: what this execution replaces,
// what could not be read, who cannot approve it, and who took back what.
func (d detail) remarks(r approval.Request) []mrkdwn {
	var all []mrkdwn
	c := r.Changes
	if c.Newer != nil {
		all = append(all, "⚠️ Execution "+short(c.Newer.ExecutionID)+", which is newer, was released "+when(c.Newer.At)+". This one would replace it.")
	}
	all = append(all, d.superseded(c.Superseded))
	for _, sentence := range c.Missing[:min(len(c.Missing), d.missing)] {
		all = append(all, "❔ "+line(sentence, d.sentence))
	}
	if more := len(c.Missing) - d.missing; more > 0 {
		all = append(all, "❔ "+mrkdwn(count(more, "more thing"))+" could not be read.")
	}
	if r.State.Final() {
		return all
	}
	for _, n := range r.Notes[:min(len(r.Notes), d.notes)] {
		all = append(all, "ℹ️ "+line(n, d.sentence))
	}
	all = append(all, d.tied(r)...)
	return append(all, d.withdrawn(r)...)
}

// superseded says whose changes are among these.
func (d detail) superseded(old []release.Superseded) mrkdwn {
	if len(old) == 0 {
		return ""
	}
	var names []mrkdwn
	for _, s := range old[:min(len(old), max(d.asides, 1))] {
		names = append(names, joined(" ", short(s.ExecutionID), line(s.Summary, d.sentence/4)))
	}
	s := "🔀 With the changes of " + mrkdwn(count(len(old), "execution")) + " that gave way: " + joined(", ", names...)
	if len(names) < len(old) {
		s += " …"
	}
	return s
}

// withdrawn tells of approvals that no longer count, the latest last.
func (d detail) withdrawn(r approval.Request) []mrkdwn {
	var all []mrkdwn
	for _, v := range r.Votes {
		if v.Withdrawn != nil {
			all = append(all, "↩️ "+line(v.By.Name, maxName/2)+" took their approval back "+when(*v.Withdrawn)+".")
		}
	}
	return all[max(len(all)-d.asides, 0):]
}
