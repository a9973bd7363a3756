package clock

import (
	"sync"
	"time"
)

// A Manual clock stands still until Advance moves it. It is safe for
// concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
	due agenda
}

// A manualTimer is a call that a Manual clock owes.
type manualTimer struct {
	clock *Manual
	call  *owed
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
	return manualTimer{m, m.due.add(m.now.Add(max(d, 0)), f)}
}

// Stop takes the call off the clock.
func (t manualTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	return t.clock.due.remove(t.call)
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
	c := m.due.take(end)
	if c == nil {
		m.now = end
		m.mu.Unlock()
		return false
	}
	m.now = c.at
	m.mu.Unlock()
	c.f()
	return true
}

// Pending is how many calls the clock owes.
func (m *Manual) Pending() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.due.calls)
}
