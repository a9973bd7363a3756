package slack_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
)

// Everything that no log and no error may contain, as the tests use it.
const (
	botToken     = "xoxb-1-the-bot-token"
	newToken     = "xoxb-2-the-next-token"
	signingKey   = "the-signing-secret"
	previousKey  = "the-signing-secret-before"
	typedReason  = "the typed reason"
	triggerOfAll = "1.2.x"
)

var neverLogged = []string{botToken, newToken, signingKey, previousKey, typedReason, "hooks.slack.com", "response_url", "payload="}

// journal is what all tests together have logged.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

// TestMain fails the tests as a whole when any of them made the code log what
// must not be logged.
func TestMain(m *testing.M) {
	var all journal
	slog.SetDefault(slog.New(slog.NewJSONHandler(&all, &slog.HandlerOptions{Level: slog.LevelDebug})))
	code := m.Run()
	for _, s := range neverLogged {
		if strings.Contains(all.buf.String(), s) {
			fmt.Fprintf(os.Stderr, "the log contains %q\n", s)
			code = 1
		}
	}
	os.Exit(code)
}
