package ics_test

import (
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/calendar/ics"
)

// FuzzHolidays: whatever a file holds gives dates that a timetable takes, or
// an error, and never both.
func FuzzHolidays(f *testing.F) {
	f.Add(read(f, "berlin.ics"))
	f.Add(read(f, "united-states.ics"))
	f.Add(file("DTSTART;TZID=America/New_York:20261225T000000", "DURATION:P1D", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;WKST=SU"))
	f.Add(file("DTSTART:20261201T000000", "RDATE;VALUE=PERIOD:20261206T000000/P1D", "EXDATE:20261202T000000Z"))
	f.Add(file("DTSTART:20251231", "RRULE:FREQ=YEARLY;BYYEARDAY=-1,360;UNTIL=20300101T000000Z;INTERVAL=3"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		began := time.Now()
		dates, err := ics.Holidays(raw, "Europe/Berlin", "2024-01-01", "2030-12-31")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %v", took)
		}
		if err != nil {
			if dates != nil {
				t.Errorf("both %v and %v", dates, err)
			}
			return
		}
		table := calendar.Timetable{Zone: "Europe/Berlin", Holidays: dates}
		if problems := table.Check(); problems != nil {
			t.Error(problems)
		}
	})
}

// FuzzRule does the same with the part that a library follows.
func FuzzRule(f *testing.F) {
	f.Add("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH,-5SU;BYSETPOS=-1,366", "20200229")
	f.Add("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31,-31;COUNT=7;WKST=SU", "20241231")
	f.Add("FREQ=YEARLY;BYDAY=53MO,-53FR;BYYEARDAY=366,-366;UNTIL=20270101", "20280101T000000Z")
	f.Add("FREQ=WEEKLY;BYDAY=SA,SU;BYMONTHDAY=1;BYYEARDAY=1;BYSETPOS=7", "20231231")
	f.Fuzz(func(t *testing.T, rule, start string) {
		dates, err := ics.Holidays(file("DTSTART:"+start, "RRULE:"+rule), "Europe/Berlin", "2024-01-01", "2030-12-31")
		if err != nil && dates != nil {
			t.Errorf("both %v and %v", dates, err)
		}
	})
}
