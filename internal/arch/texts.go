package arch

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// The longest files, in lines: measured on code that reads well.
const (
	maxFileLines = 250
	maxMainLines = 45
)

func fileLengths(t Tree) []string {
	var found []string
	for _, f := range t.Go {
		lines, limit := strings.Count(f.Text, "\n"), maxFileLines
		if path.Base(f.Path) == "main.go" {
			limit = maxMainLines
		}
		if lines > limit && !f.test() {
			found = append(found, fmt.Sprintf("%s:%d: longer than %d lines; split it by subject", f.Path, lines, limit))
		}
	}
	return found
}

// homes are folders that exist on somebody's machine only.
var homes = regexp.MustCompile(`(^|[^\w./-])/(root|home|Users|work)/[\w.-]+`)

func machinePaths(t Tree) []string {
	return grep(t, homes, "a path of one machine means nothing on another")
}

// unfinishedWords are put together here so as not to find themselves.
var unfinishedWords = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

func unfinished(t Tree) []string {
	return grep(t, unfinishedWords, "finish it, or say it in an issue")
}

// grep reports each line of a text that matches pattern.
func grep(t Tree, pattern *regexp.Regexp, reason string) []string {
	var found []string
	for _, f := range t.Texts {
		if strings.HasSuffix(f.Path, ".sum") {
			continue
		}
		n := 0
		for line := range strings.Lines(f.Text) {
			n++
			if hit := pattern.FindString(line); hit != "" {
				found = append(found, fmt.Sprintf("%s:%d: %q; %s", f.Path, n, strings.TrimSpace(hit), reason))
			}
		}
	}
	return found
}
