package source

import (
	"errors"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits against text that is small and yet costs minutes or gigabytes: the
// parser takes quadratic time for brackets in brackets and for long mappings,
// and aliases of aliases grow exponentially.
const (
	maxTokens = 30_000
	maxDepth  = 32
	maxValues = 50_000 // with aliases written out
)

// parse reads clean into a tree. The tree is nil if the text is no YAML, or
// YAML that is not for a configuration; other problems leave a tree in which
// more can be found.
func parse(clean string) (*node, Problems) {
	tokens := lexer.Tokenize(clean)
	if p, ok := tooMuch(tokens); ok {
		return nil, Problems{p}
	}
	tokens = joinPlain(tokens)
	// Repeated keys are reported in build, all of them.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Problems{syntaxProblem(err)}
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.DirectiveType {
			bodies = append(bodies, doc.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		return nil, Problems{emptyFile(place{1, 1, 1})}
	case len(bodies) > 1:
		return nil, Problems{start(bodies[1]).problem("", "a second document begins here", "put everything into one document, without a --- line between")}
	}
	b := builder{anchors: map[string]*node{}}
	root := b.build(bodies[0], "")
	if b.overflow {
		return nil, b.problems
	}
	return root, b.problems
}

// tooMuch reports text that would take the parser too long.
func tooMuch(tokens token.Tokens) (Problem, bool) {
	if len(tokens) > maxTokens {
		return placeOf(tokens[maxTokens]).problem("", "the file goes on for too long",
			"use groups for people who approve together, and patterns such as web-* for pipelines that are alike"), true
	}
	depth := 0
	for _, t := range tokens {
		switch t.Type { //nolint:exhaustive // only brackets count
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
		if depth > maxDepth {
			return placeOf(t).problem("", "too many brackets inside brackets", "no setting is nested this deep"), true
		}
	}
	return Problem{}, false
}

// syntaxProblem explains an error of the parser.
func syntaxProblem(err error) Problem {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil {
		return place{1, 1, 1}.problem("", "this is not YAML: "+err.Error(), "")
	}
	at := placeOf(syntax.Token)
	if said, ok := syntaxWords[syntax.Message]; ok {
		return at.problem("", said.message, said.help)
	}
	return at.problem("", "this is not YAML: "+syntax.Message, "")
}

// syntaxWords says in our words what the parser reports most.
var syntaxWords = map[string]struct{ message, help string }{
	"mapping value is not allowed in this context":                       {"a value cannot have a \": \" in it like this", "put the value in quotes, or start a new line, indented like its neighbours"},
	"could not find end character of single-quoted text":                 {"this quote is never closed", "end the text with '"},
	"could not find end character of double-quoted text":                 {"this quote is never closed", "end the text with \""},
	"unexpected key name":                                                {"this is neither a key with a value nor part of a list", "write key: value, and put lists under a key"},
	"non-map value is specified":                                         {"this line is no \"key: value\" as its neighbours are", "write key: value, with a space after the colon"},
	"',' or ']' must be specified":                                       {"a list in brackets is not closed before this", "add the missing comma or ]"},
	"sequence end token ']' not found":                                   {"this list is never closed", "add the missing ]"},
	"',' or '}' must be specified":                                       {"a mapping in braces is not closed before this", "add the missing comma or }"},
	"could not find flow mapping end token '}'":                          {"this mapping is never closed", "add the missing }"},
	"'@' is a reserved character":                                        {"a value cannot begin with @", "put it in quotes"},
	"'`' is a reserved character":                                        {"a value cannot begin with `", "put it in quotes"},
	"block sequence entries are not allowed in this context":             {"a list cannot begin on the line of its key", "start it on the next line, or write [a, b]"},
	"value is not allowed in this context":                               {"this value does not belong here", "check the indentation: keys of one mapping begin in the same column"},
	"unexpected scalar value type":                                       {"this value does not belong here", "check the indentation: keys of one mapping begin in the same column"},
	"value is not allowed in this context. map key-value is pre-defined": {"this value does not belong here", "check the indentation: keys of one mapping begin in the same column"},
	"found an invalid key for this map":                                  {"this cannot be a key", "write a plain name as key"},
}
