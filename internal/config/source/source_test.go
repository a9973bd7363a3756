package source_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
	"github.com/signalbox/signalbox/internal/people"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

const example = "../../../config/signalbox.yaml"

// TestBadFilesAreExplained compares what people read about each file in
// testdata/bad with the golden file beside it.
func TestBadFilesAreExplained(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "testdata/bad/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text := read(t, path)
			file, problems := source.Compile(text)
			if len(problems) == 0 {
				t.Fatal("no problems")
			}
			if diff := cmp.Diff(config.File{}, file); diff != "" {
				t.Errorf("a broken file compiles to something:\n%s", diff)
			}
			var out bytes.Buffer
			if err := problems.Render(&out, filepath.Base(path), text); err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".txt", out.Bytes())
		})
	}
}

func TestGoodFilesCompile(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "testdata/good/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			file, problems := source.Compile(read(t, path))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			raw, err := file.Encode()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".json", raw)
		})
	}
}

// TestExampleIsTheDemo pins the file that newcomers read and the local run uses.
func TestExampleIsTheDemo(t *testing.T) {
	t.Parallel()
	got, problems := source.Compile(read(t, example))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	dana := people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
	lee := people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com", Slack: "U0LEE000002"}
	priya := people.Person{ID: "priya", Name: "Priya Raman", Email: "priya@example.com", Slack: "U0PRIYA0003"}
	marco := people.Person{ID: "marco", Name: "Marco Silva", Email: "marco@example.com", Slack: "U0MARCO0004"}
	want := config.File{
		Version:        1,
		DefaultChannel: "C0RELEASES",
		People:         []people.Person{dana, lee, priya, marco},
		Groups: []config.Group{
			{Name: "web-approvers", Members: []string{"dana", "lee"}},
			{Name: "payments-approvers", Members: []string{"dana", "priya"}},
			{Name: "finance", Members: []string{"priya", "marco"}},
		},
		Policies: approval.Policies{{
			Name:        "web-shop production",
			Match:       approval.Match{Pipelines: []string{"web-shop"}, Stages: []string{"Approval"}},
			Environment: "production", Channel: "C0RELEASES",
			Approvers: []people.Person{dana, lee},
		}, {
			Name: "payments production",
			Match: approval.Match{
				Pipelines: []string{"payments"}, Stages: []string{"Approval"}, Actions: []string{"ApproveRelease"},
			},
			Environment: "production", Channel: "C0PAYMENTS",
			Approvers: []people.Person{dana, priya},
		}, {
			Name:        "payments traffic",
			Match:       approval.Match{Pipelines: []string{"payments"}, Actions: []string{"ApproveTraffic"}},
			Environment: "production traffic", Channel: "C0PAYMENTS",
			Approvers: []people.Person{priya, lee},
		}, {
			Name:    "reports",
			Match:   approval.Match{Pipelines: []string{"reports", "reports-*"}},
			Channel: "C0REPORTS", Approvers: []people.Person{priya, marco},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWindowsFilesCompileToTheSame has a file as Windows editors save it.
func TestWindowsFilesCompileToTheSame(t *testing.T) {
	t.Parallel()
	text := read(t, example)
	want, _ := source.Compile(text)
	got, problems := source.Compile(append([]byte("\xEF\xBB\xBF"), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...))
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Error(problems, diff)
	}
}

// TestPlacesAreThoseOfTheEditor: neither a byte order mark, nor line ends, nor
// characters of several bytes shift the caret.
func TestPlacesAreThoseOfTheEditor(t *testing.T) {
	t.Parallel()
	text := []byte("\xEF\xBB\xBFvérsion: 1 # ü\r\nöx: 'é' \r\n")
	_, problems := source.Compile(text)
	var out bytes.Buffer
	if err := problems.Render(&out, "f", text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"f:1:1: the file has no setting \"vérsion\"\n    1 | vérsion: 1 # ü\n      | ^^^^^^^\n      = did you mean version?\n",
		"f:2:1: the file has no setting \"öx\"\n    2 | öx: 'é' \n      | ^^\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no\n%sin\n%s", want, &out)
		}
	}
}

func TestReadNamesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"testdata/nowhere.yaml", "testdata"} {
		if _, err := source.Read(path, nil); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// brokenPipe is an output that nobody reads any more.
type brokenPipe struct{}

var errBroken = errors.New("broken pipe")

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

func TestRenderReportsItsOwnFailure(t *testing.T) {
	t.Parallel()
	_, problems := source.Compile(nil)
	if err := problems.Render(brokenPipe{}, "a", nil); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files %s (%v)", pattern, err)
	}
	return paths
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(read(t, path)), string(got)); diff != "" {
		t.Errorf("differs from %s (-update rewrites it):\n%s", path, diff)
	}
}
