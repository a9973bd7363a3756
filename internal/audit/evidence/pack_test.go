package evidence_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
)

var update = flag.Bool("update", false, "write the golden files")

// TestFilesAreFrozen: files out there are verified by writing them again. A
// change here needs another evidence.Format, and the old one kept.
func TestFilesAreFrozen(t *testing.T) {
	t.Parallel()
	page, data := files(t, happened())
	for name, got := range map[string][]byte{"testdata/pack.golden.html": page, "testdata/pack.golden.json": data} {
		if *update {
			if err := os.WriteFile(name, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, problems := evidence.Verify(want); problems != nil {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestBothFilesHoldTheSamePack(t *testing.T) {
	t.Parallel()
	page, data := files(t, happened())
	fromPage, problems := evidence.Verify(page)
	fromJSON, more := evidence.Verify(data)
	if problems != nil || more != nil {
		t.Fatal(problems, more)
	}
	if diff := cmp.Diff(fromPage, fromJSON); diff != "" {
		t.Error(diff)
	}
	if len(fromPage.Entries) != 14 || len(fromPage.Seals) != 3 {
		t.Errorf("%d entries and %d seals", len(fromPage.Entries), len(fromPage.Seals))
	}
}

func TestAPackSaysNothingAboutOtherReleases(t *testing.T) {
	t.Parallel()
	page, data := files(t, happened())
	for _, file := range [][]byte{page, data} {
		for _, secret := range []string{other, "Secret of another"} {
			if bytes.Contains(file, []byte(secret)) {
				t.Errorf("%q is in the file", secret)
			}
		}
	}
}

// TestAChangeOfAnyByteIsFound changes every byte of the JSON, one at a time, and
// of the page, whose drawing takes longer, a sample.
func TestAChangeOfAnyByteIsFound(t *testing.T) {
	t.Parallel()
	page, data := files(t, happened()[:3])
	for i := range data {
		changed := bytes.Clone(data)
		changed[i] ^= 1
		if _, problems := evidence.Verify(changed); problems == nil {
			t.Errorf("another byte %d of the JSON is not found", i)
		}
	}
	for i := range page {
		if i%101 != 0 {
			continue
		}
		changed := bytes.Clone(page)
		changed[i] ^= 1
		if _, problems := evidence.Verify(changed); problems == nil {
			t.Errorf("another byte %d of the page is not found", i)
		}
	}
}

func TestAddedAndMissingBytesAreFound(t *testing.T) {
	t.Parallel()
	page, data := files(t, happened())
	for _, file := range [][]byte{page, data} {
		for what, changed := range map[string][]byte{
			"one more":  append(bytes.Clone(file), '\n'),
			"one less":  file[:len(file)-1],
			"in front":  append([]byte("\n"), file...),
			"half of":   file[:len(file)/2],
			"nothing":   nil,
			"a comment": bytes.Replace(file, []byte("</h1>"), []byte("</h1><!-- -->"), 1),
		} {
			if bytes.Equal(changed, file) {
				continue // JSON has no heading
			}
			if _, problems := evidence.Verify(changed); problems == nil {
				t.Errorf("%s verifies", what)
			}
		}
	}
}

// TestAForgedPackIsFound: the files are written by our own code, so that they
// are whole by themselves, but what they say is not what the chain says.
func TestAForgedPackIsFound(t *testing.T) {
	t.Parallel()
	for what, forge := range map[string]func(*evidence.Pack){
		"a refusal left out":       func(p *evidence.Pack) { p.Entries = append(p.Entries[:3:3], p.Entries[4:]...) },
		"another approver":         func(p *evidence.Pack) { p.Entries[8].Actor.Name = "Lee Okafor" },
		"another policy":           func(p *evidence.Pack) { p.Entries[0].PolicyHash = "00" },
		"another execution":        func(p *evidence.Pack) { p.Execution = other },
		"another format":           func(p *evidence.Pack) { p.Format = "signalbox/evidence/v2" },
		"the end cut off":          func(p *evidence.Pack) { p.Seals = p.Seals[:2] },
		"no entries":               func(p *evidence.Pack) { p.Entries = nil },
		"another seal":             func(p *evidence.Pack) { p.Seals[1].Content = p.Seals[0].Content },
		"another chain's name":     func(p *evidence.Pack) { p.Head.Chain = "1/x/y" },
		"an entry behind a seal":   hide,
		"the time of a refusal":    func(p *evidence.Pack) { p.Entries[3].At = p.Entries[3].At.Add(1) },
		"the other door of a vote": func(p *evidence.Pack) { p.Entries[10].Actor.Door = "Slack" },
	} {
		p := packOf(t, happened())
		forge(&p)
		for _, write := range []func() ([]byte, error){p.JSON, p.HTML} {
			file, err := write()
			if err != nil {
				t.Fatal(err)
			}
			if _, problems := evidence.Verify(file); problems == nil {
				t.Errorf("%s is not found", what)
			}
		}
	}
}

// hide puts the first refusal behind a seal.
func hide(p *evidence.Pack) {
	hidden := p.Entries[3]
	p.Entries = append(p.Entries[:3:3], p.Entries[4:]...)
	p.Seals = append(append(p.Seals[:1:1], hidden.Seal()), p.Seals[1:]...)
}

func TestNoEvidenceAboutAnUnknownExecution(t *testing.T) {
	t.Parallel()
	entries, head := linked(happened())
	if _, err := evidence.New(entries, head, evidence.About{Execution: "nobody"}); !errors.Is(err, evidence.ErrNoEntries) {
		t.Errorf("error %v, want ErrNoEntries", err)
	}
}

func TestAFileThatIsNoPackIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "hello", "{", `{"entries": 7}`, `{"seals": ["x"]}`, `{"seals": ["x y z"]}`, "<html></html>", `<script type="application/json" id="evidence">{`} {
		if _, err := evidence.ReadPack([]byte(raw)); err == nil {
			t.Errorf("%q is read", raw)
		}
		_, problems := evidence.Verify([]byte(raw))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "The file cannot be read: ") {
			t.Errorf("%q: %v", raw, problems)
		}
	}
	if _, problems := evidence.Verify([]byte("{}")); len(problems) < 3 {
		t.Errorf("an empty pack: %v", problems)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"format":"signalbox/evidence/v1","entries":[{"seq":1}],"seals":["2 a b"]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, problems := evidence.Verify(raw)
		if problems == nil && audit.VerifySealed(p.Execution, p.Entries, p.Seals, p.Head) != nil {
			t.Errorf("%q verifies", raw)
		}
	})
}
