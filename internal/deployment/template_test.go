package deployment_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// root is the repository's.
const root = "../../"

// A mapping is a mapping of the template. CloudFormation's short functions are
// mappings too: !Ref Table is {"Ref": "Table"}, !GetAtt Table.Arn is
// {"Fn::GetAtt": "Table.Arn"}.
type mapping = map[string]any

// A template is template.yaml as CloudFormation reads it, and its text.
type template struct {
	mapping
	text string
}

// pseudo finds a reference to a pseudo parameter. The parser takes its colons
// for those of a mapping unless it is quoted.
var pseudo = regexp.MustCompile(`(!Ref) (AWS::\w+)`)

// load reads this repository's template, afresh, so that a test may spoil it.
func load(t *testing.T) template {
	t.Helper()
	return loadFile(t, "template.yaml")
}

func loadFile(t *testing.T, name string) template {
	t.Helper()
	text := read(t, name)
	file, err := parser.ParseBytes(pseudo.ReplaceAll([]byte(text), []byte(`$1 "$2"`)), 0)
	if err != nil {
		t.Fatal(err)
	}
	tree, ok := value(t, file.Docs[0].Body).(mapping)
	if !ok {
		t.Fatalf("%s is no mapping", name)
	}
	return template{tree, text}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// value is a node as maps, lists, strings, numbers and booleans.
func value(t *testing.T, node ast.Node) any {
	t.Helper()
	switch n := node.(type) {
	case *ast.MappingNode:
		m := mapping{}
		for _, v := range n.Values {
			m[v.Key.GetToken().Value] = value(t, v.Value)
		}
		return m
	case *ast.MappingValueNode:
		return mapping{n.Key.GetToken().Value: value(t, n.Value)}
	case *ast.SequenceNode:
		list := []any{}
		for _, v := range n.Values {
			list = append(list, value(t, v))
		}
		return list
	case *ast.TagNode:
		name := strings.TrimPrefix(n.Start.Value, "!")
		if name != "Ref" {
			name = "Fn::" + name
		}
		return mapping{name: value(t, n.Value)}
	case *ast.IntegerNode:
		return fmt.Sprint(n.Value) // a number is compared as it is written
	case *ast.BoolNode:
		return n.Value
	case *ast.NullNode:
		return nil
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetToken().Value
	default:
		t.Fatalf("template.yaml:%d: a %s is new here", node.GetToken().Position.Line, node.Type())
		return nil
	}
}

// at follows a path of keys, and of list indexes written as numbers.
func at(v any, path ...string) any {
	for _, key := range path {
		switch in := v.(type) {
		case mapping:
			v = in[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// words is a string, or each string of a list.
func words(v any) []string {
	var all []string
	for _, one := range list(v) {
		if s, ok := one.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// list is v, which CloudFormation takes alone or in a list. Of what depends on a
// condition, it has what either outcome brings.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var all []any
		for _, one := range v {
			all = append(all, list(one)...)
		}
		return all
	case mapping:
		if outcomes, ok := v["Fn::If"].([]any); ok {
			return list(outcomes[1:])
		}
		if v["Ref"] == "AWS::NoValue" {
			return nil
		}
	}
	return []any{v}
}

func number(v any) int {
	var n int
	if _, err := fmt.Sscan(fmt.Sprint(v), &n); err != nil {
		return -1
	}
	return n
}

// target is what a reference leads to: the logical id of !Ref and !GetAtt, the
// text of !Sub, and any other value as Go prints it.
func target(v any) string {
	m, ok := v.(mapping)
	if !ok {
		return fmt.Sprint(v)
	}
	if id, ok := m["Ref"].(string); ok {
		return id
	}
	if attribute, ok := m["Fn::GetAtt"].(string); ok {
		id, _, _ := strings.Cut(attribute, ".")
		return id
	}
	if text, ok := m["Fn::Sub"].(string); ok {
		return text
	}
	return fmt.Sprint(v)
}

func targets(v any) []string {
	var all []string
	for _, one := range list(v) {
		all = append(all, target(one))
	}
	return all
}

// resources are the logical ids of a type, sorted. Every one when kind is "".
func (t template) resources(kind string) []string {
	var ids []string
	all, _ := t.mapping["Resources"].(mapping)
	for id, r := range all {
		if kind == "" || at(r, "Type") == kind {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// of is a value below a resource's Properties.
func (t template) of(id string, path ...string) any {
	return at(t.mapping, append([]string{"Resources", id, "Properties"}, path...)...)
}

const (
	aFunction = "AWS::Serverless::Function"
	aRole     = "AWS::IAM::Role"
	aRule     = "AWS::Events::Rule"
	aQueue    = "AWS::SQS::Queue"
	anAlarm   = "AWS::CloudWatch::Alarm"
	aLogGroup = "AWS::Logs::LogGroup"
)

// references reports whether anything in v leads to the resource id.
func references(v any, id string) bool {
	switch v := v.(type) {
	case mapping:
		if target(v) == id {
			return true
		}
		for _, inner := range v {
			if references(inner, id) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(inner any) bool { return references(inner, id) })
	case string:
		return strings.Contains(v, "${"+id+"}") || strings.Contains(v, "${"+id+".")
	}
	return false
}
