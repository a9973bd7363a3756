package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

// auditShowCmd prints entries in the order in which they were recorded.
type auditShowCmd struct {
	File       string `arg:"" optional:"" help:"An evidence pack, or a file of entries; - reads standard input. Without it the table is read."`
	trailFlags `embed:""`
	Execution  string `placeholder:"ID" help:"Only this release: the id of the pipeline execution."`
	JSON       bool   `name:"json" help:"Print the entries as JSON, with their hashes."`
}

// Help is shown by --help.
func (auditShowCmd) Help() string {
	return "Prints what is recorded and checks nothing; for that there is `signalbox audit verify`. Exit status 1: there is nothing to show."
}

// Run shows.
func (c auditShowCmd) Run(ctx context.Context, w world) error {
	if c.File != "" {
		f, err := readAuditFile(w, c.File)
		if err != nil {
			return err
		}
		entries, err := f.shown()
		if err != nil {
			return err
		}
		return c.print(w, c.filter(entries))
	}
	t, err := c.open(ctx, w)
	if err != nil {
		return err
	}
	return c.fromTable(ctx, w, t)
}

func (c auditShowCmd) fromTable(ctx context.Context, w world, t trail) error {
	chains, err := c.chains(ctx, t)
	if err != nil {
		return err
	}
	var all []audit.Entry
	for _, chain := range chains {
		entries, err := t.Entries(ctx, chain, 1)
		if err != nil {
			return err
		}
		all = append(all, c.filter(entries)...)
	}
	return c.print(w, all)
}

func (c auditShowCmd) filter(entries []audit.Entry) []audit.Entry {
	var kept []audit.Entry
	for _, e := range entries {
		if c.Execution == "" || e.Execution == c.Execution {
			kept = append(kept, e)
		}
	}
	return kept
}

func (c auditShowCmd) print(w world, entries []audit.Entry) error {
	var err error
	switch {
	case c.JSON:
		err = printJSON(w.stdout, append([]audit.Entry{}, entries...)) // [] rather than null
	case len(entries) > 0:
		err = printEntries(w.stdout, entries)
	default:
		_, err = fmt.Fprintln(w.stderr, "Nothing is recorded about that.")
	}
	if err == nil && len(entries) == 0 {
		return errNo
	}
	return err
}

// printEntries writes a timeline with a heading for each chain.
func printEntries(out io.Writer, entries []audit.Entry) error {
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	var errs []error
	say := func(format string, args ...any) {
		_, err := fmt.Fprintf(t, format, args...)
		errs = append(errs, err)
	}
	chain, execution := "", ""
	for i, e := range entries {
		if i == 0 || e.Chain != chain || e.Execution != execution {
			if i > 0 {
				say("\n")
			}
			say("%s  %s\n", oneLine(e.Chain), oneLine(e.Execution))
			chain, execution = e.Chain, e.Execution
		}
		say("  %d\t%s\t%s\t%s\t%s\n", e.Seq, e.At.UTC().Format("2006-01-02 15:04:05"), oneLine(evidence.Label(e.Kind)), oneLine(evidence.Who(e)), oneLine(sentence(e)))
	}
	return errors.Join(append(errs, t.Flush())...)
}

// sentence is what happened, with the actor's own words.
func sentence(e audit.Entry) string {
	s := evidence.Sentence(e)
	if e.Reason != "" && !strings.Contains(s, e.Reason) {
		s += " “" + e.Reason + "”"
	}
	return s
}

// oneLine keeps s from looking like more than one cell of a table, and from
// commanding the terminal.
func oneLine(s string) string { return strings.Join(strings.Fields(evidence.Plain(s)), " ") }
