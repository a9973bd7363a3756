package blockkit

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// A checker collects the problems of one message or view.
type checker struct {
	problems []Problem
	// length is the number of code points of all texts seen.
	length int
}

func (c *checker) add(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{Pointer: at, Text: fmt.Sprintf(format, args...)})
}

// A check judges the value v that stands at the JSON pointer at.
type check func(c *checker, at string, v any)

// An object says which properties an object may have.
type object struct {
	required, optional map[string]check
	// also judges what no single property shows; may be nil.
	also func(c *checker, at string, m map[string]any)
}

// check judges v as an object: what is missing, unknown or wrong. The property
// "type" is left to whoever chose this object by it.
func (o object) check(c *checker, at string, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		c.add(at, "must provide an object")
		return
	}
	for _, key := range sortedKeys(o.required) {
		if m[key] == nil {
			c.add(at, "missing required field: %s", key)
		}
	}
	for _, key := range sortedKeys(m) {
		rule, known := o.required[key]
		if !known {
			rule, known = o.optional[key]
		}
		switch {
		case known:
			if m[key] != nil {
				rule(c, at+"/"+key, m[key])
			}
		case key != "type":
			c.add(at, "invalid additional property: %s", key)
		}
	}
	if o.also != nil {
		o.also(c, at, m)
	}
}

// oneOf checks an object by the table entry that its type names.
func oneOf(table map[string]object) check {
	return func(c *checker, at string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			c.add(at, "must provide an object")
			return
		}
		o, known := table[text(m["type"])]
		if !known {
			c.add(at+"/type", "unsupported type: %v", m["type"])
			return
		}
		o.check(c, at, v)
	}
}

// only is the part of table that holds the named types.
func only(table map[string]object, types ...string) map[string]object {
	part := make(map[string]object, len(types))
	for _, t := range types {
		part[t] = table[t]
	}
	return part
}

// characters is a string of atLeast to atMost code points.
func characters(atLeast, atMost int) check {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.add(at, "must provide a string")
			return
		}
		n := utf8.RuneCountInString(s)
		if n < atLeast {
			c.add(at, "must be more than %d characters", atLeast-1)
		}
		if n > atMost {
			c.add(at, "must be less than %d characters", atMost+1)
		}
	}
}

// words is a string of 1 to atMost code points that people read: it counts
// towards the length of the message.
func words(atMost int) check {
	return func(c *checker, at string, v any) {
		c.length += utf8.RuneCountInString(text(v))
		characters(1, atMost)(c, at, v)
	}
}

// webAddress is a link of at most 3000 characters that a client can follow.
func webAddress(c *checker, at string, v any) {
	characters(1, 3000)(c, at, v)
	u, err := url.Parse(text(v))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		c.add(at, "must be a valid url")
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.add(at, "must provide a boolean")
	}
}

// whole is a whole number of atLeast to atMost.
func whole(atLeast, atMost int64) check {
	return func(c *checker, at string, v any) {
		number, ok := v.(json.Number)
		n, err := number.Int64()
		if !ok || err != nil || n < atLeast || n > atMost {
			c.add(at, "must be a whole number from %d to %d", atLeast, atMost)
		}
	}
}

// choice is one of the listed strings.
func choice(values ...string) check {
	return func(c *checker, at string, v any) {
		if !slices.Contains(values, text(v)) {
			c.add(at, "must be one of: %s", strings.Join(values, ", "))
		}
	}
}

// listOf is a list of atLeast to atMost items that each pass item.
func listOf(atLeast, atMost int, item check) check {
	return func(c *checker, at string, v any) {
		list, ok := v.([]any)
		if !ok {
			c.add(at, "must provide an array")
			return
		}
		if len(list) < atLeast {
			c.add(at, "no fewer than %d items allowed", atLeast)
		}
		if len(list) > atMost {
			c.add(at, "no more than %d items allowed", atMost)
		}
		for i, v := range list {
			item(c, fmt.Sprintf("%s/%d", at, i), v)
		}
	}
}

// exactlyOne demands one of two properties, and not both.
func exactlyOne(a, b string) func(*checker, string, map[string]any) {
	return func(c *checker, at string, m map[string]any) {
		if (m[a] == nil) == (m[b] == nil) {
			c.add(at, "must define either `%s` or `%s`", a, b)
		}
	}
}
