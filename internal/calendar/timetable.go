// Package calendar says when something may happen: on which days, between
// which hours, in which time zone, and not on holidays. It decides nothing
// about releases; it is told a time and has no clock of its own.
//
// The clock on the wall decides: a timetable is open whenever a clock in its
// zone shows a time inside one of its windows. The rest follows from it. A
// wall-clock time that daylight saving skips counts as the first moment after
// the gap; one that comes twice counts both times, so that 02:30–03:00 opens
// twice when 02:00–03:00 is repeated. A day that a zone skipped was never open.
//
// Lambda does not promise to have time zones installed, so this package brings
// Go's copy for where there are none, which makes a program about 450 KB larger.
// Reading iCalendar files is for build time and lives in the package ics below.
package calendar

import "time"

// Limits of a timetable. It is stored with every request that it applies to,
// in a DynamoDB item of 400 KB at most.
const (
	MaxWindows  = 50
	MaxHolidays = 5000
)

// Horizon is how far Next and Closes look ahead: more than a year, so that
// what happens once a year is found in every year.
const Horizon = 400 * 24 * time.Hour

// A Timetable is when something may happen. The zero Timetable is always open;
// one that Check has anything to say about is never open.
type Timetable struct {
	// Zone is a name of the IANA time zone database, such as "Europe/Berlin".
	// It may be empty only if Windows and Holidays are.
	Zone string `json:"zone,omitempty"`
	// Windows are the hours in which the timetable is open. They may overlap.
	// Without any it is open at all hours.
	Windows []Window `json:"windows,omitempty"`
	// Holidays are closed from midnight to midnight, and so is what is left of
	// a window that began on one. They are in ascending order, each once.
	Holidays []Date `json:"holidays,omitempty"`
}

// A Window is a stretch of hours that repeats on some days of the week.
type Window struct {
	// Days are the days on which the window begins, each at most once.
	Days []Day `json:"days"`
	// From is the first moment that is open, To the first one that is not. If
	// To is earlier than From, the window ends on the day after. "24:00" is the
	// end of the day.
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// A Day is a day of the week, in three small letters.
type Day string

// The days of the week.
const (
	Mon Day = "mon"
	Tue Day = "tue"
	Wed Day = "wed"
	Thu Day = "thu"
	Fri Day = "fri"
	Sat Day = "sat"
	Sun Day = "sun"
)

// week is in the order in which people read it.
var week = [...]Day{Mon, Tue, Wed, Thu, Fri, Sat, Sun}

// A Clock is what a clock on the wall shows, as "HH:MM" with 24 hours.
type Clock string

// Open reports whether t is open at the moment at.
func (t Timetable) Open(at time.Time) bool {
	r, problems := t.compile()
	return len(problems) == 0 && r.openAt(at)
}

// Next returns the first moment not before at when t is open, in at's
// location: at itself if t is open then. It is false if t does not open within
// the Horizon.
func (t Timetable) Next(at time.Time) (opens time.Time, ok bool) {
	r, problems := t.compile()
	if len(problems) > 0 {
		return time.Time{}, false
	}
	return r.find(at, true)
}

// Closes returns the first moment not before at when t is closed, in at's
// location: at itself if t is closed then. It is false if t stays open for the
// whole Horizon.
func (t Timetable) Closes(at time.Time) (closes time.Time, ok bool) {
	r, problems := t.compile()
	if len(problems) > 0 {
		return at, true
	}
	return r.find(at, false)
}

// Since returns t without the holidays that are over at the moment at. It says
// the same as t about that moment and all later ones, and is smaller to store.
func (t Timetable) Since(at time.Time) Timetable {
	r, problems := t.compile()
	if len(problems) > 0 || len(t.Holidays) == 0 {
		return t
	}
	// A holiday also closes the rest of a window that runs into the next day;
	// the second day is for a zone's clock that is set back over midnight.
	first := DateOf(at.In(r.zone).AddDate(0, 0, -2))
	t.Holidays = t.Holidays[holidayIndex(t.Holidays, first):]
	return t
}
