package clock

import (
	"fmt"
	"math"
	"sync"
	"time"
)

const (
	// MaxSpeed is the fastest that a Scaled clock runs: a day in a minute and
	// a half. Faster than that, the real work between two emulated moments is
	// all that one would see (chosen).
	MaxSpeed = 1000
	// MaxAdvance is the farthest that a Scaled clock is moved at once: more
	// than the twelve months that CodePipeline remembers (chosen).
	MaxAdvance = 400 * 24 * time.Hour

	// maxNap is how long a Scaled clock sleeps at most. The timers of a machine
	// do not count the time that the machine itself sleeps; its wall clock does.
	maxNap = 10 * time.Second
)

// A Scaled clock begins at the real time and then runs at a speed of its own:
// 1 is real time, 20 is twenty times as fast, 0 stands still. Besides, Advance
// moves it on at once. It is safe for concurrent use.
//
// It never goes back, and it never passes the moment of a call that it owes:
// until that call has returned, the time stands at its moment. So calls come
// one after another in the order of their moments, each sees exactly the time
// that it asked for, and what it asks for in turn comes in the right order too,
// no matter how fast the time should run. When the calls cannot keep up with
// the speed, the time is late and hurries afterwards.
//
// Calls are made on goroutines of the clock, one at a time: they must not block,
// and not call Advance or Close.
type Scaled struct {
	mu   sync.Mutex
	idle *sync.Cond // signals the end of busy
	due  agenda
	// The time should be emulated when the wall clock shows real, and from
	// there run at speed. It may be late: told is the latest that was told.
	real, emulated, told time.Time
	speed                float64
	busy                 bool // calls are being made; the time stands
	alarm                *time.Timer
	closed               bool
}

// NewScaled is a clock that shows the real time and goes on at speed. Close it
// when it is not needed any more.
func NewScaled(speed float64) (*Scaled, error) {
	if err := checkSpeed(speed); err != nil {
		return nil, err
	}
	now := wall()
	s := &Scaled{real: now, emulated: now, told: now, speed: speed}
	s.idle = sync.NewCond(&s.mu)
	s.alarm = time.AfterFunc(maxNap, s.ring)
	return s, nil
}

// wall is the real time, by the clock that other programs go by.
func wall() time.Time { return time.Now().UTC() } // UTC strips the monotonic reading

func checkSpeed(speed float64) error {
	if !(speed >= 0 && speed <= MaxSpeed) { // so that NaN is refused as well
		return fmt.Errorf("the speed is %v: set it to a number from 0, which stops the time, to %d; 1 is real time", speed, MaxSpeed)
	}
	return nil
}

// Now is the emulated time.
func (s *Scaled) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is the emulated time. The caller holds the lock, as with every method
// below that takes none.
func (s *Scaled) now() time.Time {
	if s.busy {
		return s.told
	}
	now := s.target()
	if c := s.due.next(); c != nil && c.at.Before(now) {
		now = c.at // it is on its way
	}
	if now.After(s.told) {
		s.told = now
	}
	return s.told
}

// target is what the time should be, were no call late.
func (s *Scaled) target() time.Time {
	now := wall()
	if passed := now.Sub(s.real); passed > 0 {
		s.emulated = s.emulated.Add(time.Duration(math.Round(float64(passed) * s.speed)))
	}
	s.real = now // a wall clock that was put back does not take the emulated time along
	return s.emulated
}

// Speed is how fast the time runs.
func (s *Scaled) Speed() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.speed
}

// SetSpeed lets the time run at another speed from now on. The error is a
// sentence that says what is possible.
func (s *Scaled) SetSpeed(speed float64) error {
	if err := checkSpeed(speed); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target() // what has passed has passed at the old speed
	s.speed = speed
	s.setAlarm()
	return nil
}
