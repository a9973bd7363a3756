package notice_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
)

var letters = []string{"a", "b", "c"}

func anyMatch(r *rand.Rand) notice.Match {
	var m notice.Match
	for _, list := range []*[]string{&m.Pipelines, &m.Stages, &m.Environments} {
		for range max(r.IntN(5)-2, 0) {
			*list = append(*list, append(letters, "*", "?")[r.IntN(5)])
		}
	}
	return m
}

// anyTree is a random tree in which every route has a channel of its own.
func anyTree(r *rand.Rand, depth int, next *int) notice.Route {
	*next++
	t := notice.Route{Match: anyMatch(r), Continue: r.IntN(3) == 0, Channel: fmt.Sprintf("C%05d", *next)}
	if depth > 0 {
		for range r.IntN(4) {
			t.Routes = append(t.Routes, anyTree(r, depth-1, next))
		}
	}
	return t
}

// fits is the meaning of a match for one letter, written another way.
func fits(m notice.Match, s notice.Subject) bool {
	for _, pair := range []struct {
		patterns []string
		name     string
	}{{m.Pipelines, s.Pipeline}, {m.Stages, s.Stage}, {m.Environments, s.Environment}} {
		all := slices.Concat(pair.patterns)
		if len(all) > 0 && !slices.Contains(all, pair.name) && !slices.Contains(all, "*") && !slices.Contains(all, "?") {
			return false
		}
	}
	return true
}

// reached says what the semantics of the tree are, route by route and without
// a walk: a route is chosen if all on its path match, none before any of them
// matched and ended it there, and no route below it matches.
func reached(root notice.Route, path []int, s notice.Subject) bool {
	at := root
	for _, i := range path {
		for _, before := range at.Routes[:i] {
			if fits(before.Match, s) && !before.Continue {
				return false
			}
		}
		at = at.Routes[i]
		if !fits(at.Match, s) {
			return false
		}
	}
	return !slices.ContainsFunc(at.Routes, func(below notice.Route) bool { return fits(below.Match, s) })
}

// paths lists the way to every route, parents before children.
func paths(t notice.Route, at []int) [][]int {
	all := [][]int{slices.Clone(at)}
	for i, below := range t.Routes {
		all = append(all, paths(below, append(slices.Clone(at), i))...)
	}
	return all
}

func node(root *notice.Route, path []int) *notice.Route {
	at := root
	for _, i := range path {
		at = &at.Routes[i]
	}
	return at
}

func subject(r *rand.Rand) notice.Subject {
	return notice.Subject{Pipeline: letters[r.IntN(3)], Stage: letters[r.IntN(3)], Environment: letters[r.IntN(3)]}
}

func TestTreeAgreesWithItsDefinition(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	chosen := 0
	for range 8_000 {
		next := 0
		root := anyTree(r, 3, &next)
		root.Match = notice.Match{}
		s := subject(r)
		var want []string
		for _, path := range paths(root, nil) {
			if reached(root, path, s) {
				want = append(want, node(&root, path).Channel)
			}
		}
		var got []string
		for _, d := range root.Deliveries(s) {
			got = append(got, d.Channel)
		}
		chosen += len(got)
		if !slices.Equal(got, want) || len(got) == 0 {
			t.Fatalf("%+v goes to %v, want %v", s, got, want)
		}
	}
	t.Logf("8000 trees, %d routes chosen", chosen)
}

func TestRouteThatDoesNotMatchIsAsGoodAsNone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	removed := 0
	for range 3_000 {
		next := 0
		root := anyTree(r, 3, &next)
		root.Match = notice.Match{}
		s := subject(r)
		want := channels(root.Deliveries(s))
		for _, path := range slices.Backward(paths(root, nil)[1:]) { // the last first, so that indexes stay
			parent, i := node(&root, path[:len(path)-1]), path[len(path)-1]
			if !fits(parent.Routes[i].Match, s) {
				parent.Routes = slices.Delete(parent.Routes, i, i+1)
				removed++
			}
		}
		if diff := cmp.Diff(want, channels(root.Deliveries(s))); diff != "" {
			t.Fatalf("deliveries changed (-before +after):\n%s", diff)
		}
	}
	t.Logf("%d routes removed", removed)
}

func channels(all []notice.Delivery) []string {
	var ids []string
	for _, d := range all {
		ids = append(ids, d.Channel+" "+string(d.Mode))
	}
	return ids
}
