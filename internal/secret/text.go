package secret

import (
	"fmt"
	"log/slog"
)

// hidden is what every way of printing a Text shows.
const hidden = "[secret]"

// A Text is a string that does not print: not with fmt, not in a log, not as
// JSON. The zero value is the empty text.
type Text struct {
	// A pointer, because fmt does not ask a Text in an unexported field for its
	// String but prints what it holds: then that is an address.
	value *string
}

// NewText returns the Text that reveals s.
func NewText(s string) Text { return Text{&s} }

// Reveal returns the string itself. Hand it to the one call that needs it, and
// to nothing that keeps or prints it.
func (t Text) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// Empty reports whether there is nothing to reveal.
func (t Text) Empty() bool { return t.Reveal() == "" }

// String returns "[secret]".
func (Text) String() string { return hidden }

// GoString returns "[secret]".
func (Text) GoString() string { return hidden }

// Format writes "[secret]" for every verb; without it %x and %d would print
// what String hides.
func (Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue returns "[secret]".
func (Text) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns "[secret]"; encoding/json uses it for keys.
func (Text) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON returns "[secret]" in quotes.
func (Text) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
