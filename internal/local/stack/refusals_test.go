package stack_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/local/stack"
)

// A start that cannot succeed says in one sentence what is wrong, and leaves
// nothing behind.
func TestAStartThatCannotSucceedSaysWhy(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(*testing.T, *stack.Options)
		want    string
	}{
		{"no Python environment", func(t *testing.T, o *stack.Options) {
			o.Venv = filepath.Join(t.TempDir(), "none")
		}, "python3 -m venv "},
		{"MiniStack dies", func(t *testing.T, o *stack.Options) {
			o.Venv = pythonThat(t, "echo first; echo 'No module named ministack' >&2; exit 1")
		}, "MiniStack stopped while starting: No module named ministack (all of it is in "},
		{"MiniStack dies silently", func(t *testing.T, o *stack.Options) {
			o.Venv = pythonThat(t, "exit 1")
		}, "it said nothing"},
		{"every port is taken by the time MiniStack starts", func(t *testing.T, o *stack.Options) {
			o.Venv = pythonThat(t, "echo 'ERROR: 127.0.0.1:4566 is already in use.'; exit 1")
		}, "start MiniStack: the port is in use"},
		{"no Go", func(t *testing.T, _ *stack.Options) {
			t.Setenv("PATH", t.TempDir())
		}, "building the functions needs Go"},
		{"no template", func(_ *testing.T, o *stack.Options) {
			o.Template = "testdata/none.yaml"
		}, "read the template: "},
		{"a template without functions", func(t *testing.T, o *stack.Options) {
			o.Template = write(t, "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n")
		}, "has no AWS::Serverless::Function"},
		{"a function without properties", func(t *testing.T, o *stack.Options) {
			o.Template = write(t, "Resources:\n  WebFunction:\n    Type: AWS::Serverless::Function\n")
		}, "WebFunction needs its Properties below its Type"},
		{"a function without code", func(t *testing.T, o *stack.Options) {
			o.Template = write(t, "Resources:\n  NobodyFunction:\n    Type: AWS::Serverless::Function\n    Properties:\n")
		}, "find the code of NobodyFunction: "},
		{"code that does not compile", func(t *testing.T, o *stack.Options) {
			o.Root = t.TempDir()
			broken := filepath.Join(o.Root, "functions", "web")
			if err := os.MkdirAll(broken, 0o755); err != nil {
				t.Fatal(err)
			}
			writeFile(t, filepath.Join(o.Root, "go.mod"), "module broken\n")
			writeFile(t, filepath.Join(broken, "main.go"), "package main\n\nfunc main() { nonsense }\n")
		}, "undefined: nonsense"},
		{"an endpoint where nobody is", func(_ *testing.T, o *stack.Options) {
			o.Endpoint = "http://127.0.0.1:1"
		}, "ask http://127.0.0.1:1 for its account: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := options(t)
			o.Template = "testdata/one.yaml"
			// A MiniStack that only waits to be stopped: what is wrong is elsewhere.
			o.Venv = pythonThat(t, "cat")
			tt.prepare(t, &o)
			s, err := stack.Start(t.Context(), o)
			if err == nil {
				_ = s.Close()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("it says %q, want %q in it", err, tt.want)
			}
			if _, err := os.Stat(filepath.Join(o.Dir, "tmp")); err == nil {
				t.Error("temporary files are left behind")
			}
		})
	}
}

func TestAFailedDeploymentNamesTheResource(t *testing.T) {
	t.Parallel()
	needMiniStack(t)
	o := options(t)
	o.Template, o.Secrets, o.Parameters = "testdata/broken.yaml", nil, nil
	s, err := stack.Start(t.Context(), o)
	if err == nil {
		_ = s.Close()
		t.Fatal("it started")
	}
	const want = "Orphan (AWS::Lambda::EventInvokeConfig): Lambda function not found: nobody"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("it says %q, want %q in it", err, want)
	}
}

// pythonThat makes a virtual environment whose Python runs a shell script.
func pythonThat(t *testing.T, script string) string {
	t.Helper()
	venv := t.TempDir()
	if err := os.Mkdir(filepath.Join(venv, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(venv, "bin", "python"), "#!/bin/sh\n"+script+"\n")
	return venv
}

func write(t *testing.T, template string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "template.yaml")
	writeFile(t, path, template)
	return path
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
