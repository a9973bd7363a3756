package slack_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/slack"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestCardsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for name, r := range cards {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := slack.ApprovalCard(r)
			golden(t, name+".golden.json", map[string]any{"text": m.Text, "blocks": m.Blocks})
			checkLimits(t, m)
		})
	}
}

// golden compares v, as JSON for people, with a file.
func golden(t *testing.T, file string, v any) {
	t.Helper()
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
