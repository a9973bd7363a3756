package ics

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// A moment is a date, or a time that some clock shows.
type moment struct {
	// wall is what the clock shows, labelled as UTC so that arithmetic with it
	// knows no daylight saving.
	wall time.Time
	// zone is where the clock hangs; nil for a date.
	zone *time.Location
}

func (m moment) wholeDay() bool { return m.zone == nil }

// at is when m is. A time that is skipped becomes the first one after the gap,
// as everywhere in package calendar. m has to have a zone.
func (m moment) at() time.Time {
	year, month, day := m.wall.Date()
	hour, minute, second := m.wall.Clock()
	at := time.Date(year, month, day, hour, minute, second, 0, m.zone)
	shown := wallClock(at)
	switch begins, ends := at.ZoneBounds(); {
	case shown.Before(m.wall):
		return ends
	case shown.After(m.wall):
		return begins
	}
	return at
}

// in returns what clocks in zone show at m; a date stays one.
func (m moment) in(zone *time.Location) moment {
	if m.wholeDay() {
		return m
	}
	return moment{wall: wallClock(m.at().In(zone)), zone: zone}
}

// wallClock labels what at shows as UTC.
func wallClock(at time.Time) time.Time {
	_, offset := at.Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}

// firstYear is the first whole one of the Gregorian calendar, which is the
// only one that iCalendar knows.
const firstYear = 1583

// moment reads one value: 20261225, 20261225T000000 or 20261225T000000Z. The
// form alone says which it is, since many programs leave out VALUE=DATE. Times
// without a zone are in zone.
func (p property) moment(value string, zone *time.Location) (moment, error) {
	const help = "write a date as 20261225, or a time as 20261225T180000Z"
	layout := "20060102"
	var m moment
	if len(value) > len(layout) {
		layout = "20060102T150405"
		text, utc := strings.CutSuffix(value, "Z")
		name, named := p.params["TZID"]
		switch {
		case utc:
			zone = time.UTC
		case named:
			var ok bool
			if zone, ok = zoneNamed(name); !ok {
				return moment{}, fault(p.line, "write an IANA name, such as TZID=Europe/Berlin", "%.60q is no time zone", name)
			}
		}
		value, m.zone = text, zone
	}
	var err error
	m.wall, err = time.Parse(layout, value)
	if err != nil || len(value) != len(layout) || m.wall.Year() < firstYear {
		return moment{}, fault(p.line, help, "%s has %.40q, which is no date or time since %d", p.name, value, firstYear)
	}
	return m, nil
}

// zoneNamed finds a zone by its TZID. Some programs write a path of their own
// before the IANA name: "/citadel.org/20210210_1/Europe/Berlin".
func zoneNamed(name string) (*time.Location, bool) {
	for {
		if zone, ok := calendar.Zone(name); ok {
			return zone, true
		}
		var cut bool
		if _, name, cut = strings.Cut(name, "/"); !cut {
			return nil, false
		}
	}
}

// durationForm is RFC 5545's, with numbers that cannot overflow.
var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$`)

// duration reads a value such as P1D, P2W or PT24H. A day has 24 hours here:
// lengths are added to what a clock shows.
func (p property) duration(value string) (time.Duration, error) {
	match := durationForm.FindStringSubmatch(strings.ToUpper(value))
	var total time.Duration
	given := false
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if match == nil || match[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(match[i+1])
		given = err == nil
		total += time.Duration(n) * unit
	}
	if !given {
		return 0, fault(p.line, "write P1D for one day, PT8H for eight hours", "%s has %.40q, which is no length of time", p.name, value)
	}
	return total, nil
}

// between is how much later end is than start on start's clock. It is false if
// end is earlier.
func between(start, end moment) (time.Duration, bool) {
	if start.wholeDay() != end.wholeDay() {
		return 0, false
	}
	if !start.wholeDay() && end.at().Before(start.at()) {
		return 0, false
	}
	length := end.in(start.zone).wall.Sub(start.wall)
	if start.wholeDay() {
		return length, length >= 0
	}
	// In a repeated hour a later time can look earlier.
	return max(length, 0), true
}
