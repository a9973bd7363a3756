package ics_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/calendar/ics"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// file wraps the lines of one event in a calendar.
func file(event ...string) []byte {
	lines := append([]string{"BEGIN:VCALENDAR", "BEGIN:VEVENT"}, event...)
	return []byte(strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR"), "\n"))
}

func TestPublishedCalendars(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, zone string
		from, to   calendar.Date
		want       string
	}{
		{"berlin.ics", "Europe/Berlin", "2026-01-01", "2026-12-31", "2026-01-01 2026-04-03 2026-12-25 2026-12-26"},
		{"berlin.ics", "Europe/Berlin", "2026-12-26", "2030-12-31", "2026-12-26"},
		{"united-states.ics", "America/New_York", "2026-11-01", "2029-06-30",
			"2026-11-26 2027-01-01 2027-05-31 2027-06-18 2027-11-24 " +
				"2028-01-01 2028-01-17 2028-05-29 2028-06-19 " +
				"2029-01-01 2029-01-15 2029-01-20 2029-05-28 2029-06-19"},
		{"united-states.ics", "America/New_York", "2033-01-02", "2033-02-28", "2033-01-17"},
	}
	for _, tt := range tests {
		t.Run(tt.file+" from "+string(tt.from), func(t *testing.T) {
			t.Parallel()
			raw := read(t, tt.file)
			for name, raw := range map[string][]byte{
				"as published":           raw,
				"with a byte order mark": append([]byte("\ufeff"), raw...),
				"with LF":                []byte(strings.ReplaceAll(string(raw), "\r\n", "\n")),
				"in small letters":       []byte(strings.ReplaceAll(strings.ReplaceAll(string(raw), "BEGIN:", "begin:"), "RRULE:FREQ=YEARLY", "rrule:freq=yearly")),
				"twice":                  append(append([]byte{}, raw...), raw...),
			} {
				got, err := ics.Holidays(raw, tt.zone, tt.from, tt.to)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if diff := cmp.Diff(tt.want, text(got)); diff != "" {
					t.Errorf("%s: holidays (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func text(dates []calendar.Date) string {
	words := make([]string, len(dates))
	for i, d := range dates {
		words[i] = string(d)
	}
	return strings.Join(words, " ")
}

func TestEventsCloseTheDaysTheyTouch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		event []string
		want  string
	}{
		{"a date without an end", []string{"DTSTART;VALUE=DATE:20261225"}, "25"},
		{"a date by its form alone", []string{"DTSTART:20261225"}, "25"},
		{"a date with a zone, which it has not", []string{"DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20261225"}, "25"},
		{"an end that is the start", []string{"DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261225"}, "25"},
		{"three days", []string{"DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"}, "24 25 26"},
		{"a duration of days", []string{"DTSTART;VALUE=DATE:20261224", "DURATION:P2D"}, "24 25"},
		{"a duration of 24 hours", []string{"DTSTART;VALUE=DATE:20261224", "DURATION:PT24H"}, "24"},
		{"a week over the end of the range", []string{"DTSTART;VALUE=DATE:20261228", "DURATION:P1W"}, "28 29 30 31"},

		{"from midnight to midnight", []string{"DTSTART;TZID=Europe/Berlin:20261225T000000", "DTEND;TZID=Europe/Berlin:20261226T000000"}, "25"},
		{"the same in UTC", []string{"DTSTART:20261224T230000Z", "DTEND:20261225T230000Z"}, "25"},
		{"an evening into the night", []string{"DTSTART:20261225T200000", "DTEND:20261226T000001"}, "25 26"},
		{"a moment", []string{"DTSTART:20261225T000000"}, "25"},
		{"a day elsewhere touches two here", []string{"DTSTART;TZID=America/New_York:20261225T000000", "DURATION:P1D"}, "25 26"},
		{"a quoted zone behind a path", []string{`DTSTART;TZID="/example.org/1/Europe/Berlin":20261225T000000`, "DURATION:PT1H"}, "25"},
		{"the end in another zone", []string{"DTSTART;TZID=Europe/Berlin:20261225T120000", "DTEND:20261225T225959Z"}, "25"},

		{"daily", []string{"DTSTART:20261201", "RRULE:FREQ=DAILY;COUNT=3"}, "01 02 03"},
		{"every other day until a date", []string{"DTSTART:20261201", "RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261205"}, "01 03 05"},
		{"until a time before midnight here", []string{"DTSTART:20261201", "RRULE:FREQ=DAILY;UNTIL=20261203T225959Z"}, "01 02 03"},
		{"until midnight here", []string{"DTSTART:20261201", "RRULE:FREQ=DAILY;UNTIL=20261203T230000Z"}, "01 02 03 04"},
		{"weekly", []string{"DTSTART:20261201", "RRULE:FREQ=WEEKLY;BYDAY=TU,SA;UNTIL=20261212;WKST=SU"}, "01 05 08 12"},
		{"the last weekday of each month", []string{"DTSTART:20260130", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"}, "31"},
		{"the last day of each month", []string{"DTSTART:20260131", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1"}, "31"},
		{"the day of the year", []string{"DTSTART:20251231", "RRULE:FREQ=YEARLY;BYYEARDAY=-1,360;"}, "26 31"},
		{"a start that does not follow its rule", []string{"DTSTART:20261210", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"}, "10 25"},
		{"several days each time", []string{"DTSTART:20201224", "DTEND:20201227", "RRULE:FREQ=YEARLY"}, "24 25 26"},
		{"it began last year", []string{"DTSTART:20261125", "DURATION:P2D", "RRULE:FREQ=WEEKLY;COUNT=2"}, "02 03"},
		{"weekly at a time, until a date", []string{"DTSTART;TZID=Europe/Berlin:20261201T120000", "RRULE:FREQ=WEEKLY;UNTIL=20261215"}, "01 08 15"},
		{"weekly in UTC, the day after here", []string{"DTSTART:20261130T233000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261214T233000Z"}, "01 08 15"},

		{"dates besides", []string{"DTSTART:20261201", "RDATE;VALUE=DATE:20261206,20261213"}, "01 06 13"},
		{"periods besides", []string{"DTSTART:20261201T000000", "RDATE;VALUE=PERIOD:20261206T000000/20261208T000000, 20261210T000000/P1D"}, "01 06 07 10"},
		{"all but some dates", []string{"DTSTART:20261201", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE;VALUE=DATE:20261202,20261204"}, "01 03 05"},
		{"dates are called off by times", []string{"DTSTART:20261201", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261202T000000"}, "01 03"},
		{"times are called off by times", []string{"DTSTART;TZID=Europe/Berlin:20261201T120000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261202T110000Z"}, "01 03"},
		{"times are called off by dates", []string{"DTSTART;TZID=Europe/Berlin:20261201T120000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261202"}, "01 03"},
		{"called off at another time", []string{"DTSTART:20261201T120000", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20261202T130000"}, "01 02"},
		{"cancelled, whatever else is wrong", []string{"DTSTART:soon", "STATUS:Cancelled"}, ""},
		{"text that looks like something else", []string{`SUMMARY;ALTREP="data:;x":a\nEND:VEVENT\, RRULE:FREQ=DAILY`, "DTSTART:20261201", "", " "}, "01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ics.Holidays(file(tt.event...), "Europe/Berlin", "2026-12-01", "2026-12-31")
			if err != nil {
				t.Fatal(err)
			}
			if days := strings.ReplaceAll(text(got), "2026-12-", ""); days != tt.want {
				t.Errorf("days %q, want %q", days, tt.want)
			}
		})
	}
}

// TestClocksDifferOverTheYearAndTheWorld: 24 hours from its midnight would
// reach into the next day, or a midnight that is skipped into the one before.
func TestClocksDifferOverTheYearAndTheWorld(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone string
		event      []string
		want       string
	}{
		{"23 hours", "Europe/Berlin", []string{"DTSTART:20260322T000000", "DURATION:P1D", "RRULE:FREQ=WEEKLY;COUNT=2"}, "2026-03-22 2026-03-29"},
		{"25 hours", "Europe/Berlin", []string{"DTSTART:20261018T000000", "DTEND:20261019T000000", "RRULE:FREQ=WEEKLY;COUNT=2"}, "2026-10-18 2026-10-25"},
		{"no midnight", "America/Santiago", []string{"DTSTART:20260906T000000", "DTEND:20260907T000000"}, "2026-09-06"},
		{"no such day", "Pacific/Apia", []string{"DTSTART;TZID=Pacific/Apia:20111230T100000"}, "2011-12-31"},
		{"the other side of the world", "Etc/GMT+12", []string{"DTSTART;TZID=Pacific/Kiritimati:20261226T010000", "RRULE:FREQ=WEEKLY"}, "2026-12-24 2026-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ics.Holidays(file(tt.event...), tt.zone, "2011-01-01", "2026-12-31")
			if err != nil || text(got) != tt.want {
				t.Errorf("days %q, %v; want %q", text(got), err, tt.want)
			}
		})
	}
}
