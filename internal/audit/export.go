package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// exportAtOnce is how many entries one object holds at most.
const exportAtOnce = 1000

// A Ledger remembers chains, and how far each has been exported.
type Ledger interface {
	// Chains lists every chain there is.
	Chains(ctx context.Context) ([]string, error)
	// Entries lists the entries of a chain from a sequence number on.
	Entries(ctx context.Context, chain string, from int64) ([]Entry, error)
	// Cursor reads where something was left off, empty at first; SetCursor
	// writes it.
	Cursor(ctx context.Context, name string) (string, error)
	SetCursor(ctx context.Context, name, value string) error
}

// An Archive keeps entries where nobody can change them.
type Archive interface {
	// Export keeps entries that follow upon each other in one chain. Exporting
	// the same entries again changes nothing.
	Export(ctx context.Context, entries []Entry) error
}

// An Exporter copies what is new in every chain to an archive.
type Exporter struct {
	Ledger  Ledger
	Archive Archive
}

// Export copies the entries that have come since the last time. Trouble with one
// chain does not keep the others from being exported; what is left over comes
// with the next call.
func (x Exporter) Export(ctx context.Context) error {
	chains, err := x.Ledger.Chains(ctx)
	if err != nil {
		return fmt.Errorf("list the chains of the audit trail: %w", err)
	}
	var errs []error
	for _, chain := range chains {
		if err := x.chain(ctx, chain); err != nil {
			errs = append(errs, fmt.Errorf("export the audit trail of %s: %w", chain, err))
		}
	}
	return errors.Join(errs...)
}

func (x Exporter) chain(ctx context.Context, chain string) error {
	name := "export/" + chain
	cursor, err := x.Ledger.Cursor(ctx, name)
	if err != nil {
		return err
	}
	last, err := strconv.ParseInt("0"+cursor, 10, 64)
	if err != nil {
		return fmt.Errorf("read how far it has come: %w", err)
	}
	entries, err := x.Ledger.Entries(ctx, chain, last+1)
	if err != nil {
		return err
	}
	for len(entries) > 0 {
		some := entries[:min(len(entries), exportAtOnce)]
		entries = entries[len(some):]
		if err := x.Archive.Export(ctx, some); err != nil {
			return err
		}
		if err := x.Ledger.SetCursor(ctx, name, strconv.FormatInt(some[len(some)-1].Seq, 10)); err != nil {
			return err
		}
	}
	return nil
}
