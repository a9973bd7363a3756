// Package ics reads public holidays from iCalendar files (RFC 5545), the form
// in which governments and calendar programs publish them.
//
// Every event of the file closes each day that it touches, whatever it is
// called, unless its status is CANCELLED. Free or busy (TRANSP) makes no
// difference: calendars of holidays say "free". An event of whole days closes
// those dates in every time zone. An event with times closes the days that it
// touches in the zone of the timetable; times without a zone are in that one.
//
// A rule that cannot be followed exactly is refused, since a holiday that is
// overlooked opens a gate. Reading files is for build time: functions get the
// dates and do not link this package.
package ics

import (
	"bytes"
	"fmt"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// Limits of a file. Public calendars are far below them.
const (
	// MaxSize is the longest file, in bytes.
	MaxSize = 1 << 20
	// maxRules is how many events may recur, maxOccurrences how often all
	// events of a file may occur from their start to the end of the range.
	maxRules       = 1000
	maxOccurrences = 200_000
)

// An Error is why a file cannot be used.
type Error struct {
	// Line counts from 1; it is 0 for the file as a whole.
	Line int
	// Message says what is wrong, Help what to do instead.
	Message string
	Help    string
}

// Error says all of it in one line.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message + "; " + e.Help
	}
	return fmt.Sprintf("line %d: %s; %s", e.Line, e.Message, e.Help)
}

// fault makes an Error about a line.
func fault(line int, help, format string, args ...any) error {
	return &Error{Line: line, Message: fmt.Sprintf(format, args...), Help: help}
}

// Holidays returns the days from from to to, both included, on which the
// events of file take place, in ascending order and each once. They are days
// in the IANA time zone named zone. All errors are of type *Error.
func Holidays(file []byte, zone string, from, to calendar.Date) ([]calendar.Date, error) {
	loc, ok := calendar.Zone(zone)
	if !ok {
		return nil, fault(0, "use that of the timetable, such as Europe/Berlin", "%.60q is no time zone", zone)
	}
	days, err := newDays(from, to)
	if err != nil {
		return nil, err
	}
	if len(file) > MaxSize {
		return nil, fault(0, fmt.Sprintf("keep it below %d", MaxSize), "the file has %d bytes", len(file))
	}
	found, err := events(bytes.TrimPrefix(file, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(found))
	for i, e := range found {
		if entries[i], err = e.entry(loc); err != nil {
			return nil, err
		}
	}
	if err := expand(entries, &days); err != nil {
		return nil, err
	}
	return days.dates()
}

// expand adds all occurrences of entries to days.
func expand(entries []entry, days *days) error {
	replaced := map[string][]moment{}
	for _, e := range entries {
		if e.replaces != nil {
			replaced[e.uid] = append(replaced[e.uid], *e.replaces)
		}
	}
	budget := budget{rules: maxRules, occurrences: maxOccurrences}
	for _, e := range entries {
		if e.cancelled {
			continue
		}
		if e.replaces == nil {
			e.except = append(e.except, replaced[e.uid]...)
		}
		if err := e.occur(days, &budget); err != nil {
			return err
		}
	}
	return nil
}

// days collects days within a range.
type days struct {
	first int   // the day that changes[0] is about, since 1970-01-01
	delta []int // by how many events more are on a day than on the one before
}

func newDays(from, to calendar.Date) (days, error) {
	var ends [2]int
	for i, d := range []calendar.Date{from, to} {
		at, err := time.Parse(time.DateOnly, string(d))
		if err != nil {
			return days{}, fault(0, "write YYYY-MM-DD, such as 2026-12-25", "%.20q is no date", string(d))
		}
		ends[i] = dayNumber(at)
	}
	if ends[1] < ends[0] {
		return days{}, fault(0, "ask from the earlier day to the later", "%s is before %s", to, from)
	}
	return days{first: ends[0], delta: make([]int, ends[1]-ends[0]+2)}, nil
}

// add marks the days from first to last, as far as they are in the range.
func (d *days) add(first, last int) {
	end := len(d.delta) - 1 // of the range
	first, last = max(first-d.first, 0), min(last-d.first, end-1)
	if first <= last {
		d.delta[first]++
		d.delta[last+1]--
	}
}

// end is the first moment after the range.
func (d *days) end() time.Time { return time.Unix(int64(d.first+len(d.delta)-1)*daySeconds, 0).UTC() }

func (d *days) dates() ([]calendar.Date, error) {
	var dates []calendar.Date
	running := 0
	for i, change := range d.delta {
		if running += change; running > 0 {
			dates = append(dates, calendar.DateOf(time.Unix(int64(d.first+i)*daySeconds, 0).UTC()))
		}
	}
	if len(dates) > calendar.MaxHolidays {
		return nil, fault(0, fmt.Sprintf("ask for fewer years, or leave out what is no holiday; the limit is %d", calendar.MaxHolidays),
			"the calendar has %d days", len(dates))
	}
	return dates, nil
}

const daySeconds = 24 * 60 * 60

// dayNumber counts the days from 1970-01-01 to the date that at shows.
func dayNumber(at time.Time) int {
	year, month, day := at.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds) // midnights divide evenly
}
