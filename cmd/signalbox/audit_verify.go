package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/signalbox/signalbox/internal/audit"
)

// auditVerifyCmd recomputes every hash.
type auditVerifyCmd struct {
	Files      []string `arg:"" optional:"" name:"file" help:"Evidence packs, or files of entries; - reads standard input. Without any the chains in the table are checked."`
	trailFlags `embed:""`
	JSON       bool `name:"json" help:"Print the result as JSON."`
}

// Help is shown by --help.
func (auditVerifyCmd) Help() string {
	return "Files are checked by themselves; with --table it is also checked that their chain is the one in the table. " +
		"Exit status 0: everything verifies. 1: something does not, and what is printed. See docs/audit.md for what that proves."
}

// A checked is the result for one chain or file.
type checked struct {
	// Name is the file, or else the chain.
	Name string     `json:"name"`
	Head audit.Head `json:"head"`
	// Entries counts those in full, and Sealed those of which there are only
	// hashes.
	Entries   int             `json:"entries"`
	Sealed    int             `json:"sealed,omitempty"`
	Execution string          `json:"execution,omitempty"`
	Problems  []audit.Problem `json:"problems"`

	pack, whole, compared bool
}

// Run verifies.
func (c auditVerifyCmd) Run(ctx context.Context, w world) error {
	var t trail
	if len(c.Files) == 0 || c.Table != "" {
		var err error
		if t, err = c.open(ctx, w); err != nil {
			return err
		}
	}
	return c.verify(ctx, w, t)
}

// verify checks files or, without any, chains. t is nil when the files are not
// to be compared with a table.
func (c auditVerifyCmd) verify(ctx context.Context, w world, t trail) error {
	var results []checked
	for _, name := range c.Files {
		f, err := readAuditFile(w, name)
		if err != nil {
			return err
		}
		r := f.check()
		if t != nil && r.Head.Chain != "" {
			if err := r.compare(ctx, t); err != nil {
				return err
			}
		}
		results = append(results, r)
	}
	if len(c.Files) == 0 {
		chains, err := c.chains(ctx, t)
		if err != nil {
			return err
		}
		for _, chain := range chains {
			r, err := read(ctx, t, chain)
			if err != nil {
				return err
			}
			results = append(results, checked{
				Name: chain, Head: r.head, Entries: len(r.entries), Problems: audit.Verify(r.entries, &r.head), whole: true,
			})
		}
	}
	return c.report(w, results)
}

// compare looks for the head of a file in the table.
func (r *checked) compare(ctx context.Context, t trail) error {
	all, err := read(ctx, t, r.Head.Chain)
	if err != nil {
		return err
	}
	r.compared = true
	for _, e := range all.entries {
		if e.Seq == r.Head.Seq && e.Hash == r.Head.Hash {
			r.Problems = append(r.Problems, audit.Verify(all.entries, &all.head)...)
			return nil
		}
	}
	r.Problems = append(r.Problems, audit.Problem{Seq: r.Head.Seq, Text: fmt.Sprintf(
		"The table has another history: its entry %d is not the one that this ends with.", r.Head.Seq)})
	return nil
}

func (c auditVerifyCmd) report(w world, results []checked) error {
	bad := false
	var errs []error
	for i, r := range results {
		bad = bad || len(r.Problems) > 0
		if r.Problems == nil {
			results[i].Problems = []audit.Problem{} // [] rather than null
		}
		if !c.JSON {
			errs = append(errs, r.print(w.stdout))
		}
	}
	if c.JSON {
		errs = append(errs, printJSON(w.stdout, results))
	}
	if err := errors.Join(errs...); err != nil || !bad {
		return err
	}
	return errNo
}

// print writes r for people.
func (r checked) print(out io.Writer) error {
	if len(r.Problems) > 0 {
		_, err := fmt.Fprintf(out, "%s does not verify: %s\n", oneLine(r.Name), count(len(r.Problems), "problem", "problems"))
		for _, p := range r.Problems {
			_, more := fmt.Fprintf(out, "  %s\n", oneLine(p.Text))
			err = errors.Join(err, more)
		}
		return err
	}
	_, err := fmt.Fprintf(out, "%s verifies: %s, up to number %d of %s\n  %s\n  %s\n", oneLine(r.Name), r.what(), r.Head.Seq, oneLine(r.Head.Chain), oneLine(r.Head.Hash), r.meaning())
	return err
}

func (r checked) what() string {
	if r.pack {
		return fmt.Sprintf("%s about execution %s, %s", count(r.Entries, "entry", "entries"), oneLine(r.Execution), count(r.Sealed, "sealed", "sealed"))
	}
	return count(r.Entries, "entry", "entries")
}

// meaning says what has been checked, and what not.
func (r checked) meaning() string {
	switch {
	case r.whole:
		return "Every entry is there, in its place, as it was written."
	case r.compared && r.pack:
		return "Nothing in the file has been changed, nothing about the release is left out, and the table has the same history."
	case r.compared:
		return "Every entry is there, in its place, as it was written, and the table has the same history."
	case r.pack:
		return "Nothing in the file has been changed, and nothing about the release is left out. Compare the head with the table (--table) or the archive."
	}
	return "Every entry up to the last one is there, in its place, as it was written. Whether more should follow, only the table (--table) knows."
}
