package e2e_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/audit"
)

// No other test runs beside this one: while it does, events get lost. So it
// does not run in parallel.
func TestALostStartIsHealed(t *testing.T) {
	s := world(t)
	tell[map[string]any](t, s, "/local/delivery", map[string]float64{"lose": 1}, http.StatusOK)
	r := begin(t, ruled)
	eventually(t, "the approval waits in CodePipeline", func() (string, bool) {
		status := string(r.stageStatus("Approval"))
		return status, status == "InProgress"
	})
	tell[map[string]any](t, s, "/local/delivery", map[string]float64{}, http.StatusOK)
	tell[map[string]bool](t, s, "/local/reconcile", map[string]any{}, http.StatusOK)
	m := r.asked()
	eventually(t, "the missed start is on record", func() ([]audit.Entry, bool) {
		all := r.trail()
		return all, slices.ContainsFunc(all, func(e audit.Entry) bool { return e.Kind == audit.Healed })
	})
	r.click(ada, m, approve)
	r.goesOn()
}

func TestAnEvidencePackVerifiesUntilAByteIsChanged(t *testing.T) {
	t.Parallel()
	r := begin(t, ruled)
	r.click(ada, r.asked(), approve)
	r.goesOn()
	r.closed("Approved by *" + ada.Name + "*")
	page := ask(t, http.MethodGet, r.URL+"/local/audit/"+r.pipeline+"/"+r.execution)
	if page.status != http.StatusOK || !strings.Contains(page.body, ada.Name) {
		t.Fatalf("the pack is answered %d:\n%.500s", page.status, page.body)
	}
	file := filepath.Join(t.TempDir(), "evidence.html")
	verify := func(body string) (string, error) {
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), "go", "run", "./cmd/signalbox", "audit", "verify", file)
		command.Dir = r.root
		said, err := command.CombinedOutput()
		return string(said), err
	}
	if said, err := verify(page.body); err != nil {
		t.Errorf("the pack does not verify: %v\n%s", err, said)
	}
	changed := strings.Replace(page.body, ada.Name, "Eda Quist", 1)
	if said, err := verify(changed); err == nil {
		t.Errorf("a pack with one byte changed verifies:\n%s", said)
	}
}
