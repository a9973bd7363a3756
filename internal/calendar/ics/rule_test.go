package ics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/calendar/ics"
)

// A rule is an RRULE as its parts, so that a test can follow it by itself.
type rule struct {
	freq            string
	interval, count int
	months, days    []int
	weekdays        []weekday
}

// A weekday is "4TH": the number is 0 for every one.
type weekday struct {
	number int
	day    time.Weekday
}

func (w weekday) String() string {
	name := strings.ToUpper(w.day.String()[:2])
	if w.number == 0 {
		return name
	}
	return fmt.Sprintf("%d%s", w.number, name)
}

func (r rule) String() string {
	text := fmt.Sprintf("RRULE:FREQ=%s;INTERVAL=%d", r.freq, r.interval)
	if r.count > 0 {
		text += fmt.Sprintf(";COUNT=%d", r.count)
	}
	for key, list := range map[string]string{
		"BYMONTH": fmt.Sprint(r.months), "BYMONTHDAY": fmt.Sprint(r.days), "BYDAY": fmt.Sprint(r.weekdays),
	} {
		if list != "[]" {
			text += ";" + key + "=" + strings.ReplaceAll(strings.Trim(list, "[]"), " ", ",")
		}
	}
	return text
}

func drawRule(t *rapid.T) rule {
	r := rule{
		freq:     rapid.SampledFrom([]string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}).Draw(t, "freq"),
		interval: rapid.IntRange(1, 3).Draw(t, "interval"),
		count:    rapid.IntRange(0, 5).Draw(t, "count"),
		months:   rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 0, 2, rapid.ID).Draw(t, "months"),
	}
	monthly := r.freq == "YEARLY" || r.freq == "MONTHLY"
	if monthly && rapid.Bool().Draw(t, "by day of the month") {
		r.days = rapid.SliceOfNDistinct(rapid.SampledFrom([]int{1, 13, 28, -1, -28}), 1, 2, rapid.ID).Draw(t, "days")
	}
	number := rapid.Just(0)
	switch {
	case r.freq == "MONTHLY" || r.freq == "YEARLY" && len(r.months) > 0:
		number = rapid.SampledFrom([]int{1, 4, 5, -1, -5})
	case r.freq == "YEARLY":
		number = rapid.SampledFrom([]int{1, 20, 52, -1, -20})
	}
	numbered := rapid.Bool().Draw(t, "numbered")
	for _, d := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 2, rapid.ID).Draw(t, "weekdays") {
		w := weekday{day: time.Weekday(d)}
		if numbered {
			w.number = number.Draw(t, "number")
		}
		r.weekdays = append(r.weekdays, w)
	}
	return r
}

// follows reports whether r, which starts on start, has day, not looking at
// how many there were before.
func (r rule) follows(start, day time.Time) bool {
	if len(r.days) == 0 && len(r.weekdays) == 0 { // what DTSTART says instead
		switch r.freq {
		case "YEARLY":
			if len(r.months) == 0 {
				r.months = []int{int(start.Month())}
			}
			r.days = []int{start.Day()}
		case "MONTHLY":
			r.days = []int{start.Day()}
		case "WEEKLY":
			r.weekdays = []weekday{{0, start.Weekday()}}
		}
	}
	monday := func(d time.Time) time.Time { return d.AddDate(0, 0, -(int(d.Weekday())+6)%7) }
	period := map[string]int{
		"YEARLY":  day.Year() - start.Year(),
		"MONTHLY": (day.Year()-start.Year())*12 + int(day.Month()) - int(start.Month()),
		"WEEKLY":  int(monday(day).Sub(monday(start)).Hours()) / 24 / 7,
		"DAILY":   int(day.Sub(start).Hours()) / 24,
	}[r.freq]
	last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return period%r.interval == 0 &&
		(len(r.months) == 0 || slices.Contains(r.months, int(day.Month()))) &&
		(len(r.days) == 0 || slices.Contains(r.days, day.Day()) || slices.Contains(r.days, day.Day()-last-1)) &&
		(len(r.weekdays) == 0 || slices.ContainsFunc(r.weekdays, func(w weekday) bool { return r.is(w, day) }))
}

// is reports whether day is the numbered weekday w of its month or year.
func (r rule) is(w weekday, day time.Time) bool {
	if w.day != day.Weekday() || w.number == 0 {
		return w.day == day.Weekday()
	}
	n, length := day.YearDay(), time.Date(day.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	if r.freq == "MONTHLY" || len(r.months) > 0 {
		n, length = day.Day(), time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	}
	if w.number > 0 {
		return (n-1)/7+1 == w.number
	}
	return -(length-n)/7-1 == w.number
}

// TestRulesAreFollowedDayByDay compares with going through all days by hand.
func TestRulesAreFollowedDayByDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2019, 12, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "start"))
		end := start.AddDate(6, 0, 0)
		r := drawRule(t)
		want := []calendar.Date{calendar.DateOf(start)}
		for day, n := start, 0; !day.After(end) && (r.count == 0 || n < r.count); day = day.AddDate(0, 0, 1) {
			if r.follows(start, day) {
				n++
				want = append(want, calendar.DateOf(day))
			}
		}
		got, err := ics.Holidays(file("DTSTART:"+start.Format("20060102"), r.String()), "UTC", want[0], calendar.DateOf(end))
		if err != nil {
			t.Fatal(r, err)
		}
		if want = slices.Compact(want); !slices.Equal(got, want) {
			t.Fatalf("%v from %v:\ngot  %v\nwant %v", r, want[0], got, want)
		}
	})
}
