package approval_test

import (
	"io"
	"log/slog"
	"os"
	"testing"
)

// TestMain keeps the log of thousands of histories out of the test output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	os.Exit(m.Run())
}
