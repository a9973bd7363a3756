package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

func TestVerifyChecksEveryChain(t *testing.T) {
	t.Parallel()
	code, stdout, _ := with(t, func(ctx context.Context, w world) error { return auditVerifyCmd{}.verify(ctx, w, recordedDay()) })
	if code != exitOK || !strings.HasPrefix(stdout, payments+" verifies: 1 entry, up to number 1") || !strings.Contains(stdout, shop+" verifies: 4 entries") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
}

func TestVerifySaysWhichEntryIsWrong(t *testing.T) {
	t.Parallel()
	for want, tamper := range map[string]func(*history){
		"Entry 3 has been changed": func(h *history) { h.chains[shop][2].Actor.Name = "Lee Okafor" },
		"Entry 2 is missing":       func(h *history) { h.chains[shop] = slices.Delete(h.chains[shop], 1, 2) },
		"The end is cut off":       func(h *history) { h.chains[shop] = h.chains[shop][:3] },
	} {
		h := recordedDay()
		tamper(h)
		code, stdout, _ := with(t, func(ctx context.Context, w world) error { return auditVerifyCmd{}.verify(ctx, w, h) })
		if code != exitNo || !strings.Contains(stdout, shop+" does not verify: 1 problem\n  "+want) {
			t.Errorf("%s: exit status %d\n%s", want, code, stdout)
		}
		code, _, stderr := with(t, func(ctx context.Context, w world) error {
			return auditExportCmd{Execution: release, Out: t.TempDir()}.export(ctx, w, h, evidence.About{Execution: release})
		})
		if code != exitNo || !strings.Contains(stderr, want) {
			t.Errorf("export with %s: exit status %d, %s", want, code, stderr)
		}
	}
}

func TestAnEntryWrittenMeanwhileIsNoProblem(t *testing.T) {
	t.Parallel()
	h := recordedDay()
	n := 0
	h.written = func(chain string) {
		if n++; n == 2 {
			h.add(chain, audit.Entry{Kind: audit.Healed})
		}
	}
	code, stdout, _ := with(t, func(ctx context.Context, w world) error {
		return auditVerifyCmd{trailFlags: trailFlags{Pipeline: "web-shop"}}.verify(ctx, w, h)
	})
	if code != exitOK || !strings.Contains(stdout, "5 entries") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
}

func TestAChainThatNeverRestsIsAFailure(t *testing.T) {
	t.Parallel()
	h := recordedDay()
	h.written = func(chain string) { h.add(chain, audit.Entry{Kind: audit.Healed}) }
	code, _, stderr := with(t, func(ctx context.Context, w world) error { return auditVerifyCmd{}.verify(ctx, w, h) })
	if code != exitFailed || !strings.Contains(stderr, "written to all the time") {
		t.Errorf("exit status %d, %s", code, stderr)
	}
}

// TestAPackIsComparedWithTheTable: a file that is whole by itself may still
// come from a trail that was written anew.
func TestAPackIsComparedWithTheTable(t *testing.T) {
	t.Parallel()
	h := recordedDay()
	page, _ := export(t, h)
	h.add(shop, audit.Entry{Kind: audit.Applied, Execution: release})
	compare := func(h *history) (int, string) {
		code, stdout, _ := with(t, func(ctx context.Context, w world) error {
			return auditVerifyCmd{Files: []string{page}}.verify(ctx, w, h)
		})
		return code, stdout
	}
	if code, stdout := compare(h); code != exitOK || !strings.Contains(stdout, "the table has the same history") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
	anew := recordedDay()
	delete(anew.chains, shop)
	delete(anew.heads, shop)
	for range 4 {
		anew.add(shop, audit.Entry{Kind: audit.Decided, Execution: release})
	}
	if code, stdout := compare(anew); code != exitNo || !strings.Contains(stdout, "The table has another history") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
}

// TestOverlappingObjectsOfTheArchiveVerify: an export that was broken off begins
// again at the same entry.
func TestOverlappingObjectsOfTheArchiveVerify(t *testing.T) {
	t.Parallel()
	entries := recordedDay().chains[shop]
	lines := func(entries ...audit.Entry) string {
		var out strings.Builder
		for _, e := range entries {
			if err := json.NewEncoder(&out).Encode(e); err != nil {
				t.Fatal(err)
			}
		}
		return out.String()
	}
	code, stdout, _ := signalbox(t, lines(entries[:2]...)+lines(entries...), "audit", "verify", "-")
	if code != exitOK || !strings.HasPrefix(stdout, "<stdin> verifies: 4 entries") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
	forged := entries[1]
	forged.Verdict = "reject"
	code, stdout, _ = signalbox(t, lines(entries[0], forged)+lines(entries...), "audit", "verify", "-")
	if code != exitNo || !strings.Contains(stdout, "Entry 2 has been changed") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
}

func TestAuditCommandLine(t *testing.T) {
	t.Parallel()
	nonsense := filepath.Join(t.TempDir(), "nonsense.html")
	if err := os.WriteFile(nonsense, []byte("<html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"verify without a table", []string{"audit", "verify"}, exitFailed, "", "name the table with --table"},
		{"show without a table", []string{"audit", "show"}, exitFailed, "", "name the table with --table"},
		{"export without a table", []string{"audit", "export", "--execution", "x"}, exitFailed, "", "name the table with --table"},
		{"export needs an execution", []string{"audit", "export"}, exitUsage, "", "--execution"},
		{"a missing file", []string{"audit", "verify", "nowhere.html"}, exitFailed, "", "open nowhere.html"},
		{"a file that is no pack", []string{"audit", "verify", nonsense}, exitNo, "The file cannot be read: this is no evidence pack", ""},
		{"show a file that is no pack", []string{"audit", "show", nonsense}, exitFailed, "", "this is no evidence pack"},
		{"nothing on standard input", []string{"audit", "verify", "-"}, exitNo, "does not verify", ""},
		{"nothing on standard input, to be shown", []string{"audit", "show", "-"}, exitFailed, "", "this is no evidence pack"},
		{"help", []string{"audit", "export", "--help"}, exitOK, "--execution=ID", ""},
	} {
		code, stdout, stderr := signalbox(t, "", tt.args...)
		if code != tt.code {
			t.Errorf("%s: exit status %d, want %d", tt.name, code, tt.code)
		}
		checkOutput(t, tt.name+", standard output", stdout, tt.stdout)
		checkOutput(t, tt.name+", standard error", stderr, tt.stderr)
	}
}

func TestAnExecutionThatIsNotThereHasNoEvidence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	code, stdout, stderr := with(t, func(ctx context.Context, w world) error {
		return auditExportCmd{Execution: "nobody", Out: dir}.export(ctx, w, recordedDay(), evidence.About{Execution: "nobody"})
	})
	left, err := os.ReadDir(dir)
	if code != exitNo || stdout != "" || !strings.Contains(stderr, "Nothing is recorded about execution nobody.") || err != nil || len(left) > 0 {
		t.Errorf("exit status %d, %q, %q, files %v", code, stdout, stderr, left)
	}
}

func TestTheNameOfAPackStaysInItsFolder(t *testing.T) {
	t.Parallel()
	got := packName(evidence.Pack{Head: audit.Head{Chain: "1/2/../../x y"}, Execution: "../../etc/passwd"})
	if strings.ContainsAny(got, "/. ") {
		t.Errorf("name %q", got)
	}
}
