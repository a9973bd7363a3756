package notice

import "time"

// slack is the least by which a release has to be late to count as stuck, so
// that quick ones do not cry wolf.
const slack = 10 * time.Minute

// StuckAt is when r, if nothing changes, has been under way for so much longer
// than usual that somebody should look: by half, and by ten minutes at least.
// What people took over their approvals does not count, and while one waits, or
// the release is Held, nothing is stuck. It is false if r cannot get stuck as it stands.
func (r Release) StuckAt() (time.Time, bool) {
	began := r.since()
	if r.Usual <= 0 || r.Held || began.IsZero() || r.State.ended() || r.State == StateStopping {
		return time.Time{}, false
	}
	for _, s := range r.Stages {
		if len(s.Waiting()) > 0 || s.State == StateFailed {
			return time.Time{}, false
		}
	}
	return began.Add(r.Usual + max(r.Usual/2, slack) + r.waited(began)), true
}

// waited is how long approvals that are over took after the moment from.
// Approvals at the same time count once.
func (r Release) waited(from time.Time) time.Duration {
	var all time.Duration
	for _, s := range r.Stages {
		for _, a := range s.Actions {
			since := later(a.Began, from)
			if a.approval() && a.State.ended() && !a.Began.IsZero() && a.Ended.After(since) {
				all += a.Ended.Sub(since)
				from = a.Ended
			}
		}
	}
	return all
}

// since is when the latest attempt began.
func (r Release) since() time.Time {
	n := r.attempt()
	if n == 1 {
		return r.Began
	}
	var first time.Time
	for _, s := range r.Stages {
		if max(s.Attempt, 1) == n && !s.Began.IsZero() && (first.IsZero() || s.Began.Before(first)) {
			first = s.Began
		}
	}
	return first
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
