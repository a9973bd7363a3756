package release

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/event"
)

// A cell is a part of a record that never changes its place: rank compares the
// keys alone. What is told about one key is joined, which is commutative,
// associative and idempotent.
type cell[T any] interface {
	comparable
	// rank is negative if the cell is kept rather than the other.
	rank(T) int
	// sibling reports whether both are attempts of the same.
	sibling(T) bool
	join(T) T
	// name is of the key.
	name() string
}

// put joins c into list, which is in order of rank and never changed in place.
// At most tries siblings and total cells stay, those first in rank; put
// returns what had to go, and whether the list is another one.
//
// That is the same in any order of calls: nothing that goes could ever come
// back, because what pushed it out can be pushed out only by what is kept
// rather still, and joining changes no key.
func put[T cell[T]](list []T, c T, tries, total int) (kept []T, out *T, changed bool) {
	at, found := slices.BinarySearchFunc(list, c, T.rank)
	if found {
		joined := list[at].join(c)
		if joined == list[at] {
			return list, nil, false
		}
		kept = slices.Clone(list)
		kept[at] = joined
		return kept, nil, true
	}
	surplus := -1
	siblings := 0
	for i, other := range list {
		if other.sibling(c) {
			surplus, siblings = i, siblings+1
		}
	}
	switch {
	case siblings >= tries && at > surplus, siblings < tries && len(list) >= total && at == len(list):
		return list, &c, false
	case siblings >= tries:
	case len(list) >= total:
		surplus = len(list) - 1
	default:
		surplus = -1
	}
	kept = make([]T, 0, len(list)+1)
	kept = append(append(append(kept, list[:at]...), c), list[at:]...)
	if surplus < 0 {
		return kept, nil, true
	}
	gone := list[surplus]
	return slices.Delete(kept, surplus+1, surplus+2), &gone, true // c came in before it
}

// A Tally counts different things without keeping them: it holds a hash of
// each, up to maxTally of them.
type Tally []uint32

// maxTally bounds a Tally; from there on Count means "or more".
const maxTally = 64

// Count is how many different things were told of, or maxTally if there are
// more.
func (t Tally) Count() int { return len(t) }

// with is t and name; false if it is there already or has no room.
func (t Tally) with(name string) (Tally, bool) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	at, found := slices.BinarySearch(t, h.Sum32())
	if found || at >= maxTally {
		return t, false
	}
	t = slices.Insert(slices.Clone(t), at, h.Sum32())
	return t[:min(len(t), maxTally)], true
}

func (p Pass) rank(o Pass) int {
	return cmp.Or(o.belongs()-p.belongs(), cmp.Compare(o.Attempt, p.Attempt), cmp.Compare(p.Stage, o.Stage))
}

// belongs is 1 for attempts of the execution itself, which are always kept.
func (p Pass) belongs() int {
	if p.Stage == "" {
		return 1
	}
	return 0
}

func (p Pass) sibling(o Pass) bool { return p.Stage == o.Stage }

func (p Pass) join(o Pass) Pass {
	p.State = later(p.State, o.State)
	p.Began, p.Since, p.Until = earliest(p.Began, o.Began), earliest(p.Since, o.Since), latest(p.Until, o.Until)
	return p
}

func (p Pass) name() string { return p.Stage }

func (r Run) rank(o Run) int {
	return cmp.Or(cmp.Compare(o.Attempt, r.Attempt), strings.Compare(r.Stage, o.Stage),
		strings.Compare(r.Action, o.Action), strings.Compare(r.ID, o.ID))
}

func (r Run) sibling(o Run) bool { return r.Stage == o.Stage && r.Action == o.Action }

func (r Run) join(o Run) Run {
	r.State = later(r.State, o.State)
	r.Since, r.Until = earliest(r.Since, o.Since), latest(r.Until, o.Until)
	r.Kind = Kind{
		Category: max(r.Category, o.Category), Owner: max(r.Owner, o.Owner),
		Provider: max(r.Provider, o.Provider), Region: max(r.Region, o.Region),
	}
	return r
}

func (r Run) name() string {
	return strings.Join([]string{r.Stage, r.Action, r.ID, strconv.Itoa(r.Attempt)}, "\x00")
}

// rank keeps what failures say first: somebody will have to read it.
func (r Result) rank(o Result) int {
	return cmp.Or(r.weight()-o.weight(), cmp.Compare(o.Attempt, r.Attempt), strings.Compare(r.Stage, o.Stage),
		strings.Compare(r.Action, o.Action), strings.Compare(r.ID, o.ID), cmp.Compare(r.State, o.State))
}

func (r Result) weight() int {
	if r.State == event.Failed {
		return 0
	}
	return 1
}

func (r Result) sibling(Result) bool { return false }

func (r Result) join(o Result) Result {
	r.Ending = Ending{
		Code: max(r.Code, o.Code), Summary: max(r.Summary, o.Summary),
		ExternalID: max(r.ExternalID, o.ExternalID), URL: max(r.URL, o.URL),
	}
	return r
}

func (r Result) name() string { return r.ID }
