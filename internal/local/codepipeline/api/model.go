package api

import (
	_ "embed" // for model.json
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
)

//go:embed model.json
var modelJSON []byte

// A Model is the service model of an API: its operations and shapes. It is
// read-only and safe for concurrent use.
type Model struct {
	// invalid is the error type of a request that breaks the model's rules.
	invalid    string
	operations map[string]operation
	shapes     map[string]*shape
}

type operation struct {
	Input  string   `json:"input"`
	Output string   `json:"output"`
	Errors []string `json:"errors"`
}

// A shape is one type of the model. Its parts name other shapes.
type shape struct {
	Type      string            `json:"type"`
	Members   map[string]string `json:"members"`
	Required  []string          `json:"required"`
	Member    string            `json:"member"`
	Key       string            `json:"key"`
	Value     string            `json:"value"`
	Min       *int64            `json:"min"`
	Max       *int64            `json:"max"`
	Pattern   string            `json:"pattern"`
	Enum      []string          `json:"enum"`
	Sensitive bool              `json:"sensitive"`

	pattern *regexp.Regexp
}

// LoadModel reads the embedded model of CodePipeline. It fails only if
// model.json was edited by hand and broken.
func LoadModel() (*Model, error) { return ReadModel(modelJSON, Validation) }

// ReadModel reads the model of a service as extract.py writes it. A request
// that breaks the model's rules is answered with the error type invalid, whose
// name differs between services.
func ReadModel(text []byte, invalid string) (*Model, error) {
	var raw struct {
		Operations map[string]operation `json:"operations"`
		Shapes     map[string]*shape    `json:"shapes"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("read a service model: %w", err)
	}
	for name, s := range raw.Shapes {
		if s.Pattern == "" {
			continue
		}
		p, err := regexp.Compile(`^(?:` + s.Pattern + `)$`) // the service matches names in full
		if err != nil {
			return nil, fmt.Errorf("read the pattern of %s: %w", name, err)
		}
		s.pattern = p
	}
	return &Model{invalid: invalid, operations: raw.Operations, shapes: raw.Shapes}, nil
}

// Known reports whether the service has the operation op.
func (m *Model) Known(op string) bool {
	_, ok := m.operations[op]
	return ok
}

// MayAnswer reports whether the operation op lists the error type kind, or any
// operation may answer it.
func (m *Model) MayAnswer(op, kind string) bool {
	return slices.Contains(m.operations[op].Errors, kind) || slices.Contains(protocolErrors, kind)
}

// Input checks body against the input shape of op. It returns the body without
// the members that the model does not know, which CodePipeline ignores, or the
// *Error that the service would answer.
func (m *Model) Input(op string, body []byte) ([]byte, error) {
	return m.check(m.operations[op].Input, body)
}

// Output checks an answer of op in the same way.
func (m *Model) Output(op string, body []byte) error {
	if m.operations[op].Output == "" {
		return nil
	}
	_, err := m.check(m.operations[op].Output, body)
	return err
}
