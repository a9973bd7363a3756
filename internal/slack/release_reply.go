package slack

import (
	"strings"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

const (
	// maxSaid bounds what a reply says, in characters: with those whom it calls
	// it has to fit into a section.
	maxSaid = 2400
	// maxTemplateValue bounds a value in a route's own words. Links are the
	// longest.
	maxTemplateValue = 3000
)

// ReleaseReply is the message for s. Unlike a card it is posted once and never
// changes, so the people that it mentions are called once. alone is set where
// no card stands above it.
func ReleaseReply(s telegraph.Saying, alone bool) Message {
	var m Message
	for _, e := range excerpts {
		if m = e.reply(s, alone); m.size() <= maxCard {
			break
		}
	}
	return m
}

func (e excerpt) reply(s telegraph.Saying, alone bool) Message {
	text := joined(" ", spoken(s), summons(s.Mention))
	var b blocks
	if alone {
		b.section(joined("\n", "*"+bold(line(releaseTarget(s.View), maxTarget))+"*", text))
		b.section(finishes[1].revisions(s.View))
	} else {
		b.section(text)
	}
	if s.Failure != nil {
		b.failure(*s.Failure, e)
	}
	b.notes(replyLinks(s, alone), replyPlace(s, alone))
	if name := line(s.Record.Pipeline, maxName); !strings.Contains(string(text), string(name)) {
		text = name + ": " + text // a phone shows nothing else
	}
	return Message{Text: string(text), Blocks: b}
}

// spoken is what s says. A route's own words may come to more than fits: then
// ours do.
func spoken(s telegraph.Saying) mrkdwn {
	tell := notice.Telling{Release: s.Release, Reply: s.Reply, Now: s.Now}
	if s.Delivery.Templates[s.Kind] != "" {
		text := tell.Text(s.Delivery, func(v string) string { return string(line(v, maxTemplateValue)) })
		if utf8.RuneCountInString(text) <= maxSaid {
			return mrkdwn(text)
		}
	}
	text := tell.Text(notice.Delivery{}, func(v string) string { return string(line(v, maxSentence)) })
	return mrkdwn(kindMark(s.Kind) + " " + text)
}

// kindMark is the emoji of what a reply is about.
func kindMark(k notice.Kind) string {
	switch k {
	case notice.Started:
		return "🔵"
	case notice.StageStarted:
		return "🔁"
	case notice.Approval:
		return mark(release.Waiting)
	case notice.Stuck:
		return "🐢"
	case notice.Failed:
		return mark(release.Failed)
	case notice.Rejected:
		return "⛔"
	case notice.RolledBack:
		return "↩️"
	case notice.Superseded:
		return mark(release.GaveWay)
	case notice.Stopped:
		return mark(release.Stopped)
	case notice.Fixed, notice.StageSucceeded, notice.Succeeded:
	}
	return mark(release.Succeeded)
}

// summons are those whom a reply calls by name.
func summons(all []notice.Who) mrkdwn {
	var names []mrkdwn
	for _, w := range all[:min(len(all), maxCalled)] {
		if w.Group != "" {
			names = append(names, rung.group(w.Group))
		} else {
			names = append(names, rung.person(w.Person))
		}
	}
	return joined(" ", names...)
}

// replyPlace names the execution where nothing else does.
func replyPlace(s telegraph.Saying, alone bool) mrkdwn {
	if !alone {
		return ""
	}
	return finishes[1].place(s.View)
}

// replyLinks lead to what there is to look at.
func replyLinks(s telegraph.Saying, alone bool) mrkdwn {
	var all []mrkdwn
	add := func(address string, label mrkdwn) {
		if l := link(address, maxBuildLink, label); l != label {
			all = append(all, l)
		}
	}
	if alone {
		add(s.Card, "Card")
	}
	if !s.Kind.Loud() && !alone {
		return joined(" · ", all...)
	}
	if s.Failure != nil {
		add(s.Failure.URL, "Build")
		add(s.Failure.LogURL, "Log")
	} else {
		add(actionOf(s).URL, "Details")
	}
	add(executionURL(s.Record.ExecutionID), "Pipeline")
	if r := changed(s.Release); r.URL != "" {
		add(r.URL, "Commit")
		add(diffURL(r), "Diff")
	}
	return joined(" · ", all...)
}

// actionOf is the action that s is about.
func actionOf(s telegraph.Saying) release.ActionView {
	for _, stage := range s.Record.Train() {
		for _, g := range stage.Groups {
			for _, a := range g {
				if stage.Name == s.Stage && a.Name == s.Action {
					return a
				}
			}
		}
	}
	return release.ActionView{}
}

// changed is the first revision that can be looked at.
func changed(r notice.Release) notice.Revision {
	for _, one := range r.Revisions {
		if _, ok := httpsURL(one.URL, maxLink); ok {
			return one
		}
	}
	return notice.Revision{}
}

// diffURL is where GitHub shows what a commit changed against the one before
// it, of a merge all that was merged; empty for other places, whose pages of a
// commit show that themselves.
func diffURL(r notice.Revision) string {
	u, ok := httpsURL(r.URL, maxLink)
	path, github := strings.CutPrefix(u, "https://github.com/")
	parts := strings.Split(path, "/") // owner, repository, "commit", id
	if !ok || !github || len(parts) != 4 || parts[2] != "commit" || !only(parts[3], hexadecimal) {
		return ""
	}
	return "https://github.com/" + parts[0] + "/" + parts[1] + "/compare/" + parts[3] + "%5E..." + parts[3]
}

func hexadecimal(c byte) bool { return digit(c) || c >= 'a' && c <= 'f' }
