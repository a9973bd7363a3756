package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxValue is how many bytes of a wrong value an error message repeats, and
// maxProblems how many problems it lists (chosen).
const (
	maxValue    = 200
	maxProblems = 10
)

// A checker walks a JSON value along its shape and collects what is wrong.
type checker struct {
	model    *Model
	problems []string
}

func (m *Model) check(name string, body []byte) ([]byte, error) {
	value, err := decode(body)
	if err != nil {
		return nil, err
	}
	c := checker{model: m}
	clean, err := c.value(name, "", value)
	if err != nil {
		return nil, err
	}
	if n := len(c.problems); n > 0 {
		noun := "errors"
		if n == 1 {
			noun = "error"
		}
		shown := c.problems[:min(n, maxProblems)]
		return nil, Errorf(m.invalid, "%d validation %s detected: %s", n, noun, strings.Join(shown, "; "))
	}
	return json.Marshal(clean)
}

// decode reads exactly one JSON object. An empty body counts as an empty one.
func decode(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, Errorf(Serialization, "The request body is not JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, Errorf(Serialization, "The request body goes on after its JSON value")
	}
	if _, ok := value.(map[string]any); !ok {
		return nil, Errorf(Serialization, "The request body is not a JSON object")
	}
	return value, nil
}

func (c *checker) problem(path, value, constraint string) {
	c.problems = append(c.problems, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, path, constraint))
}

// value checks v against the shape called name and returns its known parts. An
// error means that v has another JSON type than the shape.
func (c *checker) value(name, path string, v any) (any, error) {
	s := c.model.shapes[name]
	if s == nil {
		return nil, Errorf(Serialization, "No shape for '%s'", path)
	}
	switch v := v.(type) {
	case map[string]any:
		if s.Type == "structure" {
			return c.structure(s, path, v)
		}
		if s.Type == "map" {
			return c.mapping(s, path, v)
		}
	case []any:
		if s.Type == "list" {
			return c.list(s, path, v)
		}
	default:
		return c.scalar(s, path, v)
	}
	return nil, mistyped(path, s)
}

// scalar checks a string, a boolean or a number.
func (c *checker) scalar(s *shape, path string, v any) (any, error) {
	switch v := v.(type) {
	case string:
		if s.Type == "string" {
			c.text(s, path, v)
			return v, nil
		}
	case bool:
		if s.Type == "boolean" {
			return v, nil
		}
	case json.Number:
		if slices.Contains([]string{"integer", "long", "timestamp", "double"}, s.Type) {
			return c.number(s, path, v)
		}
	}
	return nil, mistyped(path, s)
}

func mistyped(path string, s *shape) error {
	return Errorf(Serialization, "The value at '%s' is not a %s", path, s.Type)
}

func (c *checker) structure(s *shape, path string, o map[string]any) (any, error) {
	for _, name := range s.Required {
		if o[name] == nil {
			c.problem(join(path, name), "null", "Member must not be null")
		}
	}
	clean := make(map[string]any, len(o))
	for _, name := range sortedKeys(o) {
		member, known := s.Members[name]
		if !known || o[name] == nil {
			continue
		}
		v, err := c.value(member, join(path, name), o[name])
		if err != nil {
			return nil, err
		}
		clean[name] = v
	}
	return clean, nil
}

func (c *checker) mapping(s *shape, path string, o map[string]any) (any, error) {
	c.size(s, path, len(o))
	clean := make(map[string]any, len(o))
	for _, key := range sortedKeys(o) {
		if o[key] == nil {
			continue
		}
		c.text(c.model.shapes[s.Key], path+".key", key)
		v, err := c.value(s.Value, path+"."+clip(key), o[key])
		if err != nil {
			return nil, err
		}
		clean[key] = v
	}
	return clean, nil
}

func (c *checker) list(s *shape, path string, l []any) (any, error) {
	c.size(s, path, len(l))
	clean := make([]any, 0, len(l))
	for i, e := range l {
		at := path + "." + strconv.Itoa(i+1) + ".member"
		if e == nil {
			c.problem(at, "null", "Member must not be null")
			continue
		}
		v, err := c.value(s.Member, at, e)
		if err != nil {
			return nil, err
		}
		clean = append(clean, v)
	}
	return clean, nil
}

func (c *checker) text(s *shape, path, t string) {
	shown := "'" + clip(t) + "'"
	if s.Sensitive || strings.HasSuffix(strings.ToLower(path), "token") {
		shown = "'***sensitiveInformation***'"
	}
	n := int64(utf8.RuneCountInString(t))
	if s.Max != nil && n > *s.Max {
		c.problem(path, shown, fmt.Sprintf("Member must have length less than or equal to %d", *s.Max))
	}
	if s.Min != nil && n < *s.Min {
		c.problem(path, shown, fmt.Sprintf("Member must have length greater than or equal to %d", *s.Min))
	}
	if s.pattern != nil && !s.pattern.MatchString(t) {
		c.problem(path, shown, "Member must satisfy regular expression pattern: "+s.Pattern)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, t) {
		c.problem(path, shown, "Member must satisfy enum value set: ["+strings.Join(s.Enum, ", ")+"]")
	}
}

func (c *checker) size(s *shape, path string, n int) {
	if s.Max != nil && int64(n) > *s.Max {
		c.problem(path, fmt.Sprintf("of length %d", n), fmt.Sprintf("Member must have length less than or equal to %d", *s.Max))
	}
	if s.Min != nil && int64(n) < *s.Min {
		c.problem(path, fmt.Sprintf("of length %d", n), fmt.Sprintf("Member must have length greater than or equal to %d", *s.Min))
	}
}

// number checks an integer or a long, or a timestamp or a double, which may
// have a fraction.
func (c *checker) number(s *shape, path string, n json.Number) (any, error) {
	if s.Type == "timestamp" || s.Type == "double" {
		return n, nil
	}
	i, err := n.Int64()
	if err != nil {
		return nil, Errorf(Serialization, "The value at '%s' is not an %s", path, s.Type)
	}
	if s.Max != nil && i > *s.Max {
		c.problem(path, "'"+n.String()+"'", fmt.Sprintf("Member must have value less than or equal to %d", *s.Max))
	}
	if s.Min != nil && i < *s.Min {
		c.problem(path, "'"+n.String()+"'", fmt.Sprintf("Member must have value greater than or equal to %d", *s.Min))
	}
	return n, nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func clip(t string) string {
	if len(t) <= maxValue {
		return t
	}
	return strings.ToValidUTF8(t[:maxValue], "") + "…"
}

func sortedKeys(o map[string]any) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
