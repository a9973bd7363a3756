package calendar

import (
	"strings"
	"time"
)

// String is t for people: "Mon–Thu 09:00–17:00, Fri 09:00–12:00 Europe/Berlin,
// not on holidays". It is meant for a timetable that Check accepts.
func (t Timetable) String() string {
	parts := make([]string, len(t.Windows))
	for i, w := range t.Windows {
		parts[i] = w.String()
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "any time"
	}
	if t.Zone != "" {
		text += " " + t.Zone
	}
	if len(t.Holidays) > 0 {
		text += ", not on holidays"
	}
	return text
}

// String is w for people: "Mon–Thu 09:00–17:00" or "Sat, Sun all day".
func (w Window) String() string {
	if w.From == "00:00" && w.To == "24:00" {
		return daysText(w.Days) + " all day"
	}
	return daysText(w.Days) + " " + string(w.From) + "–" + string(w.To)
}

// Describe is the moment at for people, as t's zone shows it: "Mon 23 Nov
// 09:00 (Europe/Berlin)". Without a usable zone that is UTC.
func (t Timetable) Describe(at time.Time) string {
	zone, ok := Zone(t.Zone)
	if !ok {
		zone = time.UTC
	}
	return at.In(zone).Format("Mon 2 Jan 15:04") + " (" + zone.String() + ")"
}

// daysText names days in the order of the week, three or more in a row by the
// first and the last.
func daysText(days []Day) string {
	var set weekdays
	for _, d := range days {
		bit, _ := d.bit()
		set |= bit
	}
	if set.count() == len(week) {
		return "every day"
	}
	var parts []string
	for i := 0; i < len(week); i++ {
		first := i
		for i < len(week) && set.has(time.Weekday((i+1)%7)) {
			i++
		}
		switch i - first {
		case 0:
		case 1:
			parts = append(parts, title(week[first]))
		case 2:
			parts = append(parts, title(week[first]), title(week[first+1]))
		default:
			parts = append(parts, title(week[first])+"–"+title(week[i-1]))
		}
	}
	return strings.Join(parts, ", ")
}

// title is how people write d.
func title(d Day) string { return strings.ToUpper(string(d[:1])) + string(d[1:]) }
