package slack

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/notice"
)

// An excerpt says how much is shown of why a build failed: how many characters
// of its log, with the fence, how many tests, and how many characters of a
// command or a sentence.
type excerpt struct{ log, tests, sentence int }

// excerpts go from what a reply should show to what always fits. The first that
// does is taken.
var excerpts = [...]excerpt{
	{log: 2900, tests: 8, sentence: maxSentence},
	{log: 2000, tests: 5, sentence: 160},
	{log: 800, tests: 2, sentence: 80},
}

// maxLogLine bounds one line of a log, in characters.
const maxLogLine = 300

// failure shows where and why a build failed, which of its tests did, and the
// end of its log.
func (b *blocks) failure(f build.Failure, e excerpt) {
	b.section(joined("\n", failedPhase(f), e.command(f)))
	b.section(e.failedTests(f))
	b.section(logTail(f.Log, e.log))
	var missing []mrkdwn
	for _, m := range f.Missing[:min(len(f.Missing), e.tests)] {
		missing = append(missing, "❔ "+line(m, e.sentence))
	}
	b.notes(missing...)
}

// failedPhase is "The *build* phase failed after 2m 10s, exit status 1".
func failedPhase(f build.Failure) mrkdwn {
	text := mrkdwn("The build")
	if f.Phase != "" {
		text = "The *" + bold(phase(f.Phase)) + "* phase"
	}
	switch f.Status {
	case "TIMED_OUT":
		text += " ran out of time"
	case "STOPPED":
		text += " was stopped"
	default:
		text += " failed"
	}
	if f.Seconds > 0 {
		text += " after " + mrkdwn(notice.Span(time.Duration(f.Seconds)*time.Second))
	}
	if f.Command != "" {
		return joined(", ", text, line(f.Exit, maxName))
	}
	return joined(", ", text, code(f.Code, maxName))
}

// command is the command that failed or, if there is none, what is said instead.
func (e excerpt) command(f build.Failure) mrkdwn {
	if f.Command != "" {
		return code(f.Command, e.sentence)
	}
	if m := line(f.Message, e.sentence); m != "" {
		return "> " + m
	}
	return ""
}

// code is one line of outside text as code, or nothing.
func code(s string, limit int) mrkdwn {
	text := line(s, limit)
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func (e excerpt) failedTests(f build.Failure) mrkdwn {
	if len(f.Tests) == 0 {
		return ""
	}
	all := len(f.Tests) + max(f.MoreTests, 0)
	lines := []mrkdwn{"*" + mrkdwn(count(all, "test")) + " failed*"}
	shown := f.Tests[:min(len(f.Tests), e.tests)]
	for _, t := range shown {
		name := joined(" › ", line(t.Suite, maxName), line(t.Name, maxName))
		lines = append(lines, "• "+joined(": ", name, line(t.Message, e.sentence/2)))
	}
	if left := all - len(shown); left > 0 {
		lines = append(lines, "and "+mrkdwn(count(left, "more test")))
	}
	return joined("\n", lines...)
}

// logTail shows the last of lines as they were printed, in at most limit
// characters. No backtick is left that could end the fence.
func logTail(lines []string, limit int) mrkdwn {
	const fence = "```"
	left := limit - 2*len(fence) - len("\n")
	var kept []string
	for i := len(lines) - 1; i >= 0; i-- {
		l := strings.ReplaceAll(clean(lines[i]), "`", "'")
		l = clip(strings.TrimRight(strings.ReplaceAll(l, "\n", " "), " \t"), maxLogLine, entity)
		if left -= utf8.RuneCountInString(l) + 1; left < 0 {
			break
		}
		kept = append([]string{l}, kept...)
	}
	text := strings.Trim(strings.Join(kept, "\n"), "\n")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return mrkdwn(fence + "\n" + text + "\n" + fence)
}
