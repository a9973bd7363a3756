package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/calendar"
)

func TestSinceChangesNothingFromThenOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := drawTime(t)
		table := drawTimetable(t, at)
		small := table.Since(at)
		for moment := range minutes(at, at.Add(30*time.Hour)) {
			if table.Open(moment) != small.Open(moment) {
				t.Fatalf("%v since %v: %v differs at %v", table, at, small, moment)
			}
		}
	})
}

// TestSinceKeepsHolidaysWhoseNightIsNotOver, even where clocks are set back
// over midnight: St. John's showed 2010-11-07 for a minute before it showed
// the end of 2010-11-06 again.
func TestSinceKeepsHolidaysWhoseNightIsNotOver(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		table         calendar.Timetable
		holiday       calendar.Date
		since, judged string
	}{
		{"the night after", hours("UTC", "22:00", "02:00"), "2026-12-25", "2026-12-26 00:30", "2026-12-26 01:00"},
		{"clocks set back", on("America/St_Johns", "fri", "23:30", "23:15"), "2010-11-05", "2010-11-07 02:30", "2010-11-07 02:35"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !tt.table.Open(utc(t, tt.judged)) {
				t.Fatal("without the holiday it would be open")
			}
			tt.table.Holidays = []calendar.Date{tt.holiday}
			if small := tt.table.Since(utc(t, tt.since)); small.Open(utc(t, tt.judged)) {
				t.Errorf("%v is open at %s", small, tt.judged)
			}
		})
	}
}

func TestSinceForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	table := office()
	small := table.Since(utc(t, "2026-12-28 12:00"))
	if len(small.Holidays) != 1 || small.Holidays[0] != "2026-12-26" || len(table.Holidays) != 2 {
		t.Errorf("holidays %v of %v", small.Holidays, table.Holidays)
	}
	if small = small.Since(utc(t, "2027-12-28 12:00")); len(small.Holidays) != 0 {
		t.Errorf("holidays %v are over", small.Holidays)
	}
}
