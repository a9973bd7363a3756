package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/calendar/ics"
)

// How many years before and after the present one holidays are written out: a
// file that nobody compiles again for years goes on working.
const (
	yearsBack  = 1
	yearsAhead = 10
)

// holidays collects the days that t lists, and those in the files that it names.
func (r *resolver) holidays(t timetable) []calendar.Date {
	var all []calendar.Date
	for _, w := range t.holidays {
		if strings.HasSuffix(w.text, ".ics") {
			all = append(all, r.fromFile(w, t.zone.text)...)
			continue
		}
		day, err := calendar.ParseDate(w.text)
		if err != nil {
			r.report(w, "write a day as 2026-12-25, or the path of an iCalendar file, such as holidays/de-by.ics", "%s is neither a day nor a file of holidays", quoted(w.text))
			continue
		}
		all = append(all, day)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fromFile reads the iCalendar file that w names.
func (r *resolver) fromFile(w word, zone string) []calendar.Date {
	if _, ok := calendar.Zone(zone); !ok {
		return nil // which is told of the zone
	}
	raw, problem := r.file(w.text)
	if problem != "" {
		r.report(w, "write the path of an iCalendar file in the folder of this file, or below it", "%s", problem)
		return nil
	}
	year := r.setting.Today.UTC().Year()
	from, to := calendar.Date(fmt.Sprintf("%04d-01-01", year-yearsBack)), calendar.Date(fmt.Sprintf("%04d-12-31", year+yearsAhead))
	days, err := ics.Holidays(raw, zone, from, to)
	var broken *ics.Error
	switch {
	case errors.As(err, &broken) && broken.Line > 0:
		r.report(w, broken.Help, "%s cannot be used: line %d: %s", w.text, broken.Line, broken.Message)
	case errors.As(err, &broken):
		r.report(w, broken.Help, "%s cannot be used: %s", w.text, broken.Message)
	case err != nil:
		r.report(w, "", "%s cannot be used: %v", w.text, err)
	case len(days) == 0:
		r.report(w, fmt.Sprintf("it needs days between %s and %s", from, to), "%s has no holidays", w.text)
	case days[len(days)-1] < calendar.DateOf(r.setting.Today.AddDate(1, 0, 0)):
		r.warn(w, "get a newer one before then: what it does not list is no holiday", "%s has no holidays after %s", w.text, days[len(days)-1])
	}
	return days
}

// file reads a file beside the configuration, or says why it cannot.
func (r *resolver) file(name string) (raw []byte, problem string) {
	clean := path.Clean(name)
	switch {
	case r.setting.Files == nil:
		return nil, "there are no files here"
	case !fs.ValidPath(clean):
		return nil, quoted(name) + " is outside of this file's folder"
	}
	f, err := r.setting.Files.Open(clean)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "there is no file " + quoted(name)
	}
	if err == nil {
		defer func() { _ = f.Close() }() // it was only read
		raw, err = io.ReadAll(io.LimitReader(f, ics.MaxSize+1))
	}
	if err != nil {
		return nil, fmt.Sprintf("%s cannot be read: %v", quoted(name), err)
	}
	return raw, ""
}
