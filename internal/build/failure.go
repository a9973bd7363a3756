package build

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signalbox/signalbox/internal/redact"
)

// Limits of what is kept, in characters (chosen: what a person reads in a
// thread), and in bytes of JSON of the whole.
const (
	maxID      = 400
	maxLine    = 300
	maxLog     = 2500
	maxLines   = 20
	maxMessage = 500
	maxName    = 150 // of a test, and of what it says
	maxWord    = 100 // such as a status
	maxTests   = 10
	maxBytes   = 8 << 10
)

// A Failure says why a build did not succeed, as far as that could be read.
// All texts are from outside, bounded, and without the secrets that
// internal/redact knows; together they are at most 8 KB of JSON.
type Failure struct {
	// BuildID is PROJECT:UUID.
	BuildID string `json:"build_id"`
	// Status is FAILED, FAULT, TIMED_OUT, STOPPED, SUCCEEDED, or empty if it
	// could not be read.
	Status string `json:"status,omitempty"`
	// Phase is the first that did not succeed, such as "BUILD", Seconds how
	// long it took, and Code and Message are why: "COMMAND_EXECUTION_ERROR".
	Phase   string `json:"phase,omitempty"`
	Seconds int    `json:"seconds,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Command is the one that failed, in one line, and Exit how it ended, such
	// as "exit status 1"; both are parts of Message, or empty.
	Command string `json:"command,omitempty"`
	Exit    string `json:"exit,omitempty"`
	// EndedAt is when the build ended.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// URL leads to the build and LogURL to its log, in AWS's console.
	URL    string `json:"url,omitempty"`
	LogURL string `json:"log_url,omitempty"`
	// Log are the last lines up to the failure, at most 20.
	Log []string `json:"log,omitempty"`
	// Tests are those that failed, at most ten, and MoreTests counts the others.
	Tests     []Test `json:"tests,omitempty"`
	MoreTests int    `json:"more_tests,omitempty"`
	// Missing says in sentences what could not be read, and why.
	Missing []string `json:"missing,omitempty"`
}

// A Test is a case of a test report that failed.
type Test struct {
	// Report is the name of the report's group, such as "orders-unit".
	Report string `json:"report,omitempty"`
	Suite  string `json:"suite,omitempty"`
	Name   string `json:"name"`
	// Message is the first line of what the test says.
	Message string `json:"message,omitempty"`
}

// missed returns f with a sentence in Missing, if there is one.
func (f Failure) missed(sentence string) Failure {
	if sentence != "" {
		f.Missing = append(slices.Clip(f.Missing), sentence)
	}
	return f
}

// bounded returns f cut down to maxBytes. The oldest lines of the log go
// first, then the last of the tests.
func (f Failure) bounded() Failure {
	for f.size() > maxBytes {
		switch {
		case len(f.Log) > 1:
			f.Log = f.Log[1:]
		case len(f.Tests) > 0:
			f.Tests = f.Tests[:len(f.Tests)-1]
			f.MoreTests++
		default:
			f.Log, f.Message, f.Command = nil, "", ""
			f.URL, f.LogURL = "", ""
			return f
		}
	}
	return f
}

func (f Failure) size() int {
	raw, err := json.Marshal(f)
	if err != nil { // strings and numbers only
		return 0
	}
	return len(raw)
}

// text is outside text as it may be kept: without secrets, in one line, of at
// most limit characters.
func text(s string, limit int) string {
	return clip(strings.Join(strings.Fields(redact.Line(s)), " "), limit)
}

// firstLine is text for the first line of s that is not blank. Secrets are
// sought in all of s, since a key may stretch over its lines.
func firstLine(s string, limit int) string {
	s = strings.TrimSpace(redact.Line(s))
	s, _, _ = strings.Cut(s, "\n")
	return text(s, limit)
}

// clip cuts s to limit characters, of which the last is an ellipsis then.
func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}
