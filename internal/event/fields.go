package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fields reads the values of one event and keeps the first problem, so that a
// decoder is a plain list of fields. Parse returns what it kept.
type fields struct {
	bad string
	err error
}

func (f *fields) fail(name string, err error) {
	if f.err == nil {
		f.bad, f.err = name, err
	}
}

// json decodes raw, found at name, into v. An absent raw is a missing field.
func (f *fields) json(name string, raw json.RawMessage, v any) {
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		f.fail(name, errMissing)
		return
	}
	err := json.Unmarshal(raw, v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		what, _, _ := strings.Cut(wrong.Value, " ") // the rest is the value itself
		path := strings.Split(strings.Trim(name+"."+wrong.Field, "."), ".")
		path = slices.DeleteFunc(path, embedded)
		f.fail(strings.Join(path, "."), errors.New("must not be of type "+what))
		return
	}
	if err != nil {
		f.fail(name, err)
	}
}

// embedded reports whether a step of encoding/json's path to a field is one of
// our embedded types, which AWS knows nothing of.
func embedded(step string) bool { return strings.HasSuffix(step, "Detail") }

// text returns value, which must not be empty.
func (f *fields) text(name, value string) string {
	if value == "" {
		f.fail(name, errMissing)
	}
	return value
}

// time returns value, which must be a time in the form of RFC 3339.
func (f *fields) time(name, value string) time.Time {
	t, err := time.Parse(time.RFC3339, f.text(name, value))
	if err != nil {
		f.fail(name, errors.New("not a time such as "+time.RFC3339))
	}
	return t.UTC()
}

// optionalTime reads value in the first of layouts that fits, in UTC where the
// layout has no zone. Anything else is the zero time: nothing hangs on these
// times, so an event is not given up for one.
func optionalTime(value string, layouts ...string) time.Time {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// whole reads n as a whole number of at least 0; an absent n is 0.
func (f *fields) whole(name string, n number) int {
	if n == "" {
		return 0
	}
	v, err := strconv.ParseFloat(string(n), 64)
	if err != nil || v < 0 || v > math.MaxInt32 || v != math.Trunc(v) {
		f.fail(name, errors.New("not a whole number"))
		return 0
	}
	return int(v)
}

// optionalSeconds reads n as a number of seconds, or as 0 when it is none.
func optionalSeconds(n number) time.Duration {
	var f fields
	return time.Duration(f.whole("", n)) * time.Second
}

// meta reads the envelope of an event of a kind that we know.
func (f *fields) meta(env envelope) Meta {
	return Meta{
		ID:      f.text("id", env.ID),
		Account: f.text("account", env.Account),
		Region:  f.text("region", env.Region),
		Time:    f.time("time", env.Time),
	}
}

// A number is the text of a JSON number, also of one in quotes. AWS writes
// whole numbers as 3.0, and some of its pages show "3".
type number string

// UnmarshalJSON keeps the text as it is; fields.whole judges it.
func (n *number) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "null" {
		text = ""
	}
	*n = number(text)
	return nil
}

// maxNameRunes bounds what an error repeats of the outside's own words.
const maxNameRunes = 100

// clip shortens s to what an error may repeat, on one line.
func clip(s string) string {
	r := []rune(s)
	if len(r) > maxNameRunes {
		r = append(r[:maxNameRunes], '…')
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, string(r))
}
