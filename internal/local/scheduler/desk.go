package scheduler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// firstPause is how long the desk waits before it tries again; the pause
	// doubles each time, up to maxPause (chosen: AWS says only "exponential").
	firstPause = time.Second
	maxPause   = 15 * time.Minute
	// patience bounds one try, by the real clock (chosen).
	patience = 30 * time.Second
)

// A desk hands invocations over, one at a time in the order in which they were
// taken in, and again when that did not work.
type desk struct {
	opts Options
	done func(*schedule) // told when an invocation is out of the house

	ctx    context.Context //nolint:containedctx // the life of the desk's own goroutine
	cancel context.CancelFunc
	worker sync.WaitGroup

	mu      sync.Mutex
	waiting []invocation
	bell    chan struct{} // has room for one
}

// An invocation is a target that is to be invoked for a moment.
type invocation struct {
	schedule *schedule
	arn      string // of the schedule
	target   target
	at       time.Time // the moment it is for
	began    time.Time // the first try was due
	tries    int       // that have failed
	// replaceable is one of many: while it waits, a later one of its schedule
	// makes it needless.
	replaceable bool
}

func openDesk(ctx context.Context, o Options, done func(*schedule)) *desk {
	d := &desk{opts: o, done: done, bell: make(chan struct{}, 1)}
	d.ctx, d.cancel = context.WithCancel(ctx)
	d.worker.Go(d.work)
	return d
}

func (d *desk) close() {
	d.cancel()
	d.worker.Wait()
}

// take puts i at the end of the queue. Of several that may replace each other
// it keeps the one for the latest moment.
func (d *desk) take(i invocation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i.replaceable {
		d.waiting = slices.DeleteFunc(d.waiting, func(other invocation) bool { return i.replaces(other) })
		if slices.ContainsFunc(d.waiting, func(other invocation) bool { return other.replaces(i) }) {
			return
		}
	}
	d.waiting = append(d.waiting, i)
	select {
	case d.bell <- struct{}{}:
	default: // it is ringing
	}
}

func (i invocation) replaces(other invocation) bool {
	return i.schedule == other.schedule && !i.at.Before(other.at)
}

// next takes an invocation off the queue; false means that there is none.
func (d *desk) next() (invocation, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		return invocation{}, false
	}
	i := d.waiting[0]
	d.waiting = slices.Delete(d.waiting, 0, 1)
	return i, true
}

func (d *desk) work() {
	for {
		select {
		case <-d.ctx.Done():
			return
		case <-d.bell:
		}
		for i, ok := d.next(); ok && d.ctx.Err() == nil; i, ok = d.next() {
			d.try(i)
		}
	}
}

// try hands i over, or sees to what becomes of it.
func (d *desk) try(i invocation) {
	id := executionID()
	payload := i.payload(d.opts, id)
	err := d.invoke(i.target.Arn, payload)
	if err == nil {
		d.done(i.schedule)
		return
	}
	if d.ctx.Err() != nil {
		return
	}
	i.tries++
	why := i.exhausted(d.opts.Clock.Now(), err)
	if why == "" {
		d.opts.Clock.AfterFunc(i.pause(), func() { d.take(i) })
		return
	}
	d.opts.Log.Warn("a schedule's target was not invoked", "schedule", i.arn, "target", i.target.Arn, "tries", i.tries, "err", err)
	d.park(i, id, string(payload), why, err)
	d.done(i.schedule)
}

func (d *desk) invoke(function string, payload []byte) error {
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	return d.opts.Functions.Invoke(ctx, function, payload)
}

// pause is how long to wait before the next try.
func (i invocation) pause() time.Duration {
	pause := firstPause
	for range i.tries - 1 {
		pause = min(2*pause, maxPause)
	}
	return pause
}

// exhausted says which condition ends the tries, or is empty when there is to
// be another one.
func (i invocation) exhausted(now time.Time, err error) string {
	policy := i.target.RetryPolicy
	switch {
	case errors.Is(err, ErrNoFunction):
		return "NonRetryableError"
	case i.tries > *policy.MaximumRetryAttempts:
		return "MaximumRetryAttempts"
	case now.Add(i.pause()).Sub(i.began) > time.Duration(*policy.MaximumEventAgeInSeconds)*time.Second:
		return "MaximumEventAgeInSeconds"
	}
	return ""
}
