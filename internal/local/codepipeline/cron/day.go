package cron

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A dayOfMonth is that field: ?, a set, or days counted from the month's end or
// moved to the nearest weekday.
type dayOfMonth struct {
	any  bool // ?
	set  set
	last bool // L, L-3, LW
	// before is how many days before the last one.
	before int
	// nearest moves the day to the nearest weekday within the month.
	nearest bool
	day     int // of 15W
}

func (d *dayOfMonth) parse(field string) error {
	switch body, weekday := strings.CutSuffix(field, "W"); {
	case field == "?":
		d.any = true
	case body == "L" || strings.HasPrefix(body, "L-"):
		d.last, d.nearest = true, weekday
		if _, offset, ok := strings.Cut(body, "-"); ok {
			n, err := strconv.Atoi(offset)
			if err != nil || n < 1 || n > 30 {
				return errors.New("the offset from L is no number from 1 to 30")
			}
			d.before = n
		}
	case weekday:
		n, err := scale{1, 31, nil}.value(body)
		if err != nil {
			return fmt.Errorf("the day of W: %w", err)
		}
		d.day, d.nearest = n, true
	default:
		s, err := parseSet(field, scale{1, 31, nil})
		d.set = s
		return err
	}
	return nil
}

func (d dayOfMonth) has(t time.Time) bool {
	if d.any {
		return true
	}
	length := daysIn(t)
	day := d.day
	switch {
	case d.last:
		day = length - d.before
	case !d.nearest:
		return d.set.has(t.Day())
	}
	if day < 1 || day > length {
		return false
	}
	if d.nearest {
		day = nearestWeekday(t, day, length)
	}
	return t.Day() == day
}

// nearestWeekday is the weekday nearest to a day of t's month, without leaving
// the month.
func nearestWeekday(t time.Time, day, length int) int {
	switch time.Date(t.Year(), t.Month(), day, 12, 0, 0, 0, time.UTC).Weekday() {
	case time.Saturday:
		if day == 1 {
			return 3
		}
		return day - 1
	case time.Sunday:
		if day == length {
			return day - 2
		}
		return day + 1
	}
	return day
}

func daysIn(t time.Time) int {
	return time.Date(t.Year(), t.Month()+1, 0, 12, 0, 0, 0, time.UTC).Day()
}

// A dayOfWeek is that field: ?, a set with 1 for Sunday, the last or the n-th
// of a weekday in the month.
type dayOfWeek struct {
	any     bool // ?
	set     set
	weekday int // of 6L and 6#3
	last    bool
	nth     int
}

var weekdayScale = scale{1, 7, weekdayNames}

func (d *dayOfWeek) parse(field string) error {
	var err error
	weekday, nth, numbered := strings.Cut(field, "#")
	switch {
	case field == "?":
		d.any = true
	case field == "L":
		d.set = set{values: map[int]bool{7: true}}
	case numbered:
		d.weekday, err = weekdayScale.value(weekday)
		if n, e := strconv.Atoi(nth); e == nil && n >= 1 && n <= 5 {
			d.nth = n
		} else if err == nil {
			err = errors.New("the number after # is not from 1 to 5")
		}
	case strings.HasSuffix(field, "L"):
		d.last = true
		d.weekday, err = weekdayScale.value(strings.TrimSuffix(field, "L"))
	default:
		d.set, err = parseSet(field, weekdayScale)
	}
	return err
}

func (d dayOfWeek) has(t time.Time) bool {
	weekday := int(t.Weekday()) + 1
	switch {
	case d.any:
		return true
	case d.last:
		return weekday == d.weekday && t.Day()+7 > daysIn(t)
	case d.nth > 0:
		return weekday == d.weekday && (t.Day()-1)/7+1 == d.nth
	}
	return d.set.has(weekday)
}
