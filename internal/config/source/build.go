package source

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// A builder turns the parser's tree into nodes and collects what a
// configuration does not allow.
type builder struct {
	// anchors are the named values so far: an alias means an earlier one, so
	// that nothing can contain itself.
	anchors  map[string]*node
	problems Problems
	// overflow is set when aliases blow the document up. Nothing more is
	// built from then on.
	overflow bool
}

func (b *builder) report(at place, path, message, help string) {
	b.problems = append(b.problems, at.problem(path, message, help))
}

// build returns the node for n, which is never nil.
func (b *builder) build(n ast.Node, path string) *node {
	if n == nil || b.overflow {
		return &node{kind: nothingKind, size: 1}
	}
	at := start(n)
	switch v := n.(type) {
	case *ast.MappingNode:
		return b.mapping(v, at, path)
	case *ast.SequenceNode:
		return b.list(v, at, path)
	case *ast.AnchorNode:
		value := b.build(v.Value, path)
		b.anchors[v.Name.GetToken().Value] = value
		return value
	case *ast.AliasNode:
		return b.alias(v, at, path)
	case *ast.TagNode:
		b.report(at, path, fmt.Sprintf("tags such as %s mean nothing here", v.Start.Value),
			"remove it; a number that is meant as text needs quotes")
		return b.build(v.Value, path)
	}
	return b.scalar(n, at, path)
}

// scalar returns the node of a value without parts.
func (b *builder) scalar(n ast.Node, at place, path string) *node {
	out := &node{kind: nothingKind, at: at, size: 1}
	switch v := n.(type) {
	case *ast.StringNode:
		out.kind, out.scalar = textKind, v.Value
	case *ast.LiteralNode:
		out.kind, out.scalar = textKind, v.Value.Value
	case *ast.BoolNode:
		out.kind, out.scalar = truthKind, v.Value
	case *ast.IntegerNode:
		out.kind, out.scalar = numberKind, json.Number(fmt.Sprint(v.Value))
	case *ast.FloatNode:
		out.kind, out.scalar = numberKind, json.Number(strconv.FormatFloat(v.Value, 'g', -1, 64))
	case *ast.NullNode:
	default: // .inf and .nan, which JSON does not have
		b.report(at, path, fmt.Sprintf("%s means nothing here", n.GetToken().Value), "put it in quotes if it is text")
	}
	return out
}

func (b *builder) list(v *ast.SequenceNode, at place, path string) *node {
	out := &node{kind: listKind, at: at, size: 1}
	for i, item := range v.Values {
		child := b.build(item, fmt.Sprintf("%s[%d]", path, i))
		out.items = append(out.items, child)
		b.grow(out, child)
	}
	return out
}

func (b *builder) mapping(v *ast.MappingNode, at place, path string) *node {
	out := &node{kind: mappingKind, at: at, size: 1}
	seen := map[string]place{}
	var merged []*ast.MappingValueNode
	for _, entry := range v.Values {
		if entry.Key.IsMergeKey() {
			merged = append(merged, entry)
			continue
		}
		key, at, ok := b.key(entry.Key, path)
		if !ok {
			continue
		}
		if first, again := seen[key]; again {
			b.report(at, join(path, key), fmt.Sprintf("%q is given twice, first on line %d", key, first.line), "keep one of the two")
			continue
		}
		seen[key] = at
		b.add(out, pair{key: key, at: at, value: b.build(entry.Value, join(path, key))})
	}
	for _, entry := range merged {
		b.merge(out, b.build(entry.Value, path), placeOf(entry.Key.GetToken()), seen)
	}
	return out
}

// key returns the text of a key. Numbers and the like are taken as written.
func (b *builder) key(k ast.MapKeyNode, path string) (string, place, bool) {
	at := placeOf(k.GetToken())
	switch k.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return k.GetToken().Value, at, true
	}
	b.report(at, path, "this cannot be a key", "write a plain name as key")
	return "", at, false
}

// alias returns the node that an alias stands for.
func (b *builder) alias(v *ast.AliasNode, at place, path string) *node {
	name := v.Value.GetToken().Value
	if n, ok := b.anchors[name]; ok {
		return n
	}
	at.width += utf8.RuneCountInString(name)
	b.report(at, path, fmt.Sprintf("nothing before this is called &%s", name),
		"put text that begins with * in quotes; an alias needs an anchor further up")
	return &node{kind: nothingKind, at: at, size: 1}
}

// merge adds to n the pairs of a << key's value, except for keys in seen: the
// mapping's own come first, then the earlier merged ones.
func (b *builder) merge(n, from *node, at place, seen map[string]place) {
	switch from.kind {
	case mappingKind:
		for _, p := range from.pairs {
			if _, own := seen[p.key]; !own {
				seen[p.key] = p.at
				b.add(n, p)
			}
		}
	case listKind:
		for _, item := range from.items {
			b.merge(n, item, at, seen)
		}
	default:
		b.report(at, "", fmt.Sprintf("<< adds the keys of another mapping, and this is %s", from.kind),
			"write <<: *NAME, where &NAME marks a mapping further up")
	}
}

func (b *builder) add(n *node, p pair) {
	n.pairs = append(n.pairs, p)
	b.grow(n, p.value)
}

// grow counts a child, and stops everything when there are too many values.
func (b *builder) grow(parent, child *node) {
	parent.size += child.size
	if parent.size > maxValues && !b.overflow {
		b.overflow = true
		b.report(child.at, "", fmt.Sprintf("with its aliases written out, this has more than %d values", maxValues), "use groups for people who approve together")
	}
}

// start returns where n begins. For the parser, a mapping in lines begins at
// its first colon; for people, at its first key.
func start(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return placeOf(m.Values[0].Key.GetToken())
	}
	return placeOf(n.GetToken())
}

// placeOf returns where t stands, without the spaces around it.
func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1, 1}
	}
	line, _, _ := strings.Cut(strings.TrimSpace(t.Origin), "\n")
	return place{max(t.Position.Line, 1), max(t.Position.Column, 1), utf8.RuneCountInString(line)}
}
