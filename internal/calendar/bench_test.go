package calendar_test

import (
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// tenYears is office with what a calendar of holidays brings.
func tenYears() calendar.Timetable {
	table := office()
	table.Holidays = nil
	for year := 2026; year < 2036; year++ {
		for month := time.January; month <= time.December; month++ {
			table.Holidays = append(table.Holidays, calendar.DateOf(time.Date(year, month, 25, 0, 0, 0, 0, time.UTC)))
		}
	}
	return table
}

func BenchmarkOpen(b *testing.B) {
	table, at := tenYears(), time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if !table.Open(at) {
			b.Fatal("closed")
		}
	}
}

func BenchmarkNext(b *testing.B) {
	table, at := tenYears(), time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := table.Next(at); !ok {
			b.Fatal("closed")
		}
	}
}

// BenchmarkNever looks through the whole horizon.
func BenchmarkNever(b *testing.B) {
	table, at := hours("Europe/Berlin", "09:00", "17:00"), time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for day := at; len(table.Holidays) < 500; day = day.AddDate(0, 0, 1) {
		table.Holidays = append(table.Holidays, calendar.DateOf(day))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := table.Next(at); ok {
			b.Fatal("open")
		}
	}
}
