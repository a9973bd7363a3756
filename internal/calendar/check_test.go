package calendar_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/calendar"
)

func TestCheckSaysWhichFieldAndWhatToWrite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*calendar.Timetable)
		want   []string
	}{
		{"nothing", func(*calendar.Timetable) {}, nil},
		{"no zone", func(t *calendar.Timetable) { t.Zone = "" },
			[]string{`zone: there is no time zone, without which hours and holidays mean nothing; write a name of the IANA time zone database, such as "Europe/Berlin"`}},
		{"unknown zone", func(t *calendar.Timetable) { t.Zone = "Europe/Berln" },
			[]string{`zone: "Europe/Berln" is no time zone; write a name of the IANA time zone database, such as "Europe/Berlin"`}},
		{"no days", func(t *calendar.Timetable) { t.Windows[0].Days = nil },
			[]string{"windows[0].days: the window has no days; write some of mon, tue, wed, thu, fri, sat, sun"}},
		{"unknown day", func(t *calendar.Timetable) { t.Windows[0].Days[0] = "Monday" },
			[]string{`windows[0].days: "Monday" is no day of the week; write some of mon, tue, wed, thu, fri, sat, sun`}},
		{"a day twice", func(t *calendar.Timetable) { t.Windows[0].Days[1] = "mon" },
			[]string{"windows[0].days: mon is there twice; write each day once"}},
		{"bad times", func(t *calendar.Timetable) { t.Windows[1].From, t.Windows[1].To = "9:00", "24:01" },
			[]string{
				`windows[1].from: "9:00" is no time of day; write it as HH:MM with 24 hours, such as "09:00"`,
				`windows[1].to: "24:01" is no time of day; write it as HH:MM with 24 hours, such as "09:00"; the end of the day is "24:00"`,
			}},
		{"from the end", func(t *calendar.Timetable) { t.Windows[1].From = "24:00" },
			[]string{`windows[1].from: 24:00 is the end of a day, where no window begins; write "00:00" and name the day after`}},
		{"an empty window", func(t *calendar.Timetable) { t.Windows[1].To = t.Windows[1].From },
			[]string{`windows[1].to: the window ends when it begins; write from: "00:00" and to: "24:00" for the whole day`}},
		{"no such date", func(t *calendar.Timetable) { t.Holidays[1] = "2027-02-29" },
			[]string{`holidays[1]: "2027-02-29" is no date; write YYYY-MM-DD, such as 2026-12-25`}},
		{"unsorted holidays", func(t *calendar.Timetable) { slices.Reverse(t.Holidays) },
			[]string{"holidays[1]: 2026-12-25 stands behind 2026-12-26; write each day once and the earliest first"}},
		{"a holiday twice", func(t *calendar.Timetable) { t.Holidays[1] = t.Holidays[0] },
			[]string{"holidays[1]: 2026-12-25 stands behind 2026-12-25; write each day once and the earliest first"}},
		{"too many windows", func(t *calendar.Timetable) { t.Windows = slices.Repeat(t.Windows, 26) },
			[]string{"windows: 52 windows are too many; write at most 50"}},
	}
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := office()
			tt.change(&table)
			var got []string
			for _, p := range table.Check() {
				got = append(got, p.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			_, opens := table.Next(at)
			if fine := tt.want == nil; table.Open(at) != fine || opens != fine {
				t.Errorf("open %v, will open %v; want %v", table.Open(at), opens, fine)
			}
			if closes, ok := table.Closes(at); tt.want != nil && (!ok || closes != at) {
				t.Errorf("Closes = %v, %v; want closed now", closes, ok)
			}
			if diff := cmp.Diff(table, table.Since(utc(t, "2020-01-01 00:00"))); diff != "" {
				t.Errorf("Since changed it:\n%s", diff)
			}
		})
	}
}

// office is open on weekdays, and not at Christmas.
func office() calendar.Timetable {
	return calendar.Timetable{
		Zone: "Europe/Berlin",
		Windows: []calendar.Window{
			{Days: []calendar.Day{"mon", "tue", "wed", "thu"}, From: "09:00", To: "17:00"},
			{Days: []calendar.Day{"fri"}, From: "09:00", To: "12:00"},
		},
		Holidays: []calendar.Date{"2026-12-25", "2026-12-26"},
	}
}

// TestZonesMeanTheSameEverywhere: these names depend on the machine.
func TestZonesMeanTheSameEverywhere(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "localtime", "posixrules", "Factory", "right/Europe/Berlin", "posix/UTC", "../zoneinfo/UTC", "europe"} {
		if loc, ok := calendar.Zone(name); ok {
			t.Errorf("Zone(%q) = %v", name, loc)
		}
	}
}

func TestZonesCanBeAskedForAtOnce(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, name := range zones {
				if loc, ok := calendar.Zone(name); !ok || loc.String() != name {
					t.Errorf("Zone(%q) = %v, %v", name, loc, ok)
				}
			}
		})
	}
	wg.Wait()
}

func TestATimetableIsStoredAsJSON(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(calendar.Timetable{
		Zone: "UTC", Windows: []calendar.Window{{Days: []calendar.Day{"sat"}, From: "00:00", To: "24:00"}}, Holidays: []calendar.Date{"2026-12-25"},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"zone":"UTC","windows":[{"days":["sat"],"from":"00:00","to":"24:00"}],"holidays":["2026-12-25"]}`
	if string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
	if raw, err := json.Marshal(calendar.Timetable{}); err != nil || string(raw) != "{}" {
		t.Errorf("the zero timetable is %s, %v", raw, err)
	}
}

func TestDatesAreThoseOfTheCalendar(t *testing.T) {
	t.Parallel()
	for day := time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2105; day = day.AddDate(0, 0, 1) {
		text := day.Format(time.DateOnly)
		if d, err := calendar.ParseDate(text); err != nil || string(d) != text {
			t.Fatalf("ParseDate(%q) = %q, %v", text, d, err)
		}
	}
	for _, text := range []string{"", "2026-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-00", "2026-1-01", "20260101", "2026-01-0x", "2026/01/01", "+026-01-01", "2026-01-01T"} {
		d, err := calendar.ParseDate(text)
		if err == nil || d != "" || !strings.Contains(err.Error(), "write YYYY-MM-DD") {
			t.Errorf("ParseDate(%q) = %q, %v", text, d, err)
		}
	}
}

func TestPeopleReadTimetables(t *testing.T) {
	t.Parallel()
	closed := office()
	tests := []struct{ got, want string }{
		{closed.String(), "Mon–Thu 09:00–17:00, Fri 09:00–12:00 Europe/Berlin, not on holidays"},
		{calendar.Timetable{}.String(), "any time"},
		{calendar.Timetable{Zone: "UTC", Holidays: closed.Holidays}.String(), "any time UTC, not on holidays"},
		{hours("UTC", "22:00", "02:00").String(), "every day 22:00–02:00 UTC"},
		{calendar.Window{Days: []calendar.Day{"sun", "sat"}, From: "00:00", To: "24:00"}.String(), "Sat, Sun all day"},
		{calendar.Window{Days: []calendar.Day{"mon", "wed", "fri"}, From: "09:00", To: "17:00"}.String(), "Mon, Wed, Fri 09:00–17:00"},
		{calendar.Window{Days: []calendar.Day{"mon", "fri", "sat", "sun"}, From: "09:00", To: "17:00"}.String(), "Mon, Fri–Sun 09:00–17:00"},
		{closed.Describe(utc(t, "2026-11-23 08:00")), "Mon 23 Nov 09:00 (Europe/Berlin)"},
		{calendar.Timetable{}.Describe(utc(t, "2026-11-23 08:00")), "Mon 23 Nov 08:00 (UTC)"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
