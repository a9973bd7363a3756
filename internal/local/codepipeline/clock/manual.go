package clock

import (
	"slices"
	"sync"
	"time"
)

// A Manual clock stands still until Advance moves it. It is safe for
// concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
	// due holds the pending calls by time; calls for the same moment keep the
	// order in which they were asked for.
	due []*call
}

type call struct {
	clock *Manual
	at    time.Time
	f     func()
}

// NewManual is a clock that stands at now.
func NewManual(now time.Time) *Manual { return &Manual{now: now} }

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// AfterFunc has f called by the Advance that reaches its moment.
func (m *Manual) AfterFunc(d time.Duration, f func()) Timer {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := &call{clock: m, at: m.now.Add(max(d, 0)), f: f}
	i, _ := slices.BinarySearchFunc(m.due, c.at, func(o *call, at time.Time) int {
		if o.at.After(at) {
			return 1
		}
		return -1 // equal moments sort before c: first asked, first called
	})
	m.due = slices.Insert(m.due, i, c)
	return c
}

// Stop takes the call off the clock.
func (c *call) Stop() bool {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	i := slices.Index(c.clock.due, c)
	if i < 0 {
		return false
	}
	c.clock.due = slices.Delete(c.clock.due, i, i+1)
	return true
}

// Advance moves the clock by d and makes every call that falls due on the way,
// in order, each at its own moment, including those that earlier calls add. It
// returns when all of them have returned.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	end := m.now.Add(d)
	m.mu.Unlock()
	for m.step(end) {
	}
}

// step makes the next call that is due by end. Without one it moves the clock
// to end and reports false.
func (m *Manual) step(end time.Time) bool {
	m.mu.Lock()
	if len(m.due) == 0 || m.due[0].at.After(end) {
		m.now = end
		m.mu.Unlock()
		return false
	}
	c := m.due[0]
	m.due = m.due[1:]
	m.now = c.at
	m.mu.Unlock()
	c.f()
	return true
}

// Pending is how many calls the clock owes.
func (m *Manual) Pending() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.due)
}
