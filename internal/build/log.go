package build

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/redact"
)

// maxEvents is how many lines of a log are read, from its end: what comes
// after the command that failed is among them.
const maxEvents = 60

// eventsAnswer is the answer of GetLogEvents.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
type eventsAnswer struct {
	Events []struct{ Message string }
}

// log reads the last lines of the log of b up to where its phase failed, or
// says why there are none.
func (q question) log(ctx context.Context, b *built, phase string) (lines []string, missing string) {
	switch {
	case b.Logs.CloudWatchLogs.Status == "DISABLED":
		return nil, "The project of the build writes no log to CloudWatch Logs."
	case b.Logs.GroupName == "" || b.Logs.StreamName == "":
		return nil, "The build has gone wrong before it could write a log."
	}
	ctx, cancel := context.WithTimeout(ctx, logTimeout)
	defer cancel()
	var out eventsAnswer
	err := q.ask(ctx, logs, q.region, "GetLogEvents", map[string]any{
		"logGroupName": b.Logs.GroupName, "logStreamName": b.Logs.StreamName, "limit": maxEvents, "startFromHead": false,
	}, &out)
	switch {
	case gone(err):
		return nil, "The log of the build is not there: it was deleted, or the build has gone wrong before it could write one."
	case err != nil:
		return nil, "The log of the build could not be read: " + why(err, "logs:GetLogEvents") + "."
	case len(out.Events) == 0:
		return nil, "The log of the build is empty: its lines have expired, or it has written none."
	}
	var all []string
	for _, e := range out.Events {
		all = append(all, strings.Split(strings.TrimRight(e.Message, "\r\n"), "\n")...)
	}
	return tail(redact.Lines(all), phase)
}

// What CodeBuild itself writes into a log, behind "[Container]" and the time.
const (
	container     = "[Container] "
	commandFailed = "Command did not exit successfully "
	commandStarts = "Running command "
	phaseStarts   = "Entering phase "
	phaseComplete = "Phase complete: "
	phaseContext  = "Phase context status code: "
)

// An entry is a line of a log. own is whether CodeBuild itself wrote it, and
// text is without what it then begins with.
type entry struct {
	text string
	own  bool
}

func entryOf(line string) entry {
	rest, ok := strings.CutPrefix(line, container)
	if !ok {
		return entry{text: strings.TrimRight(line, " \t")}
	}
	date, after, _ := strings.Cut(rest, " ")
	clock, after, timed := strings.Cut(after, " ")
	if timed && strings.Count(date, "/") == 2 && strings.Count(clock, ":") == 2 {
		rest = after
	}
	return entry{text: strings.TrimRight(rest, " \t"), own: true}
}

func (e entry) begins(with string) bool { return e.own && strings.HasPrefix(e.text, with) }

// tells reports whether e helps to understand a failure: output that is not
// blank, or that something has failed.
func (e entry) tells() bool {
	switch {
	case !e.own:
		return e.text != ""
	case strings.HasPrefix(e.text, phaseComplete):
		return !strings.HasSuffix(e.text, "State: "+succeeded) && !strings.HasSuffix(e.text, "Success: true")
	case strings.HasPrefix(e.text, phaseContext):
		code, message, _ := strings.Cut(strings.TrimPrefix(e.text, phaseContext), "Message:")
		return strings.TrimSpace(code+message) != ""
	}
	return strings.HasPrefix(e.text, commandFailed) || strings.HasPrefix(e.text, commandStarts)
}

// tail picks the lines that tell about the failure of phase: what its command
// printed last, and what CodeBuild says about it. missing tells if the command
// is further back than lines reach.
func tail(lines []string, phase string) (picked []string, missing string) {
	all := make([]entry, len(lines))
	for i, l := range lines {
		all[i] = entryOf(l)
	}
	end := slices.IndexFunc(all, func(e entry) bool { return e.begins(phaseComplete+phase+" ") && e.tells() })
	if end < 0 {
		if beyond(all, phase) {
			return latest(telling(all)), "The end of the log, which is shown, does not reach back to where " + phase + " failed."
		}
		end = len(all) // stopped in the middle
	}
	stop := end
	if failed := lastBefore(all, end, commandFailed); failed >= 0 {
		stop = failed + 1 // what comes then is the rest of a long command
	}
	start := max(0, lastBefore(all, stop, commandStarts)) // what others printed is not about this command
	verdict := all[end:min(end+2, len(all))]              // that the phase is complete, and why
	return latest(telling(append(slices.Clip(all[start:stop]), verdict...))), ""
}

// beyond reports whether all of a log that is known comes after phase.
func beyond(all []entry, phase string) bool {
	return !slices.ContainsFunc(all, func(e entry) bool { return e.begins(phaseStarts + phase) }) &&
		slices.ContainsFunc(all, func(e entry) bool { return e.begins(phaseStarts) || e.begins(phaseComplete) })
}

// telling are the texts of those entries that help.
func telling(all []entry) []string {
	var texts []string
	for _, e := range all {
		if e.tells() {
			texts = append(texts, clip(e.text, maxLine))
		}
	}
	return texts
}

// lastBefore is the index of the last entry before end that begins so, or -1.
func lastBefore(all []entry, end int, with string) int {
	for i := end - 1; i >= 0; i-- {
		if all[i].begins(with) {
			return i
		}
	}
	return -1
}

// latest are the last of lines that fit into maxLines and maxLog.
func latest(lines []string) []string {
	lines = lines[max(0, len(lines)-maxLines):]
	used := 0
	for i := len(lines) - 1; i >= 0; i-- {
		used += utf8.RuneCountInString(lines[i]) + 1
		if used > maxLog {
			return lines[i+1:]
		}
	}
	return lines
}
