package notice

import (
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// at reports whether it is quiet at the moment now. What is broken is never
// quiet: rather noise at night than a failure that nobody hears of.
func (q *Quiet) at(now time.Time) bool {
	if q == nil {
		return false
	}
	return usable(q.Hours) && q.Hours.Open(now) || usable(q.Outside) && !q.Outside.Open(now)
}

// usable reports whether a timetable says anything.
func usable(t calendar.Timetable) bool {
	return t.Zone != "" && len(t.Check()) == 0
}

// Zone is where the quiet hours are counted, for the times in a digest; UTC if
// q says nothing.
func (q *Quiet) Zone() *time.Location {
	if q != nil {
		for _, t := range []calendar.Timetable{q.Hours, q.Outside} {
			if zone, ok := calendar.Zone(t.Zone); ok && t.Zone != "" {
				return zone
			}
		}
	}
	return time.UTC
}

// DigestAt is when what q holds back at the moment now is to be summed up. It
// is after now, and false if q holds nothing back.
func (q *Quiet) DigestAt(now time.Time) (time.Time, bool) {
	if !q.at(now) {
		return time.Time{}, false
	}
	if q.Digest != "" {
		return q.morning(now)
	}
	at := now
	// Both timetables may be set, and one begin when the other ends.
	for range 10 {
		next, ok := at, true
		switch {
		case usable(q.Hours) && q.Hours.Open(at):
			next, ok = q.Hours.Closes(at)
		case usable(q.Outside):
			next, ok = q.Outside.Next(at)
		}
		if !ok || !q.at(next) {
			return next, ok
		}
		at = next
	}
	return at, true
}

// morning is the next time after now when a clock shows q.Digest.
func (q *Quiet) morning(now time.Time) (time.Time, bool) {
	clock := rest(q.Zone().String(), q.Digest)
	if closes, ok := clock.Closes(now); ok {
		now = closes // past what is left of this day
	}
	return clock.Next(now)
}

// rest is open from the time c on until the day ends, so that it opens even
// when the clocks skip c.
func rest(zone string, c calendar.Clock) calendar.Timetable {
	w := calendar.Window{Days: []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun}, From: c, To: "24:00"}
	if c == "00:00" {
		w.To = "12:00" // else it would never open
	}
	return calendar.Timetable{Zone: zone, Windows: []calendar.Window{w}}
}
