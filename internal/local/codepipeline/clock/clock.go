// Package clock is the time that the local world runs on. Nothing in an
// emulator reads the real time or sleeps: it asks a Clock, so that a test, or a
// person at the console, can let days pass at once.
package clock

import "time"

// A Clock tells the time and calls back later.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once, on a goroutine of the clock's choosing, when d
	// has passed. A d of zero or less is due at once, yet f never runs before
	// AfterFunc has returned to a caller that holds a lock which f needs.
	AfterFunc(d time.Duration, f func()) Timer
}

// A Timer is a call that a Clock owes.
type Timer interface {
	// Stop cancels the call and reports whether it came in time. A call that
	// has begun is not waited for.
	Stop() bool
}

// System is the real time.
type System struct{}

// Now is the current time in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// AfterFunc calls f on its own goroutine.
func (System) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }
