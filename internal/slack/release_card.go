package slack

import (
	"strings"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// A finish says how much of a release a card shows.
type finish struct {
	commits, waits int
	// stages are lines; actionLimit is for a stage in which there is something
	// to see, doneActions for one that went well.
	stages, actionLimit, doneActions int
	name, sentence                   int // characters
}

// finishes go from what a card should show to what always fits, however long
// and hostile the outside texts are. The first that does is taken.
var finishes = [...]finish{
	{commits: 4, waits: 5, stages: 20, actionLimit: 12, doneActions: 6, name: maxName, sentence: maxSentence},
	{commits: 3, waits: 3, stages: 16, actionLimit: 8, name: 48, sentence: 200},
	{commits: 2, waits: 3, stages: 10, actionLimit: 4, name: 32, sentence: 120},
	{commits: 1, waits: 2, stages: 5, actionLimit: 2, name: 24, sentence: 60},
}

// ReleaseCard is the message that shows v. It is drawn from v alone, and as it
// says no durations that grow, it changes only when the release does.
func ReleaseCard(v telegraph.View) Message {
	p := pictureOf(v)
	var m Message
	for _, f := range finishes {
		var whole bool
		if m, whole = f.card(p); whole && m.size() <= maxCard {
			break
		}
	}
	return m
}

// A picture is a view with what follows from it.
type picture struct {
	telegraph.View
	train []release.StageView
	why   release.Failure
	// failing is set if why is one.
	failing bool
	waits   []release.Wait
	headline
}

func pictureOf(v telegraph.View) picture {
	p := picture{View: v, train: v.Record.Train(), waits: v.Record.WaitsFor()}
	p.why, p.failing = v.Record.Failure()
	p.headline = p.announced()
	return p
}

// card also reports whether nothing had to be cut off.
func (f finish) card(p picture) (m Message, whole bool) {
	train := f.train(p.train)
	b := blocks{header(p.mark + " " + releaseTarget(p.View) + ": " + p.words)}
	b.section(f.revisions(p.View))
	b.section(train)
	b.section(joined("\n", f.failure(p), f.waiting(p.waits)))
	b.notes(f.course(p.Record), f.origin(p.Record), f.place(p.View))
	b = append(b, releaseButtons(p))
	return Message{Text: releaseText(p), Blocks: b}, utf8.RuneCountInString(string(train)) <= maxSection
}

// releaseTarget names what is released to what, in plain text.
func releaseTarget(v telegraph.View) string {
	name := v.Record.Pipeline
	if name == "" {
		name = "a pipeline"
	}
	if v.Release.Environment != "" {
		name += " → " + v.Release.Environment
	}
	return plain(name, maxTarget)
}

// releaseText is the card in one sentence, as a phone shows it: "payments:
// failed in Build (Unit tests) – Add refunds, by Dana".
func releaseText(p picture) string {
	s := string(line(releaseTarget(p.View)+": "+p.words, maxFallback/2))
	if p.failing && p.why.Action.Name != "" {
		s += " (" + string(line(p.why.Action.Name, maxName/2)) + ")"
	}
	if what := brought(p.Release); what != "" {
		s += " – " + string(line(what, maxCommit))
	}
	if who := writer(p.Release); who != "" {
		s += ", by " + string(line(who, maxName/2))
	}
	return s
}

// brought is what the release brings, in plain text.
func brought(r notice.Release) string {
	for _, one := range r.Revisions {
		rev := revisionFor(one)
		if s := rev.Subject(); s != "" {
			return s
		}
		if s := rev.Short(); s != "" {
			return s
		}
	}
	return ""
}

// writer is the name of the first who made changes, or of whom we know no name
// the address, without its domain.
func writer(r notice.Release) string {
	for _, a := range r.Authors {
		if a.Name != "" {
			return a.Name
		}
		if name, _, _ := strings.Cut(a.Email, "@"); name != "" {
			return name
		}
	}
	return ""
}

// revisionFor is r in the form that approval cards show.
func revisionFor(r notice.Revision) approval.Revision {
	return approval.Revision{ID: r.ID, Summary: r.Subject, URL: r.URL, Author: r.Author}
}

// revisions shows what is released: the linked id, what it is about, by whom
// and from which branch.
func (f finish) revisions(v telegraph.View) mrkdwn {
	all := v.Release.Revisions
	var lines []mrkdwn
	for i, r := range all[:min(len(all), f.commits)] {
		rev := revisionFor(r)
		id := revisionID(rev, false)
		if len(all) > 1 {
			id = joined(":  ", source(v.Record, i), id)
		}
		lines = append(lines, joined("  ", id, line(rev.Subject(), f.commit())))
		by := ""
		if r.Author == "" && len(all) == 1 {
			by = writer(v.Release)
		} else {
			by = r.Author
		}
		lines = append(lines, f.by(by, r.Branch))
	}
	if more := len(all) - f.commits; more > 0 {
		lines = append(lines, "and "+mrkdwn(count(more, "more revision")))
	}
	return joined("\n", lines...)
}

func (f finish) commit() int { return min(f.sentence, maxCommit) }

// by is "by Dana Whitfield on main".
func (f finish) by(author, branch string) mrkdwn {
	var parts []mrkdwn
	if who := line(author, f.name); who != "" {
		parts = append(parts, "by "+who)
	}
	if on := line(branch, f.name); on != "" {
		parts = append(parts, "on `"+on+"`")
	}
	return joined(" ", parts...)
}

// source is the name of the action that brought revision i.
func source(r release.Record, i int) mrkdwn {
	if i >= len(r.Facts.Revisions) {
		return ""
	}
	return line(r.Facts.Revisions[i].Source, maxName/2)
}
