package calendar_test

import (
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// hours is a timetable that is open every day from one time to another.
func hours(zone string, from, to calendar.Clock) calendar.Timetable {
	every := []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun}
	return calendar.Timetable{Zone: zone, Windows: []calendar.Window{{Days: every, From: from, To: to}}}
}

// on is one window on one day.
func on(zone string, day calendar.Day, from, to calendar.Clock) calendar.Timetable {
	return calendar.Timetable{Zone: zone, Windows: []calendar.Window{{Days: []calendar.Day{day}, From: from, To: to}}}
}

func utc(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestClocksAreSet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		table             calendar.Timetable
		at, opens, closes string // UTC; closes is the end of what opens
	}{
		{"an ordinary day", hours("Europe/Berlin", "09:00", "17:00"), "2026-11-23 06:00", "2026-11-23 08:00", "2026-11-23 16:00"},
		{"over midnight", on("Europe/Berlin", "fri", "22:00", "02:00"), "2026-11-27 12:00", "2026-11-27 21:00", "2026-11-28 01:00"},
		{"to the end of the day", on("Europe/Berlin", "fri", "22:00", "24:00"), "2026-11-27 12:00", "2026-11-27 21:00", "2026-11-27 23:00"},
		{"two windows that touch", calendar.Timetable{Zone: "UTC", Windows: []calendar.Window{
			{Days: []calendar.Day{"fri"}, From: "20:00", To: "24:00"}, {Days: []calendar.Day{"sat"}, From: "00:00", To: "06:00"},
		}}, "2026-11-27 12:00", "2026-11-27 20:00", "2026-11-28 06:00"},

		{"it begins in the skipped hour", hours("Europe/Berlin", "02:30", "03:30"), "2026-03-29 00:00", "2026-03-29 01:00", "2026-03-29 01:30"},
		{"it ends in the skipped hour", hours("Europe/Berlin", "01:30", "02:30"), "2026-03-29 00:00", "2026-03-29 00:30", "2026-03-29 01:00"},
		{"it is all in the skipped hour", hours("Europe/Berlin", "02:15", "02:45"), "2026-03-29 00:00", "2026-03-30 00:15", "2026-03-30 00:45"},
		{"it is the repeated hour", hours("Europe/Berlin", "02:00", "03:00"), "2026-10-24 23:00", "2026-10-25 00:00", "2026-10-25 02:00"},
		{"it begins in the repeated hour, first", hours("Europe/Berlin", "02:30", "03:30"), "2026-10-24 23:00", "2026-10-25 00:30", "2026-10-25 01:00"},
		{"it begins in the repeated hour, again", hours("Europe/Berlin", "02:30", "03:30"), "2026-10-25 01:00", "2026-10-25 01:30", "2026-10-25 02:30"},
		{"it ends in the repeated hour, again", hours("Europe/Berlin", "01:30", "02:30"), "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"},
		{"it holds the repeated hour", hours("Europe/Berlin", "01:00", "04:00"), "2026-10-24 22:00", "2026-10-24 23:00", "2026-10-25 03:00"},

		{"half an hour is skipped", hours("Australia/Lord_Howe", "02:15", "02:45"), "2026-10-03 15:00", "2026-10-03 15:30", "2026-10-03 15:45"},
		{"half an hour is repeated", hours("Australia/Lord_Howe", "01:30", "02:00"), "2026-04-04 14:00", "2026-04-04 14:30", "2026-04-04 15:30"},
		{"a day is skipped", on("Pacific/Apia", "fri", "09:00", "17:00"), "2011-12-29 12:00", "2012-01-05 19:00", "2012-01-06 03:00"},
		{"a night into a skipped day", on("Pacific/Apia", "thu", "22:00", "02:00"), "2011-12-29 12:00", "2011-12-30 08:00", "2011-12-30 10:00"},
		{"a night out of a skipped day", on("Pacific/Apia", "fri", "22:00", "02:00"), "2011-12-29 12:00", "2011-12-30 10:00", "2011-12-30 12:00"},
		{"midnight is skipped", on("America/Santiago", "sun", "00:00", "06:00"), "2026-09-05 12:00", "2026-09-06 04:00", "2026-09-06 09:00"},
		{"midnight comes late", on("America/Santiago", "sat", "20:00", "24:00"), "2026-04-04 12:00", "2026-04-04 23:00", "2026-04-05 04:00"},
		{"a night over a skipped midnight", on("Asia/Beirut", "sat", "22:00", "03:00"), "2026-03-28 12:00", "2026-03-28 20:00", "2026-03-29 00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opens, ok := tt.table.Next(utc(t, tt.at))
			if want := utc(t, tt.opens); !ok || !opens.Equal(want) {
				t.Fatalf("Next(%s) = %v, %v; want %v", tt.at, opens, ok, want)
			}
			closes, ok := tt.table.Closes(opens)
			if want := utc(t, tt.closes); !ok || !closes.Equal(want) {
				t.Errorf("Closes(%v) = %v, %v; want %v", opens, closes, ok, want)
			}
		})
	}
}

func TestHolidaysCloseTheirDayAndItsNight(t *testing.T) {
	t.Parallel()
	table := hours("Europe/Berlin", "22:00", "02:00")
	table.Holidays = []calendar.Date{"2026-12-25"}
	for at, want := range map[string]bool{
		"2026-12-24 22:59": true,  // the evening before
		"2026-12-24 23:00": false, // midnight: the holiday begins
		"2026-12-25 21:30": false, // the window that begins on it
		"2026-12-25 23:30": false, // and what is left of that window
		"2026-12-26 21:00": true,
	} {
		if got := table.Open(utc(t, at)); got != want {
			t.Errorf("at %s UTC: open %v, want %v", at, got, want)
		}
	}
}

func TestWithoutWindowsOnlyHolidaysAreClosed(t *testing.T) {
	t.Parallel()
	table := calendar.Timetable{Zone: "America/New_York", Holidays: []calendar.Date{"2026-11-26"}}
	closes, ok := table.Closes(utc(t, "2026-11-20 00:00"))
	if want := utc(t, "2026-11-26 05:00"); !ok || !closes.Equal(want) {
		t.Errorf("Closes = %v, %v; want %v", closes, ok, want)
	}
	opens, ok := table.Next(closes)
	if want := utc(t, "2026-11-27 05:00"); !ok || !opens.Equal(want) {
		t.Errorf("Next = %v, %v; want %v", opens, ok, want)
	}
}

func TestTheZeroTimetableIsAlwaysOpen(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-11-23 06:00")
	var table calendar.Timetable
	if next, ok := table.Next(at); !table.Open(at) || !ok || next != at {
		t.Errorf("Open %v, Next %v %v; want open now", table.Open(at), next, ok)
	}
	if closes, ok := table.Closes(at); ok {
		t.Errorf("it closes at %v", closes)
	}
}

func TestSomeTimetablesNeverOpen(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-11-23 06:00")
	table := on("UTC", "mon", "09:00", "17:00")
	for day := at; day.Before(at.AddDate(2, 0, 0)); day = day.AddDate(0, 0, 7) {
		table.Holidays = append(table.Holidays, calendar.DateOf(day))
	}
	if problems := table.Check(); problems != nil {
		t.Fatal(problems)
	}
	if opens, ok := table.Next(at); ok {
		t.Errorf("it opens at %v", opens)
	}
	if closes, ok := table.Closes(at); !ok || closes != at {
		t.Errorf("Closes = %v, %v; want %v, as it is closed", closes, ok, at)
	}
}

// TestAnswersKeepTheLocationOfTheQuestion, so that a caller's times stay in
// the zone in which it stores them.
func TestAnswersKeepTheLocationOfTheQuestion(t *testing.T) {
	t.Parallel()
	tokyo, _ := calendar.Zone("Asia/Tokyo")
	opens, _ := hours("Europe/Berlin", "09:00", "17:00").Next(utc(t, "2026-11-23 06:00").In(tokyo))
	if opens.Location() != tokyo {
		t.Errorf("location %v, want %v", opens.Location(), tokyo)
	}
}

// TestTheLastDayOfALeapYearIsNotForever: Go gives its stretch of daylight
// saving an end that is in the past.
func TestTheLastDayOfALeapYearIsNotForever(t *testing.T) {
	t.Parallel()
	table := hours("Europe/Berlin", "09:00", "17:00")
	for day := utc(t, "2041-01-01 00:00"); day.Before(utc(t, "2041-05-01 00:00")); day = day.AddDate(0, 0, 1) {
		table.Holidays = append(table.Holidays, calendar.DateOf(day))
	}
	opens, ok := table.Next(utc(t, "2040-12-31 20:00"))
	if want := utc(t, "2041-05-01 07:00"); !ok || !opens.Equal(want) {
		t.Errorf("Next = %v, %v; want %v", opens, ok, want)
	}
}
