package stack_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/stack"
)

// The project's own template and virtual environment, with a project of three
// functions that only echo.
const (
	realTemplate = "../../../template.yaml"
	realVenv     = "../../../.venv"
	project      = "testdata/project"
)

// patience is how long a test waits for what takes a second or two.
const patience = 30 * time.Second

func options(t *testing.T) stack.Options {
	t.Helper()
	venv, err := filepath.Abs(realVenv)
	if err != nil {
		t.Fatal(err)
	}
	return stack.Options{
		Root:     project,
		Template: realTemplate,
		Venv:     venv,
		Dir:      t.TempDir(),
		Env:      map[string]string{"AWS_ENDPOINT_URL_CODEPIPELINE": "http://127.0.0.1:1"},
		Config:   []byte(`{"compiled":true}`),
		Secrets: []stack.Secret{
			{Parameter: "SlackBotTokenSecretArn", Name: "signalbox/slack-bot-token", Value: "xoxb-local"},
			{Parameter: "SlackSigningSecretArn", Name: "signalbox/slack-signing-secret", Value: "local"},
		},
		Parameters: map[string]string{"SlackAppId": "A0SIGNALBOX", "SlackTeamId": "T0SIGNALBOX"},
		Progress:   func(step string) { t.Log(step) },
	}
}

// needMiniStack skips the test, loudly, where make has not put MiniStack; in
// CI it must be there.
func needMiniStack(t *testing.T) {
	t.Helper()
	python := filepath.Join(realVenv, "bin", "python")
	err := exec.Command(python, "-c", "import importlib.util as u; assert u.find_spec('ministack') and u.find_spec('samtranslator')").Run()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("MiniStack is not installed in %s: %v", realVenv, err)
	}
	t.Skipf("NOT TESTED: MiniStack is not installed in %s (%v); `make test` installs it", realVenv, err)
}

func start(t *testing.T, o stack.Options) *stack.Stack {
	t.Helper()
	needMiniStack(t)
	began := time.Now()
	s, err := stack.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Logf("up after %s", time.Since(began).Round(time.Millisecond))
	return s
}

// an echo is what the functions of the project answer.
type echo struct {
	Environment []string
	Config      string
	Event       json.RawMessage
}

func ask(t *testing.T, method, url, body string) (int, echo) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var e echo
	if response.StatusCode == http.StatusOK {
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatalf("%s %s answers %s: %v", method, url, raw, err)
		}
	}
	return response.StatusCode, e
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
		<-time.After(50 * time.Millisecond)
	}
}

func logged(o stack.Options, folder, text string) func() bool {
	return func() bool {
		log, err := os.ReadFile(filepath.Join(o.Dir, folder+".log"))
		return err == nil && bytes.Contains(log, []byte(text))
	}
}
