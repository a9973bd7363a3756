package calendar

import (
	"fmt"
	"slices"
	"time"
)

// A Date is a day of the calendar as "YYYY-MM-DD", in no time zone. Dates
// compare like the days they name.
type Date string

// DateOf returns the day of at in at's own location.
func DateOf(at time.Time) Date { return Date(at.Format(time.DateOnly)) }

// ParseDate reads a day written as "2026-12-25". It fails for any other form
// and for days that no month has.
func ParseDate(text string) (Date, error) {
	if d := Date(text); d.exists() {
		return d, nil
	}
	return "", fmt.Errorf("%.20q is no date; write YYYY-MM-DD, such as 2026-12-25", text)
}

// exists reports whether d is well formed and some calendar has it. It does
// what time.Parse does in a tenth of the time: every question to a timetable
// asks it of every holiday.
func (d Date) exists() bool {
	if len(d) != len("2026-12-25") || d[4] != '-' || d[7] != '-' {
		return false
	}
	year, okYear := digits(string(d[:4]))
	month, okMonth := digits(string(d[5:7]))
	day, okDay := digits(string(d[8:]))
	if !okYear || !okMonth || !okDay || month < 1 || month > 12 {
		return false
	}
	return day >= 1 && day <= daysIn(month, year)
}

// daysIn is how many days a month has.
func daysIn(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// digits reads a number of decimal digits only.
func digits(text string) (int, bool) {
	n := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// holidayIndex is where d stands in the sorted holidays, or would stand.
func holidayIndex(holidays []Date, d Date) int {
	i, _ := slices.BinarySearch(holidays, d)
	return i
}
