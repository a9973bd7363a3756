package calendar

import (
	"fmt"
	"time"
)

// A Problem is one thing to change before a timetable can be used.
type Problem struct {
	// Path is where in the timetable it is, such as "windows[0].from".
	Path string
	// Message says what is wrong, Help what to write instead.
	Message string
	Help    string
}

// Error says all of it in one line.
func (p Problem) Error() string { return p.Path + ": " + p.Message + "; " + p.Help }

// Check returns everything that is wrong with t, in the order of its fields.
// If there is nothing, t means what it says; otherwise t is never open.
func (t Timetable) Check() []Problem {
	_, problems := t.compile()
	return problems
}

// compile makes t ready for questions. With problems the rules mean nothing.
func (t Timetable) compile() (rules, []Problem) {
	if t.Zone == "" && len(t.Windows) == 0 && len(t.Holidays) == 0 {
		return rules{}, nil
	}
	r := rules{holidays: t.Holidays}
	var c checker
	r.zone = c.zone(t.Zone)
	r.hours = c.windows(t.Windows)
	c.holidays(t.Holidays)
	return r, c.problems
}

// A checker collects problems.
type checker struct{ problems []Problem }

func (c *checker) report(path, help, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: path, Message: fmt.Sprintf(format, args...), Help: help})
}

func (c *checker) zone(name string) *time.Location {
	const help = `write a name of the IANA time zone database, such as "Europe/Berlin"`
	zone, ok := Zone(name)
	switch {
	case name == "":
		c.report("zone", help, "there is no time zone, without which hours and holidays mean nothing")
	case !ok:
		c.report("zone", help, "%.60q is no time zone", name)
	}
	return zone
}

func (c *checker) windows(all []Window) []hours {
	if len(all) == 0 {
		return []hours{{days: everyDay, to: dayMinutes}}
	}
	if len(all) > MaxWindows {
		c.report("windows", fmt.Sprintf("write at most %d", MaxWindows), "%d windows are too many", len(all))
	}
	ready := make([]hours, len(all))
	for i, w := range all {
		ready[i] = c.window(w, func(field string) string { return fmt.Sprintf("windows[%d].%s", i, field) })
	}
	return ready
}

func (c *checker) window(w Window, path func(field string) string) hours {
	h := hours{days: c.days(w.Days, path("days"))}
	const help = `write it as HH:MM with 24 hours, such as "09:00"`
	var okFrom, okTo bool
	h.from, okFrom = w.From.minutes()
	h.to, okTo = w.To.minutes()
	switch {
	case !okFrom:
		c.report(path("from"), help, "%.20q is no time of day", string(w.From))
	case h.from == dayMinutes:
		c.report(path("from"), `write "00:00" and name the day after`, "24:00 is the end of a day, where no window begins")
	}
	switch {
	case !okTo:
		c.report(path("to"), help+`; the end of the day is "24:00"`, "%.20q is no time of day", string(w.To))
	case okFrom && h.from == h.to:
		c.report(path("to"), `write from: "00:00" and to: "24:00" for the whole day`, "the window ends when it begins")
	}
	if h.to <= h.from {
		h.to += dayMinutes
	}
	return h
}

func (c *checker) days(all []Day, path string) weekdays {
	const help = "write some of mon, tue, wed, thu, fri, sat, sun"
	if len(all) == 0 {
		c.report(path, help, "the window has no days")
	}
	var days weekdays
	for _, d := range all {
		bit, ok := d.bit()
		switch {
		case !ok:
			c.report(path, help, "%.20q is no day of the week", string(d))
		case days&bit != 0:
			c.report(path, "write each day once", "%s is there twice", d)
		}
		days |= bit
	}
	return days
}

func (c *checker) holidays(all []Date) {
	if len(all) > MaxHolidays {
		c.report("holidays", fmt.Sprintf("keep at most %d", MaxHolidays), "%d holidays are too many", len(all))
	}
	for i, d := range all {
		switch {
		case !d.exists():
			c.report(fmt.Sprintf("holidays[%d]", i), "write YYYY-MM-DD, such as 2026-12-25", "%.20q is no date", string(d))
		case i > 0 && all[i-1] >= d:
			c.report(fmt.Sprintf("holidays[%d]", i), "write each day once and the earliest first", "%s stands behind %s", d, all[i-1])
		}
	}
}

// bit returns the set that holds just d.
func (d Day) bit() (weekdays, bool) {
	for i, known := range week {
		if d == known {
			return 1 << ((i + 1) % 7), true // time.Weekday begins with Sunday
		}
	}
	return 0, false
}

// minutes returns how long after midnight c is: 1440 for "24:00".
func (c Clock) minutes() (int, bool) {
	if len(c) != len("09:00") || c[2] != ':' {
		return 0, false
	}
	hour, okHour := digits(string(c[:2]))
	minute, okMinute := digits(string(c[3:]))
	total := hour*60 + minute
	return total, okHour && okMinute && minute < 60 && total <= dayMinutes
}
