package source

import "strconv"

// A valueKind is what sort of value a node is, in the words of a problem.
type valueKind string

const (
	mappingKind valueKind = "a mapping"
	listKind    valueKind = "a list"
	textKind    valueKind = "text"
	numberKind  valueKind = "a number"
	truthKind   valueKind = "true or false"
	nothingKind valueKind = "nothing"
)

// A node is one value of the document. An alias is the very node that its
// anchor names, so a node can have several parents.
type node struct {
	kind valueKind
	at   place
	// scalar is the value of what is neither mapping nor list, as the JSON
	// Schema library wants it: string, json.Number, bool or nil.
	scalar any
	pairs  []pair
	items  []*node
	// size counts the values in this node, aliases written out.
	size int
}

// A pair is a key of a mapping, which is always text, and its value.
type pair struct {
	key   string
	at    place
	value *node
}

// get returns the value of key in a mapping, or nil.
func (n *node) get(key string) *node {
	p, _ := n.pair(key)
	return p.value
}

// pair returns the pair of key in a mapping.
func (n *node) pair(key string) (pair, bool) {
	for _, p := range n.all() {
		if p.key == key {
			return p, true
		}
	}
	return pair{}, false
}

// all returns the pairs of a mapping.
func (n *node) all() []pair {
	if n == nil {
		return nil
	}
	return n.pairs
}

// text returns the value of a text node.
func (n *node) text() (string, bool) {
	if n == nil || n.kind != textKind {
		return "", false
	}
	s, ok := n.scalar.(string)
	return s, ok
}

// json returns the node as the JSON Schema library wants it.
func (n *node) json() any {
	switch n.kind {
	case mappingKind:
		m := make(map[string]any, len(n.pairs))
		for _, p := range n.pairs {
			m[p.key] = p.value.json()
		}
		return m
	case listKind:
		l := make([]any, len(n.items))
		for i, item := range n.items {
			l[i] = item.json()
		}
		return l
	default:
		return n.scalar
	}
}

// find follows a JSON pointer from n. It returns the value there, the place
// that introduces it (its key, or itself in a list), and the path for people.
func (n *node) find(pointer []string) (found *node, at place, path string) {
	found, at = n, n.at
	for _, token := range pointer {
		if found.kind == listKind {
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(found.items) {
				return found, at, path
			}
			found, path = found.items[i], path+"["+token+"]"
			at = found.at
			continue
		}
		p, ok := found.pair(token)
		if !ok {
			return found, at, path
		}
		found, at, path = p.value, p.at, join(path, token)
	}
	return found, at, path
}

// join appends a key to a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
