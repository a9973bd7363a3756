package approval_test

import (
	"log/slog"
	"os"
	"testing"
)

// TestMain keeps the log of thousands of histories out of the test output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
