package source_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
)

// FuzzCompile holds for any text: either problems, at places that exist, or a
// file in which somebody could approve everything that has a rule.
func FuzzCompile(f *testing.F) {
	for _, path := range append(files(f, "testdata/*/*.yaml"), example) {
		f.Add(read(f, path))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, problems, warnings := source.Compile(text, source.Beside(example, today))
		again, sameProblems, sameWarnings := source.Compile(text, source.Beside(example, today))
		if diff := cmp.Diff(problems, sameProblems) + cmp.Diff(warnings, sameWarnings) + cmp.Diff(file, again); diff != "" {
			t.Fatalf("not the same twice:\n%s", diff)
		}
		checkProblems(t, text, warnings)
		if len(problems) > 0 {
			checkProblems(t, text, problems)
			return
		}
		checkFile(t, file)
	})
}

func checkProblems(t *testing.T, text []byte, problems source.Problems) {
	t.Helper()
	lines := strings.Count(string(text), "\n") + 1
	for _, p := range problems {
		if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Width < 1 || p.Message == "" {
			t.Errorf("%+v is nowhere in %d lines", p, lines)
		}
	}
	var out strings.Builder
	if err := problems.Render(&out, "f", text); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(out.String(), func(c rune) bool { return unicode.IsControl(c) && c != '\n' }); i >= 0 {
		t.Errorf("a terminal would obey %q", out.String()[i:])
	}
}

func checkFile(t *testing.T, file config.File) {
	t.Helper()
	names := map[string]bool{}
	for _, r := range file.Policies {
		if len(r.Quorums) == 0 || r.Channel == "" && !r.Shadow || r.Name == "" || names[r.Name] {
			t.Errorf("rule %+v", r)
		}
		names[r.Name] = true
		checkRule(t, r)
		for _, p := range r.Approvers() {
			if !slices.Contains(file.Directory().People(), p) || p.Slack == "" && p.Email == "" || p.Name == "" {
				t.Errorf("approver %+v of %q", p, r.Name)
			}
		}
	}
	raw, err := file.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var back config.File
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(file, back); diff != "" {
		t.Errorf("not the same after storing:\n%s", diff)
	}
}

// checkRule holds for every rule: it could be met, and its times make sense.
func checkRule(t *testing.T, r approval.Rule) {
	t.Helper()
	for _, q := range r.Quorums {
		if q.Need < 1 || len(q.Groups) == 0 && len(q.People) < q.Need {
			t.Errorf("%q could never be met: %+v", r.Name, q)
		}
	}
	last := time.Duration(0)
	for _, d := range r.Remind {
		if d <= last || r.Expire > 0 && d >= r.Expire {
			t.Errorf("%q reminds at %v and expires after %v", r.Name, r.Remind, r.Expire)
		}
		last = d
	}
	for _, e := range r.Escalate {
		known := slices.ContainsFunc(r.Quorums, func(q approval.Quorum) bool { return q.Name == e.For })
		if e.After <= 0 || e.After > 60*24*time.Hour || len(e.To) == 0 || e.For != "" && !known {
			t.Errorf("%q escalates by %+v", r.Name, e)
		}
	}
	if problems := r.Hours.Check(); len(problems) > 0 {
		t.Errorf("the hours of %q: %v", r.Name, problems)
	}
	if _, opens := r.Hours.Next(today); !opens {
		t.Errorf("the hours of %q never open", r.Name)
	}
}
