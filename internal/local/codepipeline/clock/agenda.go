package clock

import (
	"container/heap"
	"time"
)

// An agenda holds the calls that a clock owes. Calls for the same moment keep
// the order in which they were asked for. Its owner's lock guards it.
type agenda struct {
	calls calls
	asked int // counts the calls ever added
}

// An owed call is one that is on an agenda, or was.
type owed struct {
	at    time.Time
	order int
	f     func()
	index int // among the calls; -1 when it is no longer on the agenda
}

func (a *agenda) add(at time.Time, f func()) *owed {
	a.asked++
	c := &owed{at: at, order: a.asked, f: f}
	heap.Push(&a.calls, c)
	return c
}

// next is the call that comes first, or nil.
func (a *agenda) next() *owed {
	if len(a.calls) == 0 {
		return nil
	}
	return a.calls[0]
}

// take removes and returns the first call if it is due by end, else nil.
func (a *agenda) take(end time.Time) *owed {
	c := a.next()
	if c == nil || c.at.After(end) {
		return nil
	}
	a.remove(c)
	return c
}

// remove takes c off and reports whether it was still on.
func (a *agenda) remove(c *owed) bool {
	if c.index < 0 {
		return false
	}
	heap.Remove(&a.calls, c.index)
	return true
}

// calls is a heap.Interface.
type calls []*owed

func (c calls) Len() int { return len(c) }

func (c calls) Less(i, j int) bool {
	if c[i].at.Equal(c[j].at) {
		return c[i].order < c[j].order
	}
	return c[i].at.Before(c[j].at)
}

func (c calls) Swap(i, j int) {
	c[i], c[j] = c[j], c[i]
	c[i].index, c[j].index = i, j
}

// Push is called by the heap alone.
func (c *calls) Push(x any) {
	o, ok := x.(*owed)
	if !ok { // heap.Interface is not generic; only add pushes
		return
	}
	o.index = len(*c)
	*c = append(*c, o)
}

// Pop is called by the heap alone.
func (c *calls) Pop() any {
	last := len(*c) - 1
	o := (*c)[last]
	(*c)[last] = nil
	*c = (*c)[:last]
	o.index = -1
	return o
}
