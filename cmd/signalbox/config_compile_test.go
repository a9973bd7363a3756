package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/config"
)

func TestCompiledFileCanBeLoaded(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "signalbox.json")
	if code, _, stderr := signalbox(t, "", "config", "compile", example, "-o", out); code != exitOK {
		t.Fatal(stderr)
	}
	f, err := config.LoadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.People) != 4 || len(f.Policies) != 2 {
		t.Errorf("%+v", f)
	}
	info, err := os.Stat(out)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o644 {
		t.Errorf("mode %o: Lambda could not read it", got)
	}
}

func TestABrokenFileLeavesTheOutputAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "signalbox.json")
	if err := os.WriteFile(out, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := signalbox(t, broken, "config", "compile", "-", "-o", out); code != exitNo {
		t.Errorf("exit status %d", code)
	}
	checkFolder(t, dir, map[string]string{"signalbox.json": "before"})
}

func TestCompileDoesNotOverwriteItsSource(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "signalbox.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := signalbox(t, "", "config", "compile", path, "-o", filepath.Join(dir, ".", "signalbox.yaml"))
	if code != exitFailed || !strings.Contains(stderr, "another name") {
		t.Errorf("exit status %d, %s", code, stderr)
	}
	checkFolder(t, dir, map[string]string{"signalbox.yaml": string(text)})
}

func TestCompileLeavesNothingBehindWhenItCannotWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "signalbox.json")
	if err := os.Mkdir(out, 0o700); err != nil { // a folder cannot be replaced by a file
		t.Fatal(err)
	}
	code, _, stderr := signalbox(t, "", "config", "compile", example, "-o", out)
	if code != exitFailed || !strings.Contains(stderr, "write "+out) {
		t.Errorf("exit status %d, %s", code, stderr)
	}
	if code, _, stderr = signalbox(t, "", "config", "compile", example, "-o", filepath.Join(dir, "no", "folder")); code != exitFailed {
		t.Errorf("exit status %d, %s", code, stderr)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}

// checkFolder compares the files in dir with want.
func checkFolder(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
