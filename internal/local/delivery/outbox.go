package delivery

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// MaxPending is how many events wait in an Outbox for a bus that is down;
	// beyond, new ones are lost, as EventBridge delivers such events on a best
	// effort basis only (chosen).
	MaxPending = 10_000
	// sendTimeout bounds one try (chosen).
	sendTimeout = 5 * time.Second
)

// pauses are the waits before a failed event is tried again. They pass in real
// time: the bus is real, whatever the emulated clock says (chosen).
var pauses = []time.Duration{100 * time.Millisecond, 400 * time.Millisecond, 1600 * time.Millisecond}

// ErrFull says that an event is lost because MaxPending others wait.
var ErrFull = errors.New("too many wait for the bus")

// An Outbox sends events one by one, in order, behind the back of whoever puts
// them in. It tries an event a few times before it gives it up. Run must be
// running for anything to be sent.
type Outbox[E any] struct {
	send func(context.Context, E) error
	lost func(E, error)
	wake chan struct{} // holds one token when there is something new

	mu      sync.Mutex
	pending []E
}

// NewOutbox makes an Outbox that sends with send, which must return when its
// context ends. Each event that it has tried in vain is told to lost, with the
// last error.
func NewOutbox[E any](send func(context.Context, E) error, lost func(E, error)) *Outbox[E] {
	return &Outbox[E]{send: send, lost: lost, wake: make(chan struct{}, 1)}
}

// Put adds an event. It never blocks. Its only error is ErrFull.
func (o *Outbox[E]) Put(e E) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.pending) >= MaxPending {
		return ErrFull
	}
	o.pending = append(o.pending, e)
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return nil
}

// Pending is how many events wait to be sent.
func (o *Outbox[E]) Pending() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.pending)
}

// Run sends until ctx ends. What waits then is dropped, without a word.
func (o *Outbox[E]) Run(ctx context.Context) {
	for {
		for e, ok := o.take(); ok && ctx.Err() == nil; e, ok = o.take() {
			o.deliver(ctx, e)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		}
	}
}

func (o *Outbox[E]) take() (e E, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.pending) == 0 {
		o.pending = nil // not to keep the room that a burst needed
		return e, false
	}
	e = o.pending[0]
	var nothing E
	o.pending[0] = nothing // the rest of the slice would keep it alive
	o.pending = o.pending[1:]
	return e, true
}

// deliver tries an event a few times and then gives it up.
func (o *Outbox[E]) deliver(ctx context.Context, e E) {
	for try := 0; ctx.Err() == nil; try++ {
		err := o.try(ctx, e)
		if err == nil {
			return
		}
		if try == len(pauses) {
			o.lost(e, err)
			return
		}
		if !sleep(ctx, pauses[try]) {
			return
		}
	}
}

func (o *Outbox[E]) try(ctx context.Context, e E) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return o.send(ctx, e)
}

// sleep waits for d and reports whether ctx lasted that long.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
