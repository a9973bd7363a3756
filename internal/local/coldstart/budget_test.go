package coldstart_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/coldstart"
)

// root is the repository's.
const root = "../../.."

// maxPackage is the largest deployment package, in bytes. Lambda unpacks it
// before every cold start on a new machine.
const maxPackage = 6_500_000

// budgets are the allocations that the linked packages of each function may
// make before main begins: as measured, and a tenth more for what a new
// version of a library may bring.
var budgets = map[string]int{
	coldstart.Floor: 300,
	"slack":         2_300,
	"approval":      10_800,
	"web":           11_200,
	"notify":        8_300,
	"deliver":       9_900,
}

// TestInitStaysWithinBudget guards the cold starts, which are what nearly
// everybody who clicks waits for. It counts allocations, not milliseconds:
// they are the same on every machine.
func TestInitStaysWithinBudget(t *testing.T) {
	t.Parallel()
	for _, f := range build(t) {
		costs, err := coldstart.InitCosts(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		size, err := coldstart.PackageSize(f)
		if err != nil {
			t.Fatal(err)
		}
		got, budget := coldstart.Allocs(costs), budgets[f.Name]
		t.Logf("%s: %d allocations in %d packages, of %d allowed; %.2f MB zipped", f.Name, got, len(costs), budget, mega(size))
		if got > budget {
			t.Errorf("%s allocates %d times before main begins, %d more than its budget. The dearest packages:\n%s"+
				"Which import links one of them: go list -tags lambda.norpc -deps -f '{{.ImportPath}}: {{.Imports}}' ./functions/%s.\n"+
				"Do without it, or prepare on first use what it prepares at the start: docs/performance.md, \"When a budget is exceeded\".",
				f.Name, got, got-budget, dearest(costs, 12), f.Name)
		}
		if got < budget*3/4 {
			t.Errorf("%s allocates %d times, far below its budget of %d: lower the budget, so that it keeps its teeth", f.Name, got, budget)
		}
		if size > maxPackage {
			t.Errorf("the package of %s has %.2f MB, more than %.2f. Most often something makes the linker keep every exported method: "+
				"docs/performance.md, \"When a package grows\", says how to find it.", f.Name, mega(size), mega(maxPackage))
		}
	}
}

func dearest(costs []coldstart.Cost, n int) string {
	var b strings.Builder
	for _, c := range costs[:min(n, len(costs))] {
		fmt.Fprintf(&b, "%8d allocations, %7d bytes  %s\n", c.Allocs, c.Bytes, c.Package)
	}
	return b.String()
}

func mega(bytes int) float64 { return float64(bytes) / 1e6 }

// build packages everything. Go's build cache makes a repetition cheap.
func build(t testing.TB) []coldstart.Function {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the functions are built for Linux, and cannot start here")
	}
	look(t)
	dir := t.TempDir()
	functions, err := coldstart.Build(t.Context(), root, dir)
	if err != nil {
		t.Fatal(err)
	}
	return functions
}

// look looks at every file that the functions may be made of. Go's test cache
// notes which files a test itself looks at, and not what the compiler reads: a
// cached result would hide what has changed.
func look(t testing.TB) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum", "Makefile", "config", "functions", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			_, err = os.Stat(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
