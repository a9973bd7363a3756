package cron_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/local/codepipeline/cron"
)

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	loc, err := cron.Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNextIsTheFirstMinuteOfTheWindow(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, cron, zone, from, want string }{ // 2026-03-10 is a Tuesday
		{"inside is now", "* * 9-17 ? * MON-FRI *", "", "2026-03-10 09:15", "2026-03-10 09:15"},
		{"evening waits for the morning", "* * 9-17 ? * MON-FRI *", "", "2026-03-10 18:00", "2026-03-11 09:00"},
		{"Friday evening waits for Monday", "* * 9-17 ? * MON-FRI", "", "2026-03-13 18:00", "2026-03-16 09:00"},
		{"numbers count from Sunday", "* * 9 ? * 2-6", "", "2026-03-14 00:00", "2026-03-16 09:00"},
		{"minute zero is one minute", "0 0 9-17 ? * MON-FRI *", "", "2026-03-10 09:15", "2026-03-10 10:00"},
		{"steps", "0 5/20 * * * ?", "", "2026-03-10 09:26", "2026-03-10 09:45"},
		{"steps of all", "0 */15 * * * ?", "", "2026-03-10 09:46", "2026-03-10 10:00"},
		{"list", "* 0 8,20 * * ?", "", "2026-03-10 09:00", "2026-03-10 20:00"},
		{"lower case", "* 0 8 ? mar wed", "", "2026-03-10 09:00", "2026-03-11 08:00"},
		{"round the week", "* 0 8 ? * FRI-MON", "", "2026-03-10 09:00", "2026-03-13 08:00"},
		{"last day", "* 0 8 L * ?", "", "2028-02-10 09:00", "2028-02-29 08:00"},
		{"third before the last day", "* 0 8 L-3 * ?", "", "2026-03-10 09:00", "2026-03-28 08:00"},
		{"last weekday", "* 0 8 LW 5 ?", "", "2026-03-10 09:00", "2026-05-29 08:00"},
		{"nearest weekday before", "* 0 8 15W 8 ?", "", "2026-03-10 09:00", "2026-08-14 08:00"},
		{"nearest weekday after", "* 0 8 15W 3 ?", "", "2026-03-10 09:00", "2026-03-16 08:00"},
		{"nearest weekday stays in the month", "* 0 8 1W 8 ?", "", "2026-03-10 09:00", "2026-08-03 08:00"},
		{"nearest weekday stays in the month at its end", "* 0 8 31W 5 ?", "", "2026-03-10 09:00", "2026-05-29 08:00"},
		{"L is Saturday", "* 0 8 ? * L", "", "2026-03-10 09:00", "2026-03-14 08:00"},
		{"last Friday", "* 0 8 ? * 6L", "", "2026-03-10 09:00", "2026-03-27 08:00"},
		{"third Friday", "* 0 8 ? * 6#3", "", "2026-03-10 09:00", "2026-03-20 08:00"},
		{"year", "* 0 8 1 1 ? 2030", "", "2026-03-10 09:00", "2030-01-01 08:00"},
		{"time zone", "* * 9-17 ? * MON-FRI", "Europe/Berlin", "2026-03-10 08:59", "2026-03-10 09:00"},
		{"skipped hour waits a day", "* 30 2 * * ?", "Europe/Berlin", "2026-03-28 12:00", "2026-03-30 02:30"},
		{"midnight that does not exist", "* 30 8 * * ?", "America/Santiago", "2026-09-05 12:00", "2026-09-06 08:30"},
	}
	for _, tt := range tests {
		s, err := cron.Parse(tt.cron)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, ok := s.Next(at(t, tt.zone, tt.from))
		if want := at(t, tt.zone, tt.want); !ok || !got.Equal(want) {
			t.Errorf("%s: %s after %s is %s, %v; want %s", tt.name, tt.cron, tt.from, got, ok, want)
		}
	}
}

func TestWindowInThePastNeverOpens(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{"* * * * * ? 2025", "* * * 30 2 ?"} {
		s, err := cron.Parse(expression)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := s.Next(at(t, "", "2026-03-10 09:00")); ok {
			t.Errorf("%s opens at %s", expression, got)
		}
	}
}

func TestBrokenExpressionIsRefusedByField(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		"":                          "0 fields",
		"* * * * *":                 "5 fields",
		"* * * * * ? * *":           "8 fields",
		"* * * * * *":               "must have ?",
		"* * * ? * ?":               "must have ?",
		"* 60 * * * ?":              "minutes",
		"* * 24 * * ?":              "hours",
		"* * * 0 * ?":               "day of month",
		"* * * 32W * ?":             "day of month",
		"* * * L-31 * ?":            "day of month",
		"* * * * FEBR ?":            "month",
		"* * * ? * 8":               "day of week",
		"* * * ? * 6#6":             "day of week",
		"* * * ? * XL":              "day of week",
		"* * * * * ? 1969":          "year",
		"* 0/0 * * * ?":             "minutes",
		"* 0/99999999999999 * * ? ": "",
		"* 1- * * * ?":              "minutes",
		"* -1 * * * ?":              "minutes",
		"* ,1 * * * ?":              "minutes",
		"x * * * * ?":               "seconds",
	} {
		if _, err := cron.Parse(expression); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", expression, err, want)
		}
	}
}

func TestZonesAreThoseOfTheUserGuide(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"": "12:00", "UTC": "12:00", "UTC+05:30": "17:30", "UTC-03:00": "09:00",
		"America/New_York": "08:00", "Europe/Berlin": "14:00", "PST": "05:00", "EST": "07:00", "IST": "17:30",
	} {
		zone, err := cron.Zone(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if got := noon.In(zone).Format("15:04"); got != want {
			t.Errorf("noon UTC in %q is %s, want %s", name, got, want)
		}
	}
	for _, name := range []string{"Local", "utc", "UTC+5", "UTC+24:00", "Mars/Olympus", "../etc/passwd", "XYZ"} {
		if _, err := cron.Zone(name); err == nil {
			t.Errorf("%q is a time zone", name)
		}
	}
}

// TestNextAgreesWithOpen holds for every expression that parses: the next
// opening is open, and the minute before it, unless it is now, is closed.
func TestNextAgreesWithOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
		days := pick("days", "* %s ?", "?  %s MON-FRI", "L %s ?", "15W %s ?", "? %s 6#2", "? %s 2L", "1,15 %s ?")
		s, err := cron.Parse("* " + pick("minute", "*", "0", "0/7", "30-40") + " " + pick("hour", "*", "9-17", "0", "23,1") + " " +
			strings.Replace(days, "%s", pick("month", "*", "2", "JAN-MAR", "1/5"), 1))
		if err != nil {
			t.Fatal(err)
		}
		zone, err := cron.Zone(pick("zone", "UTC", "Europe/Berlin", "America/Santiago", "UTC+05:45"))
		if err != nil {
			t.Fatal(err)
		}
		from := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "from"), 0).In(zone)
		got, ok := s.Next(from)
		if !ok || !s.Open(got) || got.Before(from) {
			t.Fatalf("from %s: %s, %v, open %v", from, got, ok, s.Open(got))
		}
		if before := got.Add(-time.Minute); before.After(from) && s.Open(before) {
			t.Fatalf("from %s the window was open before %s", from, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0 0 9-17 ? * MON-FRI *", "* * * L-3 * ? 2030", "* */5 * ? * 6#3", "* 1-2/3 * 15W * ?"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, expression string) {
		if s, err := cron.Parse(expression); err == nil {
			s.Next(time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC))
		}
	})
}
