package notice

import (
	"strconv"
	"strings"
	"time"
)

// values are the names that a template may use, with what each stands for and
// how to read it. A value that is not known is empty.
var values = []struct {
	name, meaning string
	read          func(Telling) string
}{
	{"pipeline", "the pipeline", func(t Telling) string { return t.Release.Pipeline }},
	{"execution", "the id of the execution", func(t Telling) string { return t.Release.Execution }},
	{"account", "the AWS account", func(t Telling) string { return t.Release.Account }},
	{"region", "the AWS Region", func(t Telling) string { return t.Release.Region }},
	{"environment", "the environment, as the configuration calls it", func(t Telling) string { return t.Release.Environment }},
	{"state", "how the release stands, in CodePipeline's word", func(t Telling) string { return string(t.Release.State) }},
	{"attempt", "1 for the first run, 2 for the first retry", func(t Telling) string { return strconv.Itoa(max(t.Reply.Attempt, 1)) }},
	{"stage", "the stage that it is about", func(t Telling) string { return t.Reply.Stage }},
	{"stage.next", "the stage that began after it", func(t Telling) string { return t.Reply.Next }},
	{"stage.duration", "how long the stage took", func(t Telling) string { return took(t.stage().Began, t.stage().Ended) }},
	{"action", "the action that it is about", func(t Telling) string { return t.Reply.Action }},
	{"duration", "how long the release has taken", func(t Telling) string { return t.elapsed() }},
	{"usual", "how long such a release usually takes", func(t Telling) string { return spanOf(t.Release.Usual) }},
	{"branch", "the branch", func(t Telling) string { return t.Release.Branch() }},
	{"commit.id", "the commit, in full", func(t Telling) string { return t.Release.first().ID }},
	{"commit.short", "the first seven characters of the commit", func(t Telling) string { return short(t.Release.first().ID) }},
	{"commit.subject", "the first line of its message", func(t Telling) string { return t.Release.first().Subject }},
	{"commit.author", "who wrote it", func(t Telling) string { return t.Release.first().Author }},
	{"commit.url", "where to read it", func(t Telling) string { return link(t.Release.first().URL) }},
	{"error", "the error code of the action that failed", func(t Telling) string { return t.action().ErrorCode }},
	{"reason", "why it failed or was stopped", func(t Telling) string { return t.reason() }},
	{"rolls_back_to", "the execution that a roll-back returns to", func(t Telling) string { return t.Release.RollsBackTo }},
	{"superseded_by", "the execution that it gave way to", func(t Telling) string { return t.Release.SupersededBy }},
}

// A Telling is one reply about a release as it is put into words.
type Telling struct {
	Release Release
	Reply   Reply
	Now     time.Time
}

func (t Telling) stage() Stage   { return t.Release.stage(t.Reply.Stage) }
func (t Telling) action() Action { return t.stage().action(t.Reply.Action) }

func (t Telling) reason() string {
	if t.Reply.Kind == Stopped {
		return t.Release.StopReason
	}
	return t.action().Summary
}

// elapsed is how long the release took, or has taken so far.
func (t Telling) elapsed() string {
	if t.Release.State.ended() {
		return took(t.Release.Began, t.Release.Ended)
	}
	return took(t.Release.Began, t.Now)
}

// value reads one of values, ready for people but not escaped.
func (t Telling) value(name string) string {
	for _, v := range values {
		if v.name == name {
			return clean(v.read(t), limitOf(name))
		}
	}
	return ""
}

// maxLink is how long a link may be, in bytes: what Slack allows a button.
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const maxLink = 3000

// limitOf is how long a value may be, in characters. Links are not cut: one
// that is leads elsewhere.
func limitOf(name string) int {
	switch name {
	case "commit.url":
		return maxLink
	case "reason":
		return maxReason
	case "commit.subject":
		return maxSubject
	}
	return maxName
}

// link is url, or nothing unless it leads to the web and can stand in a link of
// Slack, which > and | end.
func link(url string) string {
	web := strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
	if !web || len(url) > maxLink || strings.ContainsAny(url, "<>|\" \n\t") {
		return ""
	}
	return url
}

func took(began, ended time.Time) string {
	if began.IsZero() || ended.Before(began) {
		return ""
	}
	return spanOf(ended.Sub(began))
}

func spanOf(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return Span(d)
}

func short(id string) string {
	runes := []rune(id)
	return string(runes[:min(len(runes), 7)])
}
