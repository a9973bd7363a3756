// Package cron reads the cron expressions of deployment windows and tells when
// a window is open.
//
// The dialect is that of CodePipeline's DeploymentWindow rule (user guide,
// "DeploymentWindow"), which is Quartz's: seconds, minutes, hours, day of month,
// month, day of week and an optional year, with ? L W and #. A window is open
// for every minute that the expression names; its seconds do not count.
package cron

import (
	"fmt"
	"strings"
	"time"
)

// A Schedule is the minutes that an expression names, in the time zone of the
// times it is asked about.
type Schedule struct {
	minutes, hours, months, years set
	days                          dayOfMonth
	weekdays                      dayOfWeek
}

// Parse reads an expression.
func Parse(expression string) (Schedule, error) {
	fields := strings.Fields(strings.ToUpper(expression))
	if len(fields) != 6 && len(fields) != 7 {
		return Schedule{}, fmt.Errorf("cron expression has %d fields, not 6 or 7", len(fields))
	}
	var s Schedule
	var err error
	read := func(name, field string, parse func(string) error) {
		if e := parse(field); e != nil && err == nil {
			err = fmt.Errorf("%s %q of the cron expression: %w", name, field, e)
		}
	}
	plain := func(to *set, r scale) func(string) error {
		return func(field string) (e error) {
			*to, e = parseSet(field, r)
			return e
		}
	}
	var seconds set
	read("seconds", fields[0], plain(&seconds, scale{0, 59, nil}))
	read("minutes", fields[1], plain(&s.minutes, scale{0, 59, nil}))
	read("hours", fields[2], plain(&s.hours, scale{0, 23, nil}))
	read("day of month", fields[3], s.days.parse)
	read("month", fields[4], plain(&s.months, scale{1, 12, monthNames}))
	read("day of week", fields[5], s.weekdays.parse)
	year := "*"
	if len(fields) == 7 {
		year = fields[6]
	}
	read("year", year, plain(&s.years, scale{firstYear, lastYear, nil}))
	if err == nil && s.days.any == s.weekdays.any {
		err = fmt.Errorf("cron expression %q must have ? as its day of month or as its day of week, not both", expression)
	}
	if err != nil {
		return Schedule{}, err
	}
	return s, nil
}

// Open reports whether the window is open at t.
func (s Schedule) Open(t time.Time) bool {
	return s.day(t) && s.hours.has(t.Hour()) && s.minutes.has(t.Minute())
}

// Next is the first moment from t on at which the window is open; false means
// that it never is again.
func (s Schedule) Next(t time.Time) (time.Time, bool) {
	if s.Open(t) {
		return t, true
	}
	// Days are counted in UTC at noon, where every one of them exists.
	for day := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC); day.Year() <= lastYear; {
		switch {
		case !s.years.has(day.Year()):
			day = time.Date(day.Year()+1, 1, 1, 12, 0, 0, 0, time.UTC)
			continue
		case !s.months.has(int(day.Month())):
			day = time.Date(day.Year(), day.Month()+1, 1, 12, 0, 0, 0, time.UTC)
			continue
		}
		if s.day(day) {
			if at, ok := s.within(day, t); ok {
				return at, true
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}, false
}

// within is the first open minute of day that is after t.
func (s Schedule) within(day, t time.Time) (time.Time, bool) {
	y, m, d := day.Date()
	for hour := range 24 {
		if !s.hours.has(hour) {
			continue
		}
		for minute := range 60 {
			at := time.Date(y, m, d, hour, minute, 0, 0, t.Location())
			// An hour that daylight saving skips comes back as another one.
			if s.minutes.has(minute) && at.After(t) && at.Hour() == hour && at.Day() == d {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

func (s Schedule) day(t time.Time) bool {
	return s.years.has(t.Year()) && s.months.has(int(t.Month())) && s.days.has(t) && s.weekdays.has(t)
}
