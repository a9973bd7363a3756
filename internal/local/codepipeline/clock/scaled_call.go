package clock

import (
	"fmt"
	"math"
	"time"
)

// A scaledTimer is a call that a Scaled clock owes.
type scaledTimer struct {
	clock *Scaled
	call  *owed
}

// AfterFunc calls f when d has passed on this clock, however fast it runs then.
func (s *Scaled) AfterFunc(d time.Duration, f func()) Timer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.due.add(s.now().Add(max(d, 0)), f)
	if s.due.next() == c {
		s.setAlarm()
	}
	return scaledTimer{s, c}
}

// Stop takes the call off the clock.
func (t scaledTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	return t.clock.due.remove(t.call) // the alarm then rings for nothing, once
}

// Advance moves the clock on by d, and makes every call that falls due on the
// way, in order, each at its own moment, including those that earlier calls
// add. It returns when all of them have returned. The error is a sentence that
// says what is possible.
func (s *Scaled) Advance(d time.Duration) error {
	if err := checkAdvance(d); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target()
	s.emulated = s.emulated.Add(d)
	end := s.emulated
	for s.busy { // whoever is at it goes on to the new time
		s.idle.Wait()
	}
	s.call(func() time.Time { return end })
	return nil
}

func checkAdvance(d time.Duration) error {
	if d < 0 || d > MaxAdvance {
		return fmt.Errorf("cannot advance the time by %s: it goes forward only, by at most %s at once", d, MaxAdvance)
	}
	return nil
}

// ring makes the calls that have fallen due.
func (s *Scaled) ring() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.busy {
		s.call(s.target)
	}
}

// call makes the calls that are due by end, in order, and gives up the lock
// during each.
func (s *Scaled) call(end func() time.Time) {
	s.busy = true
	for !s.closed {
		c := s.due.take(end())
		if c == nil {
			break
		}
		s.told = c.at
		s.mu.Unlock()
		c.f()
		s.mu.Lock()
	}
	s.busy = false
	s.idle.Broadcast()
	s.setAlarm()
}

// setAlarm sets the alarm for the call that comes next. While calls are being
// made there is no need for one.
func (s *Scaled) setAlarm() {
	if s.busy || s.closed {
		return
	}
	nap := maxNap
	if c := s.due.next(); c != nil {
		away := c.at.Sub(s.target())
		switch {
		case away <= 0:
			nap = 0
		case s.speed > 0:
			// Rounded up: an alarm that rings too early rings twice.
			nap = time.Duration(min(math.Ceil(float64(away)/s.speed), float64(maxNap)))
		}
	}
	s.alarm.Reset(nap)
}

// Close stops the clock's alarm: calls that are still owed are never made. It
// waits for the one that is being made, if any. The time can still be read.
func (s *Scaled) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.alarm.Stop()
	for s.busy {
		s.idle.Wait()
	}
}
