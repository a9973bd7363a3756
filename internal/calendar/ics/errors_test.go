package ics_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/calendar/ics"
)

func TestErrorsNameTheLine(t *testing.T) {
	t.Parallel()
	const start = "DTSTART:20261201" // on line 3
	tests := []struct {
		name  string
		event []string
		want  string // the beginning
	}{
		{"no start", []string{"UID:1"}, "line 2: the event has no DTSTART; add"},
		{"no such date", []string{"DTSTART:20260229"}, `line 3: DTSTART has "20260229", which is no date or time since 1583;`},
		{"before the calendar", []string{"DTSTART:15821231"}, "line 3: DTSTART has"},
		{"a fraction of a second", []string{"DTSTART:20261201T000000.5"}, "line 3: DTSTART has"},
		{"two starts", []string{start, "DTSTART:20261202"}, "line 4: the event has had DTSTART on line 3 already"},
		{"unknown zone", []string{"DTSTART;TZID=W. Europe Standard Time:20261201T000000"}, `line 3: "W. Europe Standard Time" is no time zone; write an IANA name`},
		{"folded lines count", []string{"SUMMARY:a", " b", "", "DTSTART:x"}, "line 6: DTSTART has"},
		{"an end before the start", []string{start, "DTEND:20261130"}, "line 4: the end is before the start"},
		{"a time that ends before the start", []string{"DTSTART:20261201T120000", "DTEND:20261201T110000"}, "line 4: the end is before the start"},
		{"an end of another kind", []string{start, "DTEND:20261202T000000"}, "line 4: DTEND is a date and the start is a time, or"},
		{"a wrong year in the end", []string{start, "DTEND:22261202"}, "line 4: the event lasts longer than a year"},
		{"an end and a length", []string{start, "DTEND:20261202", "DURATION:P1D"}, "line 5: the event has both DTEND and DURATION"},
		{"no length", []string{start, "DURATION:P"}, `line 4: DURATION has "P", which is no length of time`},
		{"a length into the past", []string{start, "DURATION:-P1D"}, `line 4: DURATION has "-P1D"`},
		{"half a day", []string{start, "DURATION:PT12H"}, "line 4: an event of whole days lasts no whole number of days"},
		{"a long length", []string{start, "DURATION:P1000W"}, "line 4: the event lasts longer than a year"},
		{"an excluding rule", []string{start, "EXRULE:FREQ=DAILY"}, "line 4: EXRULE is not understood"},
		{"RDATE of another kind", []string{start, "RDATE:20261202T000000"}, "line 4: RDATE is a date and DTSTART is a time, or"},
		{"a period of dates", []string{start, "RDATE:20261202/20261203"}, "line 4: RDATE has a period of dates"},
		{"a period that is none", []string{"DTSTART:20261201T000000", "RDATE:20261202T000000/never"}, `line 4: RDATE has "never"`},
		{"a bad RDATE", []string{start, "RDATE:"}, `line 4: RDATE has ""`},
		{"a bad EXDATE", []string{start, "EXDATE:20261301"}, `line 4: EXDATE has "20261301"`},
		{"it replaces nothing", []string{start, "RECURRENCE-ID:20261201"}, "line 4: the event has RECURRENCE-ID but no UID"},
		{"it replaces all that follow", []string{start, "UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261201"}, "line 5: RANGE=THISANDFUTURE is not understood"},

		{"an empty rule", []string{start, "RRULE:"}, `line 4: the rule has "", which has no value`},
		{"a rule without FREQ", []string{start, "RRULE:BYMONTH=1"}, "line 4: the rule cannot be read: RRULE property FREQ is required"},
		{"an unknown FREQ", []string{start, "RRULE:FREQ=EASTER"}, "line 4: the rule cannot be read: undefined frequency: EASTER"},
		{"too often", []string{start, "RRULE:FREQ=SECONDLY"}, "line 4: FREQ=SECONDLY is too often for holidays"},
		{"hours", []string{start, "RRULE:FREQ=DAILY;BYHOUR=1"}, "line 4: BYHOUR is not understood in a rule; write the dates as RDATE"},
		{"the same twice", []string{start, "RRULE:FREQ=DAILY;FREQ=DAILY"}, "line 4: the rule has FREQ twice"},
		{"never again", []string{start, "RRULE:FREQ=DAILY;COUNT=0"}, `line 4: COUNT is "0"; write a number from 1 to 200000`},
		{"standing still", []string{start, "RRULE:FREQ=DAILY;INTERVAL=0"}, `line 4: INTERVAL is "0"; write a number from 1 to 1000`},
		{"a bad until", []string{start, "RRULE:FREQ=DAILY;UNTIL=2027"}, `line 4: RRULE has "2027", which is no date`},
		{"a thirteenth month", []string{start, "RRULE:FREQ=YEARLY;BYMONTH=13"}, "line 4: the rule cannot be followed: bymonth must be between 1 and 12"},
		{"the zeroth Monday", []string{start, "RRULE:FREQ=MONTHLY;BYDAY=0MO"}, `line 4: BYDAY has "0MO"; write days such as`},
		{"the sixth Monday", []string{start, "RRULE:FREQ=MONTHLY;BYDAY=6MO"}, "line 4: BYDAY=+6MO is never; with this frequency write at most 5 before a day"},
		{"the first Monday of a week", []string{start, "RRULE:FREQ=WEEKLY;BYDAY=1MO"}, "line 4: BYDAY=+1MO is never; with this frequency write at most 0 before a day"},
		{"mixed days", []string{start, "RRULE:FREQ=MONTHLY;BYDAY=MO,-1FR"}, "line 4: BYDAY mixes days with and without numbers"},
		{"a numbered week start", []string{start, "RRULE:FREQ=WEEKLY;WKST=1MO"}, "line 4: WKST has a number"},
		{"30 February", []string{start, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,-30"}, "line 4: there is no such day in any year"},
		{"too many times", []string{"DTSTART:15830101", "RRULE:FREQ=DAILY", "RRULE:FREQ=DAILY;INTERVAL=2"}, "line 5: the events take place more than 200000 times"},

		{"no line of a calendar", []string{start, "see you there"}, `line 4: "see you there" is no line of an iCalendar file`},
		{"markup", []string{start, "<b>:x"}, `line 4: "<b>:x" is no line`},
		{"a parameter without a value", []string{"DTSTART;VALUE:20261201"}, "line 3: a parameter of DTSTART has no value"},
		{"a quote without an end", []string{`DTSTART;TZID="x:20261201`}, "line 3: DTSTART has no value"},
		{"an end too many", []string{start, "END:VALARM"}, "line 4: END:VALARM does not fit BEGIN:VEVENT on line 2"},
		{"no end", []string{start, "BEGIN:VALARM"}, "line 5: END:VEVENT does not fit BEGIN:VALARM on line 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dates, err := ics.Holidays(file(tt.event...), "Europe/Berlin", "2026-01-01", "2027-12-31")
			var fault *ics.Error
			if !errors.As(err, &fault) || dates != nil {
				t.Fatalf("got %v, %v; want an *ics.Error alone", dates, err)
			}
			if !strings.HasPrefix(err.Error(), tt.want) || fault.Help == "" {
				t.Errorf("got  %v\nwant %s…", err, tt.want)
			}
		})
	}
}

func TestFilesAndQuestionsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	const zone = "Europe/Berlin"
	good := file("DTSTART:20261201")
	daily := file("DTSTART:20200101", "RRULE:FREQ=DAILY")
	many := "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=YEARLY;COUNT=1\nEND:VEVENT\n", 1001) + "END:VCALENDAR\n"
	tests := []struct {
		name, file, zone string
		from, to         calendar.Date
		want             string
	}{
		{"empty", "", zone, "2026-01-01", "2026-12-31", "line 1: this is no iCalendar file"},
		{"a web page", "<!DOCTYPE html>\n<html>", zone, "2026-01-01", "2026-12-31", "line 1: this is no iCalendar file; use a file that begins with BEGIN:VCALENDAR"},
		{"cut off", string(good[:len(good)-len("END:VEVENT\nEND:VCALENDAR")]), zone, "2026-01-01", "2026-12-31", "line 2: BEGIN:VEVENT has no END; fetch the file again"},
		{"something behind it", string(good) + "\nX-A:1\n", zone, "2026-01-01", "2026-12-31", "line 6: X-A is outside of the calendar"},
		{"too long", string(good) + strings.Repeat("\n", ics.MaxSize), zone, "2026-01-01", "2026-12-31", "the file has 1048"},
		{"too many days", string(daily), zone, "2020-01-01", "2040-12-31", "the calendar has 7671 days; ask for fewer years"},
		{"too many rules", many, zone, "2026-01-01", "2026-12-31", "line 4004: more than 1000 events recur"},
		{"unknown zone", string(good), "Berlin", "2026-01-01", "2026-12-31", `"Berlin" is no time zone; use that of the timetable`},
		{"no date", string(good), zone, "2026-1-1", "2026-12-31", `"2026-1-1" is no date`},
		{"the wrong way round", string(good), zone, "2026-12-31", "2026-01-01", "2026-01-01 is before 2026-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dates, err := ics.Holidays([]byte(tt.file), tt.zone, tt.from, tt.to)
			if got := fmt.Sprint(err); dates != nil || !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %v, %s; want %s…", dates, got, tt.want)
			}
		})
	}
}
