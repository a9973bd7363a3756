package coldstart_test

import (
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/coldstart"
)

// TestMeasuredPathIsTheOneThatIsMeant starts every function once, as the
// benchmark does often: with what the template sets, and without a network.
func TestMeasuredPathIsTheOneThatIsMeant(t *testing.T) {
	t.Parallel()
	for _, f := range build(t) {
		s, err := coldstart.Start(t.Context(), f)
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		if s.Init <= 0 || s.Response <= s.Init || s.CPU <= 0 {
			t.Errorf("%s: %+v; want a response after the first poll", f.Name, s)
		}
		if f.Name != coldstart.Floor {
			continue
		}
		f.Answer = "something else"
		if _, err := coldstart.Start(t.Context(), f); err == nil || !strings.Contains(err.Error(), "something else") {
			t.Errorf("another answer than the one that is meant: %v", err)
		}
		f.Dir = t.TempDir()
		if _, err := coldstart.Start(t.Context(), f); err == nil {
			t.Error("a package without a program starts")
		}
	}
}
