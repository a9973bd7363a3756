package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

// An auditFile is a file with audit entries: an evidence pack as a page or
// JSON, or plain entries as `audit show --json` prints and the archive keeps
// them.
type auditFile struct {
	name string
	raw  []byte
	// entries is nil for a pack.
	entries []audit.Entry
}

// readAuditFile reads a file, or standard input for "-".
func readAuditFile(w world, name string) (auditFile, error) {
	f := auditFile{name: name}
	var err error
	if name == "-" {
		f.name = "<stdin>"
		f.raw, err = io.ReadAll(w.stdin)
	} else {
		f.raw, err = os.ReadFile(name)
	}
	if err != nil {
		return auditFile{}, fmt.Errorf("read the audit entries: %w", err)
	}
	f.entries = plainEntries(f.raw)
	return f, nil
}

// plainEntries reads entries one after the other or in a list, and returns nil
// when raw is neither. Objects of the archive may overlap, where an export was
// broken off and repeated; so what comes again exactly as before is left out.
func plainEntries(raw []byte) []audit.Entry {
	var all []audit.Entry
	if json.Unmarshal(raw, &all) == nil && len(all) > 0 {
		return all
	}
	seen := map[int64]audit.Entry{}
	for d := json.NewDecoder(bytes.NewReader(raw)); ; {
		var e audit.Entry
		switch err := d.Decode(&e); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil || e.Chain == "":
			return nil // a pack is an object too, but of no chain
		}
		if before, again := seen[e.Seq]; again && reflect.DeepEqual(before, e) {
			continue
		}
		seen[e.Seq] = e
		all = append(all, e)
	}
}

// shown is what the file tells, whether or not it verifies.
func (f auditFile) shown() ([]audit.Entry, error) {
	if f.entries != nil {
		return f.entries, nil
	}
	p, err := evidence.ReadPack(f.raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return p.Entries, nil
}

// check verifies the file by itself.
func (f auditFile) check() checked {
	if f.entries == nil {
		p, problems := evidence.Verify(f.raw)
		return checked{Name: f.name, Head: p.Head, Entries: len(p.Entries), Sealed: len(p.Seals), Execution: p.Execution, Problems: problems, pack: true}
	}
	c := checked{Name: f.name, Entries: len(f.entries), Problems: audit.Verify(f.entries, nil)}
	if n := len(f.entries); n > 0 {
		c.Head = f.entries[n-1].Head()
	}
	return c
}
