package source

import "github.com/signalbox/signalbox/internal/approval"

// A selector is a match as written.
type selector struct {
	approval.Match
	// environments are the words behind Match.Environments.
	environments []word
	// complete is whether Match holds all that the document says, and that is
	// something.
	complete bool
}

func readMatch(n *node, path string) selector {
	s := selector{complete: len(n.all()) > 0}
	s.Pipelines = s.patterns(n.get("pipeline"))
	s.Stages = s.patterns(n.get("stage"))
	s.Actions = s.patterns(n.get("action"))
	s.Accounts = s.patterns(n.get("account"))
	s.Regions = s.patterns(n.get("region"))
	s.Environments = s.patterns(n.get("environment"))
	s.environments = readOneOrMore(n.get("environment"), join(path, "environment"))
	return s
}

// patterns reads one pattern or a list of them. Whatever else is there makes
// the selector incomplete, as less would then seem to match more.
func (s *selector) patterns(n *node) []string {
	if n == nil {
		return nil
	}
	nodes := []*node{n}
	if n.kind == listKind {
		nodes = n.items
	}
	var out []string
	for _, item := range nodes {
		if text, ok := item.text(); ok {
			out = append(out, text)
		}
	}
	s.complete = s.complete && len(out) == len(nodes) && len(out) > 0
	return out
}
