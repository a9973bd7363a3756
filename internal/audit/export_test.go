package audit_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/signalbox/signalbox/internal/audit"
)

var errDown = errors.New("slow down")

// ledger is a trail in memory; broken is the chain that cannot be read.
type ledger struct {
	chains  map[string][]audit.Entry
	cursors map[string]string
	broken  string
	forgets bool // SetCursor fails
}

func (l *ledger) Chains(context.Context) ([]string, error) {
	var all []string
	for chain := range l.chains {
		all = append(all, chain)
	}
	slices.Sort(all)
	return all, nil
}

func (l *ledger) Entries(_ context.Context, chain string, from int64) ([]audit.Entry, error) {
	if chain == l.broken {
		return nil, errDown
	}
	return l.chains[chain][min(int(from-1), len(l.chains[chain])):], nil
}

func (l *ledger) Cursor(_ context.Context, name string) (string, error) { return l.cursors[name], nil }

func (l *ledger) SetCursor(_ context.Context, name, value string) error {
	if l.forgets {
		return errDown
	}
	l.cursors[name] = value
	return nil
}

// shelf is an archive in memory: how many entries came in each export.
type shelf struct {
	got  []int
	down bool
}

func (s *shelf) Export(_ context.Context, entries []audit.Entry) error {
	if s.down {
		return errDown
	}
	s.got = append(s.got, len(entries))
	return nil
}

func TestExporterCopiesWhatIsNewInPieces(t *testing.T) {
	t.Parallel()
	entries, _ := linked(2100)
	l := &ledger{chains: map[string][]audit.Entry{chain: entries[:2050]}, cursors: map[string]string{}}
	s := &shelf{}
	x := audit.Exporter{Ledger: l, Archive: s}
	for _, upTo := range []int{2050, 2050, 2100} { // the second time nothing is new
		l.chains[chain] = entries[:upTo]
		if err := x.Export(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{1000, 1000, 50, 50}; !slices.Equal(s.got, want) {
		t.Errorf("exports of %v entries, want %v", s.got, want)
	}
}

func TestTroubleWithOneChainDoesNotKeepTheOthers(t *testing.T) {
	t.Parallel()
	entries, _ := linked(3)
	l := &ledger{chains: map[string][]audit.Entry{"a": entries, "b": entries[:2]}, cursors: map[string]string{}, broken: "a"}
	s := &shelf{}
	x := audit.Exporter{Ledger: l, Archive: s}
	if err := x.Export(t.Context()); !errors.Is(err, errDown) || !slices.Equal(s.got, []int{2}) {
		t.Errorf("%v, exports of %v entries", err, s.got)
	}
	l.broken = ""
	if err := x.Export(t.Context()); err != nil || !slices.Equal(s.got, []int{2, 3}) {
		t.Errorf("%v, exports of %v entries", err, s.got)
	}
}

func TestWhatIsNotKnownToBeExportedIsExportedAgain(t *testing.T) {
	t.Parallel()
	entries, _ := linked(2)
	l := &ledger{chains: map[string][]audit.Entry{chain: entries}, cursors: map[string]string{}, forgets: true}
	s := &shelf{}
	x := audit.Exporter{Ledger: l, Archive: s}
	if err := x.Export(t.Context()); !errors.Is(err, errDown) {
		t.Errorf("error %v", err)
	}
	l.forgets = false
	if err := x.Export(t.Context()); err != nil || !slices.Equal(s.got, []int{2, 2}) {
		t.Errorf("%v, exports of %v entries", err, s.got)
	}
	s.down = true
	delete(l.cursors, "export/"+chain)
	if err := x.Export(t.Context()); !errors.Is(err, errDown) || len(l.cursors) > 0 {
		t.Errorf("%v, cursors %v", err, l.cursors)
	}
}
