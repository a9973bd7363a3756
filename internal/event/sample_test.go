package event_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const golden = "testdata/samples.golden.json"

// reading is what became of one sample: an event with its type, or the name of
// another format.
type reading struct {
	Format event.Format
	Type   string      `json:",omitempty"`
	Event  event.Event `json:",omitempty"`
}

// TestEverySampleIsRead makes a new file under events a test case by itself.
// What is read of each is golden: run with -update and read the difference.
func TestEverySampleIsRead(t *testing.T) {
	t.Parallel()
	got := map[string]reading{}
	for name, raw := range samples(t) {
		r := reading{Format: event.FormatOf(raw)}
		switch r.Format {
		case event.Unknown:
			t.Errorf("%s: not recognised", name)
		case event.EventBridge:
			ev, err := event.Parse(raw)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if _, ok := ev.(event.Ignored); ok {
				t.Errorf("%s: no decoder for its kind", name)
			}
			r.Type, r.Event = fmt.Sprintf("%T", ev), ev
		}
		got[name] = r
	}
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)+"\n"); diff != "" {
		t.Errorf("samples read differently (-want +got); if that is right, run go test ./internal/event -update\n%s", diff)
	}
}

// TestEveryKindHasASample keeps the decoders honest: each is seen to read what
// AWS sends.
func TestEveryKindHasASample(t *testing.T) {
	t.Parallel()
	types := map[string]bool{}
	for _, raw := range samples(t) {
		if ev, err := event.Parse(raw); err == nil {
			types[fmt.Sprintf("%T", ev)] = true
		}
	}
	for _, ev := range []event.Event{
		event.PipelineChanged{}, event.StageChanged{}, event.ActionChanged{},
		event.BuildChanged{}, event.BuildPhaseChanged{},
		event.ImageChanged{}, event.ReferrerChanged{}, event.ImageScanned{}, event.ImageCached{},
		event.ImageReplicated{}, event.ScanSettingsChanged{},
		event.InspectorScanned{}, event.FindingChanged{}, event.CoverageChanged{},
		event.AlarmRang{}, event.ReconcileDue{}, event.SweepDue{},
	} {
		if name := fmt.Sprintf("%T", ev); !types[name] {
			t.Errorf("no sample under events is a %s", name)
		}
	}
}

// samples returns the files under events by name.
func samples(tb testing.TB) map[string]json.RawMessage {
	tb.Helper()
	files, err := filepath.Glob("../../events/*.json")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no samples found (err %v)", err)
	}
	all := map[string]json.RawMessage{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		all[filepath.Base(file)] = raw
	}
	return all
}

// sample returns one file under events.
func sample(tb testing.TB, name string) json.RawMessage {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("../../events", name))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}
