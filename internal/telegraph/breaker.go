package telegraph

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// tolerance is how many calls in a row may fail before a destination is
	// left alone, and restPeriod for how long.
	tolerance  = 3
	restPeriod = 30 * time.Second
)

// Breakers leave destinations alone that are out of order: what they are to be
// told waits in the queue, and no time is spent on finding that out again. They
// are safe for concurrent use.
type Breakers struct {
	mu sync.Mutex
	by map[string]*breaker
}

type breaker struct {
	failures int
	until    time.Time
}

// allow fails with a *LaterError while destination is left alone.
func (b *Breakers) allow(destination string, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := b.of(destination).until.Sub(now)
	if left <= 0 {
		return nil
	}
	return &LaterError{After: left, Err: fmt.Errorf("%s is left alone for a while", destination)}
}

// tell takes in what became of a call. After a rest, one failure is enough for
// the next.
func (b *Breakers) tell(destination string, err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of(destination)
	var (
		wait *LaterError
		no   *RefusedError
	)
	switch {
	case errors.As(err, &wait):
		one.until = later(one.until, now.Add(wait.After))
	case errors.As(err, &no) && no.Everywhere:
		one.until = later(one.until, now.Add(restPeriod))
	case err == nil || errors.As(err, &no): // it answers
		one.failures = 0
	default:
		if one.failures++; one.failures >= tolerance {
			one.until = later(one.until, now.Add(restPeriod))
		}
	}
}

func (b *Breakers) of(destination string) *breaker {
	if b.by == nil {
		b.by = map[string]*breaker{}
	}
	if b.by[destination] == nil {
		b.by[destination] = &breaker{}
	}
	return b.by[destination]
}
