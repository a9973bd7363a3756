package calendar_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/calendar"
)

// zones are those whose clocks do unusual things, and a few that do not.
var zones = []string{
	"Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata", "Asia/Kathmandu",
	"Europe/Dublin",        // "winter time" is the one with the offset
	"Australia/Lord_Howe",  // half an hour
	"Antarctica/Troll",     // two hours
	"Pacific/Apia",         // had no 2011-12-30
	"Pacific/Kwajalein",    // had no 1993-08-21
	"America/Santiago",     // switches at midnight
	"Asia/Beirut",          // switches at midnight
	"America/Havana",       // 01:00 becomes 00:00
	"America/Sao_Paulo",    // 00:00 became 23:00 of the day before
	"America/St_Johns",     // switched at 00:01 until 2011
	"America/Scoresbysund", // switches on a Saturday evening since 2024
	"America/Juneau",       // had 1867-10-18 twice
	"Africa/Casablanca",    // four times a year
	"Asia/Gaza",            // changes its rules each year
	"Africa/Monrovia",      // 44 minutes and 30 seconds until 1972
	"America/Caracas",      // moved by half an hour twice
	"Asia/Pyongyang",       // likewise
	"Pacific/Chatham",      // a quarter of an hour off, with daylight saving
	"Antarctica/Casey",     // moved by three hours several times
	"Etc/GMT+12", "Pacific/Kiritimati",
}

// drawTimetable draws a timetable that Check accepts.
func drawTimetable(t *rapid.T, around time.Time) calendar.Timetable {
	clock := rapid.Custom(func(t *rapid.T) calendar.Clock {
		minute := rapid.OneOf(rapid.IntRange(0, 1439), rapid.SampledFrom([]int{0, 1, 60, 90, 120, 150, 180, 1380, 1439})).Draw(t, "minute")
		return calendar.Clock(time.Unix(int64(minute)*60, 0).UTC().Format("15:04"))
	})
	day := rapid.SampledFrom([]calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun})
	window := rapid.Custom(func(t *rapid.T) calendar.Window {
		w := calendar.Window{Days: rapid.SliceOfNDistinct(day, 1, 7, rapid.ID).Draw(t, "days"), From: clock.Draw(t, "from"), To: clock.Draw(t, "to")}
		if w.From == w.To {
			w.From, w.To = "00:00", "24:00"
		}
		return w
	})
	zone := rapid.SampledFrom(zones).Draw(t, "zone")
	offsets := rapid.SliceOfNDistinct(rapid.IntRange(-3, 12), 0, 6, rapid.ID).Draw(t, "holidays")
	slices.Sort(offsets)
	made := calendar.Timetable{Zone: zone, Windows: rapid.SliceOfN(window, 0, 3).Draw(t, "windows")}
	for _, n := range offsets {
		made.Holidays = append(made.Holidays, calendar.DateOf(around.UTC().AddDate(0, 0, n)))
	}
	return made
}

// drawTime draws a moment, mostly one near which clocks are set.
func drawTime(t *rapid.T) time.Time {
	from, to := time.Date(1860, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)
	at := time.Unix(rapid.OneOf(
		rapid.Int64Range(from.Unix(), to.Unix()),
		rapid.Int64Range(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), to.Unix()),
		rapid.SampledFrom([]int64{1325203200, 745891200, 1735603200, 2240524800}), // Apia, Kwajalein, last days of leap years
	).Draw(t, "at"), rapid.SampledFrom([]int64{0, 0, 1, 999999999}).Draw(t, "nanoseconds"))
	zone := rapid.SampledFrom(zones).Draw(t, "zone of the time")
	loc, _ := calendar.Zone(zone)
	_, set := at.In(loc).ZoneBounds()
	if set.IsZero() || rapid.Bool().Draw(t, "anywhere") {
		return at
	}
	return set.Add(time.Duration(rapid.IntRange(-3*86400, 3*86400).Draw(t, "seconds from the clock change")) * time.Second)
}

// oracle is Open as one would do it by hand: read the clock on the wall.
func oracle(t calendar.Timetable, at time.Time) bool {
	loc, ok := calendar.Zone(t.Zone)
	if !ok {
		return false
	}
	shown := at.In(loc).Format("Mon 2006-01-02 15:04")
	date, clock := shown[4:14], calendar.Clock(shown[15:])
	noon, _ := time.Parse("2006-01-02 15", date+" 12")
	before := noon.AddDate(0, 0, -1).Format("Mon 2006-01-02")
	today, yesterday := calendar.Day(strings.ToLower(shown[:3])), calendar.Day(strings.ToLower(before[:3]))
	if slices.Contains(t.Holidays, calendar.Date(date)) {
		return false
	}
	if len(t.Windows) == 0 {
		return true
	}
	for _, w := range t.Windows {
		night := w.To < w.From
		if slices.Contains(w.Days, today) && w.From <= clock && (night || clock < w.To) {
			return true
		}
		if night && slices.Contains(w.Days, yesterday) && clock < w.To && !slices.Contains(t.Holidays, calendar.Date(before[4:])) {
			return true
		}
	}
	return false
}

func TestOpenIsWhatTheClockOnTheWallShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := drawTime(t)
		table := drawTimetable(t, at)
		if problems := table.Check(); problems != nil {
			t.Fatal(problems)
		}
		for range 100 {
			if got, want := table.Open(at), oracle(table, at); got != want {
				t.Fatalf("%v\nat %v (%s): open %v, want %v", table, at.UTC(), table.Describe(at), got, want)
			}
			at = at.Add(37 * time.Minute)
		}
	})
}

func TestNextIsTheFirstOpening(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := drawTime(t)
		table := drawTimetable(t, at)
		checkFirst(t, table, at, true, table.Next)
		checkFirst(t, table, at, false, table.Closes)
	})
}

// checkFirst checks that find finds the first moment when Open is want.
func checkFirst(t *rapid.T, table calendar.Timetable, at time.Time, want bool, find func(time.Time) (time.Time, bool)) {
	found, ok := find(at)
	last := found
	switch {
	case !ok:
		last = at.Add(calendar.Horizon)
	case found.Before(at) || table.Open(found) != want || oracle(table, found) != want:
		t.Fatalf("%v\nat %v, want open %v: found %v, which is not", table, at.UTC(), want, found.UTC())
	}
	if found.Equal(at) && found != at {
		t.Fatalf("found %v, want %v itself", found, at)
	}
	for moment := range minutes(at, last) {
		if oracle(table, moment) == want {
			t.Fatalf("%v\nat %v, want open %v: found %v %v, but %v (%s) is earlier",
				table, at.UTC(), want, found.UTC(), ok, moment.UTC(), table.Describe(moment))
		}
	}
	later := at.Add(time.Duration(rapid.IntRange(0, 10*86400).Draw(t, "seconds later")) * time.Second)
	if then, stillOK := find(later); ok && stillOK && then.Before(found) {
		t.Fatalf("%v\nat %v found %v, but later, at %v, %v", table, at, found, later, then)
	}
}

// minutes yields moments from first to just before end, every minute if that is
// within some days and otherwise less densely in the middle.
func minutes(first, end time.Time) func(yield func(time.Time) bool) {
	const dense = 4 * 24 * time.Hour
	return func(yield func(time.Time) bool) {
		for at := first; at.Before(end); {
			if !yield(at) {
				return
			}
			step := time.Minute
			if at.Sub(first) > dense && end.Sub(at) > dense {
				step = 61 * time.Minute
			}
			at = at.Truncate(time.Minute).Add(step)
		}
		if first.Before(end) {
			yield(end.Add(-1))
		}
	}
}
