package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

const (
	shop     = "000000000000/eu-west-1/web-shop"
	payments = "000000000000/eu-west-1/payments"
	release  = "5f0c1f9e-3f57-4f0e-9a3f-0d6f5a1c2b3e"
)

// history is a trail in memory.
type history struct {
	chains map[string][]audit.Entry
	heads  map[string]audit.Head
	// written is called before each reading of a head.
	written func(chain string)
	down    error
}

func (h *history) Entries(_ context.Context, chain string, from int64) ([]audit.Entry, error) {
	var all []audit.Entry
	for _, e := range h.chains[chain] {
		if e.Seq >= from {
			all = append(all, e)
		}
	}
	return all, h.down
}

func (h *history) Head(_ context.Context, chain string) (audit.Head, error) {
	if h.written != nil {
		h.written(chain)
	}
	return h.heads[chain], nil
}

func (h *history) Chains(context.Context) ([]string, error) {
	var all []string
	for chain := range h.chains {
		all = append(all, chain)
	}
	return all, nil
}

func (h *history) add(chain string, e audit.Entry) {
	head := h.heads[chain]
	head.Chain = chain
	e.At = time.Date(2026, 3, 10, 9, 22, int(head.Seq), 0, time.UTC)
	e.ID = e.At.String()
	e, head = audit.Next(head, e)
	h.chains[chain] = append(h.chains[chain], e)
	h.heads[chain] = head
}

// recordedDay has two releases of web-shop and one of payments.
func recordedDay() *history {
	h := &history{chains: map[string][]audit.Entry{}, heads: map[string]audit.Head{}}
	dana := audit.Actor{Person: "dana", Name: "Dana Whitfield", Door: "Slack"}
	h.add(shop, audit.Entry{Kind: audit.RequestOpened, Execution: release, Request: "r", Stage: "Approval", Text: "Asked for approval."})
	h.add(shop, audit.Entry{Kind: audit.RequestOpened, Execution: "another", Request: "s"})
	h.add(shop, audit.Entry{Kind: audit.VoteCounted, Execution: release, Request: "r", Stage: "Approval", Actor: dana, Verdict: "approve", Reason: "fine\x1b[31m\nby me", Text: "Dana Whitfield approved."})
	h.add(shop, audit.Entry{Kind: audit.Decided, Execution: release, Request: "r", Stage: "Approval", Verdict: "approve", Text: "Approved."})
	h.add(payments, audit.Entry{Kind: audit.RequestOpened, Execution: "third"})
	return h
}

// with runs one command on a trail.
func with(t *testing.T, command func(context.Context, world) error) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	w := world{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }}
	code = finish(t.Context(), w, command(t.Context(), w))
	return code, out.String(), errs.String()
}

func TestShowPrintsATimeline(t *testing.T) {
	t.Parallel()
	c := auditShowCmd{Execution: release}
	code, stdout, _ := with(t, func(ctx context.Context, w world) error { return c.fromTable(ctx, w, recordedDay()) })
	want := shop + "  " + release + `
  1   2026-03-10 09:22:00   Request opened                    Asked for approval.
  3   2026-03-10 09:22:02   Vote counted     Dana Whitfield   Dana Whitfield approved. “fine[U+001B][31m by me”
  4   2026-03-10 09:22:03   Decided                           Approved.
`
	if code != exitOK || stdout != want {
		t.Errorf("exit status %d\n%s\nwant\n%s", code, stdout, want)
	}
}

func TestShowAsJSONCanBeVerified(t *testing.T) {
	t.Parallel()
	c := auditShowCmd{trailFlags: trailFlags{Pipeline: "web-shop"}, JSON: true}
	_, stdout, _ := with(t, func(ctx context.Context, w world) error { return c.fromTable(ctx, w, recordedDay()) })
	var entries []audit.Entry
	if err := json.Unmarshal([]byte(stdout), &entries); err != nil || len(entries) != 4 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	code, out, _ := signalbox(t, stdout, "audit", "verify", "-")
	if code != exitOK || !strings.HasPrefix(out, "<stdin> verifies: 4 entries, up to number 4 of "+shop+"\n") {
		t.Errorf("exit status %d, %s", code, out)
	}
}

func TestShowOfNothingIsANo(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := with(t, func(ctx context.Context, w world) error {
		return auditShowCmd{Execution: "nobody"}.fromTable(ctx, w, recordedDay())
	})
	if code != exitNo || stdout != "" || stderr != "Nothing is recorded about that.\n" {
		t.Errorf("exit status %d, %q, %q", code, stdout, stderr)
	}
}

func TestAPipelineThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	for _, flags := range []trailFlags{{Pipeline: "web"}, {Account: "1"}, {Region: "us-east-1"}} {
		code, _, stderr := with(t, func(ctx context.Context, w world) error {
			return auditVerifyCmd{trailFlags: flags}.verify(ctx, w, recordedDay())
		})
		if code != exitFailed || !strings.Contains(stderr, "there are "+payments+", "+shop) {
			t.Errorf("exit status %d, %q", code, stderr)
		}
	}
}

func TestAFailingTableIsAFailureAndNoVerdict(t *testing.T) {
	t.Parallel()
	h := recordedDay()
	h.down = errors.New("throttled")
	for _, command := range []func(context.Context, world) error{
		func(ctx context.Context, w world) error { return auditVerifyCmd{}.verify(ctx, w, h) },
		func(ctx context.Context, w world) error { return auditShowCmd{}.fromTable(ctx, w, h) },
		func(ctx context.Context, w world) error {
			return auditExportCmd{Execution: release}.export(ctx, w, h, evidence.About{Execution: release})
		},
	} {
		if code, _, stderr := with(t, command); code != exitFailed || !strings.Contains(stderr, "throttled") {
			t.Errorf("exit status %d, %q", code, stderr)
		}
	}
}

// export writes the evidence about release to a folder of the test.
func export(t *testing.T, h *history) (page, data string) {
	t.Helper()
	dir := t.TempDir()
	code, stdout, stderr := with(t, func(ctx context.Context, w world) error {
		about := evidence.About{Execution: release, MadeAt: time.Unix(1e9, 0), MadeBy: "v1"}
		return auditExportCmd{Execution: release, Out: dir}.export(ctx, w, h, about)
	})
	base := filepath.Join(dir, "web-shop-"+release)
	if code != exitOK || !strings.HasPrefix(stdout, base+".html\n"+base+".json\n3 entries about the release, up to number 4 of "+shop) {
		t.Fatalf("exit status %d, %q, %q", code, stdout, stderr)
	}
	return base + ".html", base + ".json"
}

func TestExportedEvidenceVerifiesUntilAByteIsChanged(t *testing.T) {
	t.Parallel()
	page, data := export(t, recordedDay())
	code, stdout, _ := signalbox(t, "", "audit", "verify", page, data)
	if code != exitOK || strings.Count(stdout, " verifies: 3 entries about execution "+release+", 1 sealed, up to number 4") != 2 {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
	for _, file := range []string{page, data} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw = bytes.Replace(raw, []byte("Dana"), []byte("Dona"), 1)
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		code, stdout, _ := signalbox(t, "", "audit", "verify", file)
		if code != exitNo || !strings.Contains(stdout, file+" does not verify: ") {
			t.Errorf("exit status %d\n%s", code, stdout)
		}
		if code, stdout, _ := signalbox(t, "", "audit", "verify", "--json", file); code != exitNo || !strings.Contains(stdout, `"text": "`) {
			t.Errorf("exit status %d\n%s", code, stdout)
		}
	}
}

func TestShowReadsAPack(t *testing.T) {
	t.Parallel()
	page, _ := export(t, recordedDay())
	code, stdout, _ := signalbox(t, "", "audit", "show", page)
	if code != exitOK || !strings.Contains(stdout, "Dana Whitfield approved.") {
		t.Errorf("exit status %d\n%s", code, stdout)
	}
}
