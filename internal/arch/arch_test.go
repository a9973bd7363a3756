package arch_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/arch"
	"github.com/signalbox/signalbox/internal/config"
)

// TestThisRepositoryKeepsEveryRule is what `make lint` runs. Go's test cache
// would hide new files from it, so that passes -count=1.
func TestThisRepositoryKeepsEveryRule(t *testing.T) {
	t.Parallel()
	tree := load(t)
	if len(tree.Go) < 10 {
		t.Fatalf("only %d Go files were read", len(tree.Go))
	}
	for _, rule := range arch.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			for _, finding := range rule.Check(tree) {
				t.Error(finding)
			}
		})
	}
}

// TestEveryRuleFindsAPlantedViolation proves that each rule can fail, and that
// what looks like a violation and is none passes.
func TestEveryRuleFindsAPlantedViolation(t *testing.T) {
	t.Parallel()
	for _, rule := range arch.Rules {
		if !slices.ContainsFunc(plants, func(p plant) bool { return p.rule == rule.Name && p.want != "" }) {
			t.Errorf("no violation is planted for %q", rule.Name)
		}
	}
	for _, p := range plants {
		t.Run(p.rule+" "+p.name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(arch.Rules, func(r arch.Rule) bool { return r.Name == p.rule })
			if i < 0 {
				t.Fatalf("there is no rule %q", p.rule)
			}
			found := arch.Rules[i].Check(planted(t, p.files))
			switch {
			case p.want == "" && len(found) > 0:
				t.Errorf("found %q, want nothing", found)
			case p.want != "" && (len(found) != 1 || !strings.HasPrefix(found[0], p.want)):
				t.Errorf("found %q, want one finding that begins with %q", found, p.want)
			}
		})
	}
}

// TestTheTemplateSetsWhatTheFunctionsRead compares both, so that neither a
// variable that nobody sets nor one that nobody reads survives.
func TestTheTemplateSetsWhatTheFunctionsRead(t *testing.T) {
	t.Parallel()
	set := arch.Environment(load(t))
	read := map[string]func(func(string) string) error{
		"functions/approval": func(getenv func(string) string) error { _, err := config.LoadApproval(getenv); return err },
		"functions/deliver":  func(getenv func(string) string) error { _, err := config.LoadDeliver(getenv); return err },
		"functions/notify":   func(getenv func(string) string) error { _, err := config.LoadNotify(getenv); return err },
		"functions/slack":    func(getenv func(string) string) error { _, err := config.LoadSlack(getenv); return err },
		"functions/web":      func(getenv func(string) string) error { _, err := config.LoadWeb(getenv); return err },
	}
	for function := range set {
		if read[function] == nil {
			t.Errorf("%s has an environment that this test does not know", function)
		}
	}
	for function, load := range read {
		var names []string
		err := load(func(name string) string {
			// Lambda sets these itself.
			if !strings.HasPrefix(name, "LAMBDA_") && !strings.HasPrefix(name, "AWS_") {
				names = append(names, name)
			}
			return ""
		})
		if err == nil {
			t.Errorf("%s starts with an empty environment", function)
		}
		slices.Sort(names)
		if diff := cmp.Diff(slices.Compact(names), set[function]); diff != "" {
			t.Errorf("%s: internal/config reads (-) and template.yaml sets (+):\n%s", function, diff)
		}
	}
}

// load reads this repository.
func load(t *testing.T) arch.Tree {
	t.Helper()
	tree, err := arch.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// planted makes a tree of files.
func planted(t *testing.T, files map[string]string) arch.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := arch.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
