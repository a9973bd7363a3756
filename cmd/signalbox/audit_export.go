package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

// auditExportCmd writes an evidence pack.
type auditExportCmd struct {
	trailFlags `embed:""`
	Execution  string `required:"" placeholder:"ID" help:"The release: the id of the pipeline execution."`
	Out        string `placeholder:"DIR" default:"." help:"Where to write PIPELINE-EXECUTION.html and .json (default: here)."`
}

// Help is shown by --help.
func (auditExportCmd) Help() string {
	return "The page holds the same as the JSON, for people, and needs nothing else to be read or checked. " +
		"Exit status 1: the trail says nothing about the release, or does not verify; then nothing is written."
}

// Run exports.
func (c auditExportCmd) Run(ctx context.Context, w world) error {
	t, err := c.open(ctx, w)
	if err != nil {
		return err
	}
	info, _ := debug.ReadBuildInfo() // nil without module support, which versionOf knows
	return c.export(ctx, w, t, evidence.About{Execution: c.Execution, MadeAt: time.Now(), MadeBy: versionOf(info).Version})
}

// export writes a pack for each chain that knows the execution: one.
func (c auditExportCmd) export(ctx context.Context, w world, t trail, about evidence.About) error {
	chains, err := c.chains(ctx, t)
	if err != nil {
		return err
	}
	for _, chain := range chains {
		r, err := read(ctx, t, chain)
		if err != nil {
			return err
		}
		pack, err := evidence.New(r.entries, r.head, about)
		if errors.Is(err, evidence.ErrNoEntries) {
			continue
		}
		if err != nil {
			return err
		}
		if problems := audit.Verify(r.entries, &r.head); len(problems) > 0 {
			return errors.Join(checked{Name: chain, Problems: problems}.print(w.stderr), errNo)
		}
		return c.write(w, pack)
	}
	if _, err := fmt.Fprintf(w.stderr, "Nothing is recorded about execution %s.\n", c.Execution); err != nil {
		return err
	}
	return errNo
}

func (c auditExportCmd) write(w world, p evidence.Pack) error {
	base := filepath.Join(c.Out, packName(p))
	for _, form := range []struct {
		extension string
		encode    func() ([]byte, error)
	}{{".html", p.HTML}, {".json", p.JSON}} {
		raw, err := form.encode()
		if err != nil {
			return err
		}
		if err := replace(base+form.extension, raw); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w.stdout, base+form.extension); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w.stdout, "%s about the release, up to number %d of %s\n  %s\n", count(len(p.Entries), "entry", "entries"), p.Head.Seq, p.Head.Chain, p.Head.Hash)
	return err
}

// unfit is what the name of a file should not have.
var unfit = regexp.MustCompile(`[^A-Za-z0-9_@-]+`)

func packName(p evidence.Pack) string {
	return unfit.ReplaceAllString(filepath.Base(p.Head.Chain)+"-"+p.Execution, "_")
}
