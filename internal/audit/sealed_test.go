package audit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/audit"
)

// split shows the entries of the first execution only.
func split(entries []audit.Entry) (shown []audit.Entry, seals []audit.Seal) {
	for _, e := range entries {
		if e.Execution == full().Execution {
			shown = append(shown, e)
		} else {
			seals = append(seals, e.Seal())
		}
	}
	return shown, seals
}

func TestASealedChainVerifies(t *testing.T) {
	t.Parallel()
	for n := range 7 {
		entries, head := linked(n)
		shown, seals := split(entries)
		if got := audit.VerifySealed(full().Execution, shown, seals, head); got != nil {
			t.Errorf("%d entries: %v", n, got)
		}
	}
}

// TestSealsCannotBeTamperedWith is why a seal has more than a hash: that alone
// would connect any entry to any chain.
func TestSealsCannotBeTamperedWith(t *testing.T) {
	t.Parallel()
	entries, head := linked(8)
	for i := range 4 {
		for what, change := range map[string]func([]audit.Entry, []audit.Seal) ([]audit.Entry, []audit.Seal){
			"another content": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) {
				s[i].Content = strings.Repeat("0", 64)
				return e, s
			},
			"another release": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) {
				s[i].Release = strings.Repeat("0", 64)
				return e, s
			},
			"another number": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) { s[i].Seq++; return e, s },
			"a seal removed": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) {
				return e, slices.Delete(s, i, i+1)
			},
			"a seal twice": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) {
				return e, slices.Insert(s, i, s[i])
			},
			"an entry left": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) {
				return slices.Delete(e, i, i+1), s
			},
			"an entry forged": func(e []audit.Entry, s []audit.Seal) ([]audit.Entry, []audit.Seal) {
				forged := e[i]
				forged.Verdict = "reject"
				e[i], _ = audit.Next(audit.Head{Chain: chain, Seq: forged.Seq - 1, Hash: forged.Prev}, forged)
				return e, s
			},
		} {
			shown, seals := split(slices.Clone(entries))
			shown, seals = change(shown, seals)
			if audit.VerifySealed(full().Execution, shown, seals, head) == nil {
				t.Errorf("%s at %d verifies", what, i)
			}
		}
	}
}

func TestAnEntryOfTheReleaseCannotHideBehindASeal(t *testing.T) {
	t.Parallel()
	entries, head := linked(6)
	shown, seals := split(entries)
	seals = slices.Insert(seals, 1, shown[1].Seal())
	got := audit.VerifySealed(full().Execution, slices.Delete(shown, 1, 2), seals, head)
	if len(got) != 1 || got[0].Text != "Entry 3 is about this execution, and is not shown." || got[0].Seq != 3 {
		t.Errorf("problems %v", got)
	}
}

func TestAnEntryOfAnotherReleaseIsNotShown(t *testing.T) {
	t.Parallel()
	entries, head := linked(2)
	got := audit.VerifySealed(full().Execution, entries, nil, head)
	if len(got) != 1 || !strings.HasPrefix(got[0].Text, "Entry 2 is about another execution") {
		t.Errorf("problems %v", got)
	}
}

func TestASealIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	entries, _ := linked(1)
	want := entries[0].Seal()
	text, err := want.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var got audit.Seal
	if err := got.UnmarshalText(text); err != nil || got != want || len(text) != len("1 ")+64+len(" ")+64 {
		t.Errorf("%q read as %+v, %v", text, got, err)
	}
	for _, bad := range []string{"", "1", "1 a", "x a b", "1 a b c", "1  a b"} {
		if err := got.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is read as a seal", bad)
		}
	}
}

func TestAForeignEntryIsNamed(t *testing.T) {
	t.Parallel()
	entries, head := linked(1)
	head.Chain = "1/x/other"
	got := audit.VerifySealed(full().Execution, entries, nil, head)
	if len(got) != 2 || !strings.Contains(got[0].Text, "is not of this chain") || !strings.Contains(got[1].Text, "cut off") {
		t.Errorf("problems %v", got)
	}
}
