package calendar

import (
	"math/bits"
	"slices"
	"time"
)

const (
	dayMinutes = 24 * 60
	daySeconds = dayMinutes * 60
)

// rules are a Timetable made ready for questions. The zero rules are always
// open.
type rules struct {
	zone     *time.Location // nil if nothing depends on it
	hours    []hours
	holidays []Date
}

// hours are a Window in numbers.
type hours struct {
	days     weekdays // on which it begins
	from, to int      // minutes since that day's midnight; to may be tomorrow
}

// weekdays is a set, with a bit for each time.Weekday.
type weekdays uint8

const everyDay weekdays = 1<<7 - 1

func (w weekdays) has(d time.Weekday) bool { return w&(1<<d) != 0 }

func (w weekdays) count() int { return bits.OnesCount8(uint8(w)) }

func (r rules) openAt(at time.Time) bool {
	if r.zone == nil {
		return true
	}
	_, offset := at.In(r.zone).Zone()
	return r.open(at.Unix() + int64(offset))
}

// open reports whether the wall-clock time wall is open: seconds since the
// wall clock showed 1970-01-01 00:00.
func (r rules) open(wall int64) bool {
	day := floorDiv(wall, daySeconds)
	minute := int(wall-day*daySeconds) / 60
	today, yesterday := weekday(day), weekday(day-1)
	covers := func(h hours) bool { return h.days.has(today) && h.from <= minute && minute < h.to }
	reaches := func(h hours) bool { return h.days.has(yesterday) && minute+dayMinutes < h.to }
	switch {
	case r.holiday(day):
		return false
	case slices.ContainsFunc(r.hours, covers):
		return true
	}
	return slices.ContainsFunc(r.hours, reaches) && !r.holiday(day-1)
}

// find returns the first moment not before at when open is want.
func (r rules) find(at time.Time, want bool) (time.Time, bool) {
	if r.zone == nil {
		return at, want
	}
	now := at.Unix()
	clocks := stretchAt(r.zone, now)
	if r.open(now+clocks.offset) == want {
		return at, true
	}
	marks := r.marks()
	for limit := now + int64(Horizon/time.Second); ; {
		now = min(clocks.end, now+untilMark(marks, now+clocks.offset))
		if now > limit {
			return time.Time{}, false
		}
		if now == clocks.end {
			clocks = stretchAt(r.zone, now)
		}
		if r.open(now+clocks.offset) == want {
			return time.Unix(now, 0).In(at.Location()), true
		}
	}
}

// marks are the minutes of a day at which open can change, in ascending order
// and up to the end of the day.
func (r rules) marks() []int {
	marks := []int{dayMinutes}
	for _, h := range r.hours {
		marks = append(marks, h.from, (h.to-1)%dayMinutes+1)
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

// untilMark is how many seconds after wall the next mark is.
func untilMark(marks []int, wall int64) int64 {
	second := wall - floorDiv(wall, daySeconds)*daySeconds
	i, _ := slices.BinarySearch(marks, int(second)/60+1)
	return int64(marks[i])*60 - second // the last mark ends the day, so there is one
}

// holiday reports whether a day, counted from 1970-01-01, is one.
func (r rules) holiday(day int64) bool {
	if len(r.holidays) == 0 {
		return false
	}
	var text [len("2026-12-25")]byte
	date := time.Unix(day*daySeconds, 0).UTC().AppendFormat(text[:0], time.DateOnly)
	i := holidayIndex(r.holidays, Date(date))
	return i < len(r.holidays) && r.holidays[i] == Date(date)
}

// weekday is the day of the week of a day counted from 1970-01-01, a Thursday.
func weekday(day int64) time.Weekday {
	const first = int64(time.Thursday)
	return time.Weekday(first + day - floorDiv(first+day, 7)*7)
}

// floorDiv rounds towards the past, also before 1970.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
