package scheduler

import "time"

// arm makes x wait for a moment, or for none when ok is false: then it has
// completed. The caller holds the lock, as with every method here but ring and
// completed.
func (s *Service) arm(x *schedule, at time.Time, ok bool) {
	x.disarm()
	if !ok {
		s.finish(x)
		return
	}
	if x.State != enabled {
		return
	}
	x.at = at
	x.timer = s.opts.Clock.AfterFunc(at.Sub(s.opts.Clock.Now()), func() { s.ring(x, at) })
}

func (x *schedule) disarm() {
	if x.timer != nil {
		x.timer.Stop() // too late, it does no harm: ring sees that at has changed
	}
	x.timer, x.at = nil, time.Time{}
}

// ring has the target of x invoked for the moment at, unless x has been
// changed or deleted meanwhile, and makes x wait for its next moment. A clock
// calls it, so it must not wait for anything.
func (s *Service) ring(x *schedule, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.schedules[x.place()] != x || !x.at.Equal(at) {
		return
	}
	once := !x.moments.once.IsZero()
	if !x.lost {
		s.desk.take(invocation{
			schedule: x, arn: x.arn, target: x.Target, at: at, began: s.opts.Clock.Now(), replaceable: !once,
		})
	}
	if !once {
		next, ok := x.moments.next(at)
		s.arm(x, next, ok)
		return
	}
	x.disarm()
	if x.lost {
		s.finish(x)
	}
}

// completed is told that an invocation for x has been handed over or given up.
func (s *Service) completed(x *schedule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.timer == nil && s.schedules[x.place()] == x && !x.moments.once.IsZero() {
		s.finish(x)
	}
}

// finish does what x wants to be done when it has completed.
func (s *Service) finish(x *schedule) {
	if x.ActionAfterCompletion == remove && s.schedules[x.place()] == x {
		delete(s.schedules, x.place())
	}
}
