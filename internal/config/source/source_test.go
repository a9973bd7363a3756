package source_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/config/source"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// today is when everything here is compiled.
var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const example = "../../../config/signalbox.yaml"

// TestBadFilesAreExplained compares what people read about each file in
// testdata/bad with the golden file beside it.
func TestBadFilesAreExplained(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "testdata/bad/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text := read(t, path)
			file, problems, _ := source.Compile(text, source.Beside(path, today))
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
			file, problems, warnings := source.Compile(read(t, path), source.Beside(path, today))
			if len(problems)+len(warnings) > 0 {
				t.Fatal(problems, warnings)
			}
			raw, err := file.Encode()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".json", raw)
		})
	}
}

// TestOddFilesCompileWithWarnings compares what people read about each file in
// testdata/warned, all of which can be used.
func TestOddFilesCompileWithWarnings(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "testdata/warned/*.yaml") {
		text := read(t, path)
		file, problems, warnings := source.Compile(text, source.Beside(path, today))
		if len(problems) > 0 || len(warnings) == 0 || len(file.Policies) == 0 {
			t.Errorf("%s: %v, %v", path, problems, warnings)
		}
		var out bytes.Buffer
		if err := warnings.Render(&out, filepath.Base(path), text); err != nil {
			t.Fatal(err)
		}
		golden(t, strings.TrimSuffix(path, ".yaml")+".txt", out.Bytes())
	}
}

// TestWindowsFilesCompileToTheSame has a file as Windows editors save it.
func TestWindowsFilesCompileToTheSame(t *testing.T) {
	t.Parallel()
	text := read(t, example)
	want, _, _ := source.Compile(text, source.Beside(example, today))
	text = append([]byte("\xEF\xBB\xBF"), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...)
	got, problems, _ := source.Compile(text, source.Beside(example, today))
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Error(problems, diff)
	}
}

// TestPlacesAreThoseOfTheEditor: neither a byte order mark, nor line ends, nor
// characters of several bytes shift the caret.
func TestPlacesAreThoseOfTheEditor(t *testing.T) {
	t.Parallel()
	text := []byte("\xEF\xBB\xBFvérsion: 1 # ü\r\nöx: 'é' \r\n")
	_, problems, _ := source.Compile(text, source.Setting{Today: today})
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
	_, problems, _ := source.Compile(nil, source.Setting{Today: today})
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
