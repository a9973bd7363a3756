package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

// A table writes lines whose cells, which tabs separate, stand under each
// other. It keeps the first failure until the end.
type table struct {
	*tabwriter.Writer
	errs []error
}

func newTable(out io.Writer) *table { return &table{Writer: tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)} }

func (t *table) say(format string, args ...any) {
	_, err := fmt.Fprintf(t, format, args...)
	t.errs = append(t.errs, err)
}

// done writes what is left, and reports whether all could be written.
func (t *table) done() error { return errors.Join(append(t.errs, t.Flush())...) }

// describe writes what r asks of whom.
func describe(t *table, r approval.Rule) {
	t.say("\nAsked in %s%s. %s\n", r.Channel, suffix(" for ", r.Environment), takes(r))
	for _, q := range r.Quorums {
		name := q.Name
		for _, p := range q.People {
			t.say("  %s%s\t%s\n", suffixed(name, "\t"), p.Name, doors(p))
			name = blank(name)
		}
		for _, g := range q.Groups {
			t.say("  %s%s\t%s\n", suffixed(name, "\t"), "Slack user group "+g, "whoever is in it then")
			name = blank(name)
		}
	}
	if lines := terms(r); len(lines) > 0 {
		t.say("\n%s\n", strings.Join(lines, "\n"))
	}
}

// takes says how many of whom it takes.
func takes(r approval.Rule) string {
	if len(r.Quorums) == 1 && r.Quorums[0].Need == 1 && r.Quorums[0].Name == "" {
		return "Any one of these may answer:"
	}
	parts := make([]string, len(r.Quorums))
	for i, q := range r.Quorums {
		parts[i] = fmt.Sprintf("%d of %s", q.Need, q.Name)
	}
	return "It takes " + listed(parts) + ", all different people:"
}

// terms are the sentences about everything else in r.
func terms(r approval.Rule) []string {
	var all []string
	add := func(is bool, sentence string) {
		if is {
			all = append(all, sentence)
		}
	}
	add(len(r.BreakGlass) > 0, people.Names(r.BreakGlass, "or")+" may break the glass: pass it alone, with a reason.")
	add(r.HighRisk, "High risk: a click in Slack has to be confirmed through the person's own link.")
	add(r.Self.Allow, "People may approve their own releases.")
	add(!r.Self.Allow, "Nobody approves what they started, wrote or committed.")
	add(!r.Self.Allow && r.Self.AllowUnknownStarter, "It may have been started by somebody who is not under people.")
	add(r.Self.RefuseUnknownAuthor, "It may not have changes by somebody who is not under people.")
	add(r.ReasonToApprove, "An approval needs a reason.")
	add(r.RejectSilently, "A rejection needs no reason.")
	waits := make([]string, len(r.Remind))
	for i, d := range r.Remind {
		waits[i] = short(d)
	}
	add(len(waits) > 0, "Reminders go out after "+listed(waits)+".")
	for _, e := range r.Escalate {
		if e.For == "" {
			add(true, fmt.Sprintf("After %s, it is brought to %s.", short(e.After), people.Names(e.To, "and")))
			continue
		}
		add(true, fmt.Sprintf("After %s, %s can answer for %s.", short(e.After), people.Names(e.To, "or"), e.For))
	}
	add(r.Expire > 0, "Rejected after "+short(r.Expire)+" without enough approvals.")
	outside := "an approval outside of them is held until then"
	if r.RefuseOutside {
		outside = "approvals outside of them are refused"
	}
	add(len(r.Hours.Windows)+len(r.Hours.Holidays) > 0, "Releases start "+r.Hours.String()+"; "+outside+".")
	return append(all, told(r.Tell)...)
}

func told(t approval.Tell) []string {
	var all []string
	if t.NoMail {
		all = append(all, "No mails are sent.")
	}
	if t.Direct {
		all = append(all, "Each approver also gets a direct message.")
	}
	if len(t.Mention) > 0 {
		all = append(all, "The card mentions "+listed(t.Mention)+" instead of the approvers.")
	}
	return all
}

// short prints a duration as the configuration has it: "90m", "24h", "7d".
func short(d time.Duration) string {
	switch {
	case d >= 72*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}

// doors lists how a person can answer.
func doors(p people.Person) string {
	var names []string
	if p.Slack != "" {
		names = append(names, "Slack "+p.Slack)
	}
	if p.Email != "" {
		names = append(names, "e-mail "+p.Email)
	}
	return strings.Join(names, ", ")
}

// listed joins words as "a, b and c".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func suffix(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

// suffixed is s and what follows it, unless there is no s.
func suffixed(s, after string) string {
	if s == "" {
		return ""
	}
	return s + after
}

// blank is a cell under another one of the same.
func blank(name string) string {
	if name == "" {
		return ""
	}
	return " "
}
