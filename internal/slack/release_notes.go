package slack

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// failure says why the release failed, in a few lines.
func (f finish) failure(p picture) mrkdwn {
	why := p.why
	if !p.failing || why.Action.Name == "" && why.Stage == "" {
		return ""
	}
	lines := []mrkdwn{f.cause(why)}
	summary := why.Action.Summary
	if b := why.Build; b != nil {
		summary = cmp.Or(b.Context, summary) // CodePipeline only says that the build failed
	}
	if s := line(firstLine(summary), f.sentence); s != "" {
		lines = append(lines, "> "+s)
	}
	if why.Build != nil && len(why.Build.Tests) > 0 {
		lines = append(lines, "> "+f.tests(why.Build.Tests))
	}
	if why.Others > 0 {
		lines = append(lines, "and "+mrkdwn(count(why.Others, "other action"))+" failed")
	}
	return joined("\n", lines...)
}

// cause is "*Unit tests* (CodeBuild) failed in its build phase: JobFailed".
func (f finish) cause(why release.Failure) mrkdwn {
	a := why.Action
	if a.Name == "" {
		return "*" + bold(line(why.Stage, f.name)) + "* failed, and no action of it did"
	}
	text := "*" + bold(line(a.Name, f.name)) + "*"
	if a.Category == approvalCategory {
		return text + " was not approved"
	}
	if a.Provider != "" {
		text += " (" + line(a.Provider, f.name) + ")"
	}
	text += " failed"
	if why.Build != nil && why.Build.Phase != "" {
		text += " in its " + phase(why.Build.Phase) + " phase"
	}
	if a.Code != "" {
		text += ": `" + line(a.Code, f.name) + "`"
	}
	if why.Build != nil {
		text += more(link(why.Build.LogsURL, maxBuildLink, "Log"), "Log")
	}
	return text + more(link(a.URL, maxBuildLink, "Details"), "Details")
}

// more is l behind a dot, unless it has remained just its label.
func more(l, label mrkdwn) mrkdwn {
	if l == label {
		return ""
	}
	return " · " + l
}

const (
	// maxTests is how many tests that failed are named.
	maxTests = 5
	// maxBuildLink is for addresses that hold the names of a project and a log
	// group, each encoded twice.
	maxBuildLink = 900
)

func (f finish) tests(names []string) mrkdwn {
	var shown []mrkdwn
	for _, n := range names[:min(len(names), maxTests)] {
		shown = append(shown, line(n, f.name))
	}
	text := mrkdwn(count(len(names), "test")) + " failed: " + joined(", ", shown...)
	if len(names) > maxTests {
		text += " …"
	}
	return text
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return first
}

// waiting says what the release waits for, and since when. Of the moment
// between two stages it says nothing.
func (f finish) waiting(all []release.Wait) mrkdwn {
	all = slices.DeleteFunc(slices.Clone(all), func(w release.Wait) bool { return w.Reason == release.ForEntry })
	var lines []mrkdwn
	for _, w := range all[:min(len(all), f.waits)] {
		text := f.wait(w)
		if !w.Since.IsZero() {
			text += ", since " + since(w.Since)
		}
		if w.Text != "" {
			text += "\n> " + line(w.Text, f.sentence)
		}
		lines = append(lines, text)
	}
	if left := len(all) - f.waits; left > 0 {
		lines = append(lines, "and for "+mrkdwn(count(left, "more thing")))
	}
	return joined("\n", lines...)
}

func (f finish) wait(w release.Wait) mrkdwn {
	stage := "*" + bold(line(w.Stage, f.name)) + "*"
	switch w.Reason {
	case release.ForApproval:
		return "⏳ Waits for approval at *" + bold(line(cmp.Or(w.Action, w.Stage), f.name)) + "*"
	case release.ForTransition:
		text := "🚧 The way into " + stage + " is closed"
		if w.By != "" {
			text += " by " + identity(w.By, f.name)
		}
		return text
	case release.ForStage:
		text := "🚦 " + stage + " is taken"
		if w.By != "" {
			text += " by execution " + short(w.By)
		}
		return text
	case release.ForGate, release.ForCondition, release.ForEntry:
	}
	return "🔎 Waits for a check of " + stage
}

// origin says who or what started it, and what came of it besides.
func (f finish) origin(r release.Record) mrkdwn {
	var parts []mrkdwn
	switch {
	case r.Facts.TriggeredBy != "":
		parts = append(parts, "Started by "+line(r.Facts.TriggeredBy, f.sentence))
	case r.Trigger.Detail != "":
		parts = append(parts, "Started by "+identity(r.Trigger.Detail, f.sentence))
	case r.Trigger.Type != "":
		parts = append(parts, "Started by "+line(r.Trigger.Type, f.name))
	}
	if to := r.Facts.RollsBackTo; to != "" {
		parts = append(parts, "releases again what execution "+short(to)+" did")
	}
	if by := r.Facts.SupersededBy; by != "" {
		parts = append(parts, "gave way to execution "+short(by))
	}
	return joined(" · ", parts...)
}

// course says when it began and how long it took, beside what is usual.
func (f finish) course(r release.Record) mrkdwn {
	var parts []mrkdwn
	if began := r.Since(); !began.IsZero() {
		took := r.Elapsed(time.Time{})
		switch {
		case r.Over() && took > 0:
			parts = append(parts, "Took "+mrkdwn(notice.Span(took)), "ended "+when(r.Until()))
		case r.Over():
			parts = append(parts, "Began "+when(began))
		default:
			parts = append(parts, "Began "+since(began))
		}
	}
	if r.Facts.Usual > 0 {
		parts = append(parts, "usually takes "+mrkdwn(notice.Span(r.Facts.Usual)))
	}
	if why := line(r.StopReason, f.sentence); why != line(r.StopReason, maxName) { // the headline has no room for it
		parts = append(parts, "stopped because: "+why)
	}
	return joined(" · ", parts...)
}

// place says which execution it is, and where.
func (f finish) place(v telegraph.View) mrkdwn {
	r := v.Record
	var id mrkdwn
	if s := short(r.ID); s != "" {
		id = "execution " + s
		if u := executionURL(r.ExecutionID); u != "" {
			id = "execution " + link(u, maxLink, mrkdwn(strings.Trim(string(s), "`")))
		}
	}
	return joined(" · ", line(v.Release.Environment, f.name), line(r.Account, maxName/2), line(r.Region, maxName/2), id)
}
