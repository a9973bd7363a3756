package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/signalbox/signalbox/internal/redrive"
)

// A redrivePrinter tells people what the redrive command finds and does. It
// keeps the first error of its output.
type redrivePrinter struct {
	out io.Writer
	err error
}

func (p *redrivePrinter) say(format string, args ...any) {
	_, err := fmt.Fprintf(p.out, format, args...)
	p.err = errors.Join(p.err, err)
}

// listed prints the letters that were seen of a queue in which there is backlog
// in all.
func (p *redrivePrinter) listed(queue string, letters []redrive.Letter, backlog redrive.Backlog) {
	all := max(backlog.Ready+backlog.Hidden, len(letters))
	if all == 0 {
		p.say("%s: none\n\n", queue)
		return
	}
	p.say("%s: %s", queue, count(all, "dead letter", "dead letters"))
	if len(letters) > 0 {
		oldest := slices.MinFunc(letters, func(a, b redrive.Letter) int { return a.At.Compare(b.At) })
		p.say(", the oldest of %s", oldest.At.UTC().Format("2006-01-02 15:04 UTC"))
	}
	p.say("\n")
	t := tabwriter.NewWriter(p.out, 0, 0, 3, ' ', 0)
	table := redrivePrinter{out: t}
	for _, l := range letters {
		table.say("  %s\t%s\t%s\n", l.At.UTC().Format("2006-01-02 15:04:05"), oneLine(l.Kind), letterLine(l))
	}
	p.err = errors.Join(p.err, table.err, t.Flush())
	if more := all - len(letters); more > 0 {
		p.say("  and about %d more, behind these or in somebody else's hands\n", more)
	}
	p.say("\n")
}

// maxShown is how many characters of what a letter is about are shown.
const maxShown = 240

func letterLine(l redrive.Letter) string {
	text := oneLine(l.About)
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown]) + "…"
	}
	switch {
	case l.Left != "":
		text += " (would stay: " + l.Left + ")"
	case l.Stale:
		text += " (would be dropped: the next has done its work)"
	}
	return text
}

// moved prints what has become of the letters of a queue.
func (p *redrivePrinter) moved(queue string, r redrive.Report) {
	said := []string{count(r.Moved, "dead letter", "dead letters") + " handed out again"}
	if r.Dropped > 0 {
		said = append(said, fmt.Sprintf("%d dropped, whose work has been done since", r.Dropped))
	}
	if len(r.Left) > 0 {
		said = append(said, fmt.Sprintf("%d stayed:", len(r.Left)))
	}
	p.say("%s: %s\n", queue, strings.Join(said, ", "))
	for _, l := range r.Left {
		p.say("  %s  %s: %s\n", oneLine(l.ID), oneLine(l.About), l.Left)
	}
}

// left prints what is in a queue at the end.
func (p *redrivePrinter) left(queue string, b redrive.Backlog) {
	if n := b.Ready + b.Hidden; n > 0 {
		p.say("%s: about %d left\n", queue, n)
		return
	}
	p.say("%s: nothing left\n", queue)
}
