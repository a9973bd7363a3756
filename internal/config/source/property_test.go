package source_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
	"github.com/signalbox/signalbox/internal/people"
)

// TestWhatIsWrittenIsWhatIsRead writes random configurations as YAML and
// expects each back, complete and in order.
func TestWhatIsWrittenIsWhatIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := draw(t)
		text := write(want)
		got, problems := source.Compile([]byte(text))
		if len(problems) > 0 {
			t.Fatalf("%v in\n%s", problems, text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\nfrom\n%s", diff, text)
		}
	})
}

func draw(t *rapid.T) config.File {
	f := config.File{Version: 1, DefaultChannel: "C0RELEASES"}
	text := rapid.StringMatching(`[A-Za-zäöü0-9#:'"\\&*!|>%@{}\[\],?-]{1,20}( [A-Za-z#:]{1,5})?`)
	for i := range rapid.IntRange(1, 6).Draw(t, "people") {
		f.People = append(f.People, people.Person{
			ID: fmt.Sprintf("p%d", i), Name: text.Draw(t, "name"), Slack: fmt.Sprintf("U%09d", i),
		})
	}
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(f.People), 1, len(f.People), rapid.ID)
	for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
		g := config.Group{Name: fmt.Sprintf("g%d", i)}
		for _, p := range some.Draw(t, "members") {
			g.Members = append(g.Members, p.ID)
		}
		f.Groups = append(f.Groups, g)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "rules") {
		f.Policies = append(f.Policies, approval.Rule{
			Name:      fmt.Sprintf("%d %s", i, text.Draw(t, "rule")),
			Match:     approval.Match{Pipelines: []string{fmt.Sprintf("pipeline-%d", i)}, Stages: []string{"*a", "b?"}},
			Channel:   rapid.SampledFrom([]string{"C0RELEASES", "C0PAYMENTS"}).Draw(t, "channel"),
			Approvers: some.Draw(t, "approvers"),
		})
	}
	return f
}

// write writes f as YAML by hand, with every text in quotes.
func write(f config.File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nslack: {channel: %s}\npeople:\n", f.DefaultChannel)
	for _, p := range f.People {
		fmt.Fprintf(&b, "  %s: {name: %s, slack: %s}\n", p.ID, quote(p.Name), p.Slack)
	}
	b.WriteString("groups:")
	if len(f.Groups) == 0 {
		b.WriteString(" {}")
	}
	b.WriteString("\n")
	for _, g := range f.Groups {
		fmt.Fprintf(&b, "  %s: [%s]\n", g.Name, strings.Join(g.Members, ", "))
	}
	b.WriteString("approvals:\n")
	for _, r := range f.Policies {
		fmt.Fprintf(&b, "  - name: %s\n    match: {pipeline: %s, stage: [\"*a\", b?]}\n    approvers:\n", quote(r.Name), r.Match.Pipelines[0])
		for _, p := range r.Approvers {
			fmt.Fprintf(&b, "      - %s\n", p.ID)
		}
		if r.Channel != f.DefaultChannel {
			fmt.Fprintf(&b, "    channel: %s\n", r.Channel)
		}
	}
	return b.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// FuzzCompile holds for any text: either problems, at places that exist, or a
// file in which somebody could approve everything that has a rule.
func FuzzCompile(f *testing.F) {
	for _, path := range append(files(f, "testdata/*/*.yaml"), example) {
		f.Add(read(f, path))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, problems := source.Compile(text)
		again, sameProblems := source.Compile(text)
		if diff := cmp.Diff(problems, sameProblems) + cmp.Diff(file, again); diff != "" {
			t.Fatalf("not the same twice:\n%s", diff)
		}
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
		if len(r.Approvers) == 0 || r.Channel == "" || r.Name == "" || names[r.Name] || len(r.Match.Pipelines) == 0 {
			t.Errorf("rule %+v", r)
		}
		names[r.Name] = true
		for _, p := range r.Approvers {
			if !slices.Contains(file.People, p) || p.Slack == "" && p.Email == "" || p.Name == "" {
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
