package slack

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"github.com/signalbox/signalbox/internal/approval"
)

// How much of each outside text a view shows, in characters.
const (
	maxName     = 72
	maxCommit   = 110
	maxLink     = 450 // a redirect of a CodeConnection takes about 320
	maxEnding   = 300
	maxFallback = 300
	maxSentence = 300
	// maxTarget keeps the header below Slack's limit, with its verb.
	maxTarget = 80
)

// maxCard bounds a message, in characters of its JSON. Slack refuses all blocks
// of a message together at a size that it does not publish: apps have met
// msg_blocks_too_long from about 11,300 characters on.
const maxCard = 9500

// A detail says how much of a request a card shows.
type detail struct {
	commits, revisions       int
	images, tests            int
	missing, notes, asides   int
	custom, quoted, sentence int // of CustomData and of sentences: characters, lines, characters
	quorums, names, votes    int
}

// details go from what a card should show to what always fits, however long
// and hostile the outside texts are. The first that fits is taken.
var details = [...]detail{
	{commits: 5, revisions: 3, images: 4, tests: 6, missing: 4, notes: 4, asides: 3, custom: 1000, quoted: 12, sentence: maxSentence, quorums: 10, names: 12, votes: 5},
	{commits: 5, revisions: 2, images: 2, tests: 3, missing: 2, notes: 2, asides: 1, custom: 300, quoted: 4, sentence: 160, quorums: 8, names: 8, votes: 2},
	{commits: 2, revisions: 1, images: 1, tests: 1, missing: 1, notes: 1, custom: 100, quoted: 2, sentence: 80, quorums: 6, names: 4, votes: 1},
	{commits: 1, revisions: 1, custom: 60, quoted: 1, sentence: 60, quorums: 4, names: 2},
}

// ApprovalCard is the message for r. The first post and every later update are
// drawn from r alone, so they cannot disagree. What r cannot be answered with
// any more has no button.
func ApprovalCard(r approval.Request) Message {
	var m Message
	for _, d := range details {
		if m = d.card(r); m.size() <= maxCard {
			break
		}
	}
	return m
}

// size is the length of m in characters, as it is sent.
func (m Message) size() int {
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		return maxCard + 1 // Slack would not take it either
	}
	return utf8.RuneCountInString(m.Text) + utf8.RuneCount(raw)
}

func (d detail) card(r approval.Request) Message {
	o := outcomeOf(r, d)
	b := blocks{header(o.emoji + " " + target(r) + " " + o.verb + o.rest)}
	b.section(o.text)
	if r.State == approval.Pending && answerable(r) && r.Rule.HighRisk {
		b.section(highRisk)
	}
	b.section(d.progress(r))
	b.section(d.changes(r))
	b.section(d.evidence(r.Changes))
	b.notes(d.remarks(r)...)
	if r.State.Final() {
		b.notes(origin(r))
	} else {
		b = append(b, d.question(r)...)
	}
	b.notes(place(r))
	if actions := buttons(r); actions != nil {
		b = append(b, actions)
	}
	return Message{Text: fallback(r, o), Blocks: b}
}

// target names what waits, in plain text: the environment where one is
// configured, or else the action.
func target(r approval.Request) string {
	if r.Environment != "" {
		return plain(r.Pipeline+" → "+r.Environment, maxTarget)
	}
	return plain(r.Pipeline+" · "+r.Name, maxTarget)
}

// fallback is the card in one sentence.
func fallback(r approval.Request, o outcome) string {
	s := string(line(target(r)+" "+o.verb, maxFallback/2))
	if o.who != "" {
		s += " by " + string(line(o.who, maxName))
	}
	s += o.rest
	if r.State == approval.Pending {
		s += string(tally(r))
	}
	if c := newest(r); c != "" {
		s += ": " + string(line(c, maxCommit))
	}
	return s
}

// newest is the newest change in plain text, "3f1c2b4a Add refund endpoint", or
// empty when nothing is known.
func newest(r approval.Request) string {
	switch {
	case len(r.Changes.Commits) > 0:
		return commit(revisionOf(r.Changes.Commits[0]))
	case len(r.Revisions) > 0:
		return commit(r.Revisions[0])
	}
	return ""
}

// place says which action of which execution the card is about, and under
// which rule.
func place(r approval.Request) mrkdwn {
	s := line(r.Pipeline+" / "+r.Stage+" / "+r.Name, 2*maxName)
	if id := short(r.ExecutionID); id != "" {
		s += " · execution " + id
	}
	if r.Policy != "" {
		s += " · rule " + line(r.Policy, maxName)
	}
	return s
}

// short is the first part of an execution's id: the console shows it, and takes
// it in a search.
func short(execution string) mrkdwn {
	id, _, _ := strings.Cut(execution, "-")
	if id == "" {
		return ""
	}
	return "`" + line(id, maxName/2) + "`"
}

// blocks gathers what a view shows. Empty texts, which Slack refuses, are left
// out.
type blocks []slackgo.Block

func (b *blocks) section(m mrkdwn) {
	if m != "" {
		*b = append(*b, section(m))
	}
}

// notes adds lines of small grey text, which make one block.
func (b *blocks) notes(lines ...mrkdwn) {
	if m := joined("\n", lines...); m != "" {
		*b = append(*b, note(m))
	}
}

// joined puts parts together, without those that are empty.
func joined(separator string, parts ...mrkdwn) mrkdwn {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, string(p))
		}
	}
	return mrkdwn(strings.Join(all, separator))
}
