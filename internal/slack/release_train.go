package slack

import (
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
)

// train shows one stage a line. Where there are too many, those before and
// behind are counted.
func (f finish) train(all []release.StageView) mrkdwn {
	from, to := stretch(all, f.stages)
	var lines []mrkdwn
	if from > 0 {
		lines = append(lines, "⋯  "+mrkdwn(count(from, "stage"))+" before")
	}
	for _, s := range all[from:to] {
		lines = append(lines, f.stage(s))
	}
	if left := len(all) - to; left > 0 {
		lines = append(lines, "⋯  "+mrkdwn(count(left, "more stage")))
	}
	return joined("\n", lines...)
}

// stretch is which stages to show, at most n: as many as fit up to one behind
// the last that has begun.
func stretch(all []release.StageView, n int) (from, to int) {
	if len(all) <= n {
		return 0, len(all)
	}
	last := 0
	for i, s := range all {
		if begun(s.Status) {
			last = i
		}
	}
	to = min(len(all), max(n, last+2))
	return to - n, to
}

func begun(s release.Status) bool { return s != release.Ahead && s != release.NotReached }

// stage is "✅  *Build*  2m 10s · Lint + Unit tests → Package".
func (f finish) stage(s release.StageView) mrkdwn {
	name := line(s.Name, f.name)
	if !begun(s.Status) {
		return mrkdwn(mark(s.Status)) + "  " + name
	}
	text := mrkdwn(stageMark(s)) + "  *" + bold(name) + "*"
	if s.Status == release.Strange {
		text += "  " + line(string(s.State), f.name)
	}
	return joined("  ·  ", text+f.time(s), tries(s.Tries), f.actions(s))
}

// stageMark is that of a wait where an action of s waits for somebody.
func stageMark(s release.StageView) string {
	for _, g := range s.Groups {
		for _, a := range g {
			if s.Status == release.Running && a.Status == release.Waiting {
				return mark(release.Waiting)
			}
		}
	}
	return mark(s.Status)
}

// time is how long s took, or since when it runs.
func (f finish) time(s release.StageView) mrkdwn {
	began := s.TrySince
	if began.IsZero() {
		began = s.Since
	}
	switch {
	case began.IsZero():
		return ""
	case !s.Until.IsZero() && !s.Until.Before(began):
		return "  " + mrkdwn(notice.Span(s.Until.Sub(began)))
	case s.Status == release.Running || s.Status == release.Stopping:
		return "  since " + clock(began)
	}
	return ""
}

// clock is a moment of the day, in the reader's time zone.
func clock(t time.Time) mrkdwn { return date(t, "{time}") }

func tries(n int) mrkdwn {
	if n < 2 {
		return ""
	}
	return mrkdwn("attempt " + strconv.Itoa(n))
}

// actions are those of a stage: with a plus between those in parallel, and an
// arrow between those in turn. Of none is anything told where
// none has begun, or a single one just succeeded.
func (f finish) actions(s release.StageView) mrkdwn {
	all, succeeded, quiet := 0, 0, 0
	for _, g := range s.Groups {
		for _, a := range g {
			all++
			switch {
			case a.Status == release.Succeeded, a.Status == release.Unclear && s.Status == release.Succeeded:
				succeeded++
			case !begun(a.Status), a.Status == release.Unclear:
				quiet++
			}
		}
	}
	switch {
	case all == quiet:
		return ""
	case all > succeeded || s.Status != release.Succeeded:
		return f.groups(s.Groups, f.actionLimit, true)
	case all == 1 && s.Groups[0][0].Tries < 2 || f.doneActions == 0:
		return ""
	}
	return f.groups(s.Groups, f.doneActions, false)
}

// groups shows at most limit actions and counts the others. Of those with
// something to tell none is left out for one without.
func (f finish) groups(groups [][]release.ActionView, limit int, marked bool) mrkdwn {
	shown, left := chosen(groups, limit)
	var parts []mrkdwn
	for _, g := range shown {
		var parallel []mrkdwn
		for _, a := range g {
			parallel = append(parallel, f.action(a, marked))
		}
		parts = append(parts, joined(" + ", parallel...))
	}
	text := joined(" → ", parts...)
	if left > 0 {
		text += mrkdwn(" and " + count(left, "more action"))
	}
	return text
}

// chosen are the limit actions to show, and how many there are besides. What
// went wrong comes first, then what runs.
func chosen(groups [][]release.ActionView, limit int) (shown [][]release.ActionView, left int) {
	var weights [3]int
	for _, g := range groups {
		for _, a := range g {
			weights[weight(a.Status)]++
		}
	}
	bound, room := 2, limit
	for bound > 0 && weights[bound] <= room {
		room -= weights[bound]
		bound--
	}
	for _, g := range groups {
		var some []release.ActionView
		for _, a := range g {
			switch w := weight(a.Status); {
			case w > bound:
				some = append(some, a)
			case w == bound && room > 0:
				room--
				some = append(some, a)
			default:
				left++
			}
		}
		if len(some) > 0 {
			shown = append(shown, some)
		}
	}
	return shown, left
}

// weight is how much people care to see an action of that status.
func weight(s release.Status) int {
	switch s {
	case release.Failed, release.Strange, release.Waiting:
		return 2
	case release.Running, release.Stopping, release.Stopped, release.Canceled, release.Abandoned:
		return 1
	}
	return 0
}

func (f finish) action(a release.ActionView, marked bool) mrkdwn {
	text := line(a.Name, f.name)
	if marked {
		text = mrkdwn(mark(a.Status)) + " " + text
	}
	if a.Status == release.Running && a.Build != nil && a.Build.Phase != "" {
		text += " (" + phase(a.Build.Phase) + ")"
	}
	if a.Tries > 1 {
		text += " ×" + mrkdwn(strconv.Itoa(a.Tries))
	}
	if a.Status == release.Strange {
		text += " " + line(string(a.State), f.name)
	}
	return text
}

// phase is "pre build" for CodeBuild's "PRE_BUILD".
func phase(name string) mrkdwn {
	return line(strings.ToLower(strings.ReplaceAll(name, "_", " ")), maxName/2)
}

// bold is escaped text that may stand between asterisks.
func bold(s mrkdwn) mrkdwn { return mrkdwn(strings.ReplaceAll(string(s), "*", "∗")) }
