package source

import (
	"bytes"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	configfile "github.com/signalbox/signalbox/config"
)

// checkForm judges the form of a document by the JSON Schema.
func checkForm(root *node, lines []string) Problems {
	schema, keywords, err := compileSchema()
	if err != nil {
		return Problems{place{1, 1, 1}.problem("", "the built-in schema is broken: "+err.Error(), "this is a mistake in signalbox, not in the file")}
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(schema.Validate(root.json()), &invalid) {
		return nil
	}
	f := former{root: root, lines: lines, keywords: keywords}
	f.walk(invalid)
	return f.problems
}

// compileSchema returns the schema, and its keywords for what only we read.
func compileSchema() (*jsonschema.Schema, any, error) {
	keywords, err := jsonschema.UnmarshalJSON(bytes.NewReader(configfile.Schema))
	if err != nil {
		return nil, nil, err
	}
	c := jsonschema.NewCompiler()
	const name = "urn:signalbox:configuration:1"
	if err := c.AddResource(name, keywords); err != nil {
		return nil, nil, err
	}
	schema, err := c.Compile(name)
	return schema, keywords, err
}

// A former turns the library's errors into problems.
type former struct {
	root     *node
	lines    []string
	keywords any
	problems Problems
}

// walk visits the errors that say something themselves; the others only say
// which part of the schema led to them.
func (f *former) walk(e *jsonschema.ValidationError) {
	if _, named := e.ErrorKind.(*kind.PropertyNames); len(e.Causes) > 0 && !named {
		for _, cause := range e.Causes {
			f.walk(cause)
		}
		return
	}
	value, at, path := f.root.find(e.InstanceLocation)
	f.explain(finding{e, value, at, path})
}

// A finding is one error and the value that it is about.
type finding struct {
	*jsonschema.ValidationError
	value *node
	// at introduces the value: its key, or itself in a list.
	at   place
	path string
}

// keyword returns a keyword of the schema that found e.
func (f *former) keyword(e *jsonschema.ValidationError, name string) any {
	return f.lookup(e.SchemaURL, name)
}

// lookup follows the fragment of a schema's URL, and then the keys in path.
func (f *former) lookup(schemaURL string, path ...string) any {
	_, fragment, _ := strings.Cut(schemaURL, "#")
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	at := f.keywords
	for _, key := range append(strings.Split(strings.TrimPrefix(fragment, "/"), "/"), path...) {
		if key == "" {
			continue
		}
		m, _ := at.(map[string]any)
		at = m[strings.NewReplacer("~1", "/", "~0", "~").Replace(key)]
	}
	return at
}

// description returns what the schema says about one of its properties.
func (f *former) description(schemaURL, property string) string {
	if s, ok := f.lookup(schemaURL, "properties", property, "description").(string); ok {
		return s
	}
	ref, _ := f.lookup(schemaURL, "properties", property, "$ref").(string)
	s, _ := f.lookup(ref, "description").(string)
	return s
}

// properties returns the keys that the schema allows in a mapping.
func (f *former) properties(e *jsonschema.ValidationError) []string {
	m, _ := f.keyword(e, "properties").(map[string]any)
	return slices.Sorted(maps.Keys(m))
}
