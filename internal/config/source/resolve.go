package source

import (
	"slices"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// resolve finds out what the times in a document mean: it reads the files of
// holidays that it names, and puts local times into their zones.
func (d *document) resolve(in Setting) Problems {
	r := resolver{setting: in}
	for i := range d.calendars {
		r.timetable(&d.calendars[i].timetable)
	}
	for i := range d.rules {
		if h := &d.rules[i].hours; h.inline.node != nil {
			r.timetable(&h.inline)
		}
	}
	for i := range d.freezes {
		r.freeze(&d.freezes[i])
	}
	return r.problems
}

type resolver struct {
	reporter
	setting Setting
}

// timetable makes the table of t, and reports one that never opens or never
// closes.
func (r *resolver) timetable(t *timetable) {
	if t.node == nil || t.node.kind != mappingKind {
		return // the schema tells
	}
	t.table = calendar.Timetable{Zone: t.zone.text, Windows: t.windows, Holidays: r.holidays(*t)}
	problems := t.table.Check()
	for _, p := range problems {
		if w, ok := t.word(p.Path); ok {
			r.report(w, p.Help, "%s", p.Message)
		}
	}
	whole := word{at: t.at, path: t.path}
	if len(problems) > 0 || t.unread() {
		return
	}
	if len(t.windows) == 0 && len(t.holidays) == 0 {
		r.report(whole, "add windows, holidays, or both", "these hours are all hours: they close nothing")
		return
	}
	if _, opens := t.table.Next(r.setting.Today); !opens {
		r.report(whole, "nothing could ever be released: leave some days that are no holidays", "these hours never open")
	}
}

// unread reports whether t lacks something that is written: then its table says
// more or less than the document.
func (t timetable) unread() bool {
	windows, holidays := t.node.get("windows"), t.node.get("holidays")
	return windows != nil && len(windows.items) == 0 || holidays != nil && len(t.table.Holidays) == 0
}

// word is the part of t that calendar calls path, such as "windows[0].from". It
// is false for what the schema tells better: it has no text or is not there.
func (t timetable) word(path string) (word, bool) {
	pointer := strings.Split(strings.NewReplacer("[", ".", "]", "").Replace(path), ".")
	found, at, reached := t.node.find(pointer)
	if reached != path || found.kind != textKind && found.kind != listKind {
		return word{}, false
	}
	if found.kind == textKind {
		at = found.at
	}
	return word{at: at, path: join(t.path, path)}, true
}

// freeze puts the ends of f on the time line.
func (r *resolver) freeze(f *freeze) {
	from, okFrom := r.moment(*f, f.from)
	until, okUntil := r.moment(*f, f.until)
	if okFrom {
		f.starts = from
	}
	if okUntil {
		f.ends = until
	}
	if f.zone.text != "" {
		if _, ok := calendar.Zone(f.zone.text); !ok {
			r.report(f.zone, `write a name of the IANA time zone database, such as "Europe/Berlin"`, "%s is no time zone", quoted(f.zone.text))
		}
	}
	switch {
	case !okFrom || !okUntil:
	case !until.After(from):
		r.report(f.until, "write the first moment after the freeze", "the freeze ends before it begins, at %s", f.from.text)
	case !until.After(r.setting.Today):
		r.warn(f.until, "it can be removed", "this freeze is over")
	}
}

// The forms of a moment: with an offset, or as the clock on the wall shows it.
var (
	absolute = []string{"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"}
	local    = []string{"2006-01-02T15:04", "2006-01-02T15:04:05"}
)

// moment reads w, a moment in the zone of f unless it has an offset.
func (r *resolver) moment(f freeze, w word) (time.Time, bool) {
	if w.text == "" {
		return time.Time{}, false
	}
	if at, ok := parsed(w.text, absolute); ok {
		return at.UTC(), true
	}
	wall, ok := parsed(w.text, local)
	if !ok {
		r.report(w, "write it as 2026-12-20T00:00 with zone: Europe/Berlin, or with an offset, as 2026-12-20T00:00+01:00",
			"%s is no moment", quoted(w.text))
		return time.Time{}, false
	}
	if !f.zone.present {
		r.report(w, "add zone: Europe/Berlin to the freeze, or an offset: "+w.text+"+01:00", "it depends on the time zone when this is, and there is none")
		return time.Time{}, false
	}
	zone, ok := calendar.Zone(f.zone.text)
	if !ok {
		return time.Time{}, false // told by freeze
	}
	switch all := readings(wall, zone); len(all) {
	case 1:
		return all[0].UTC(), true
	case 0:
		r.report(w, "write another time: on that day, clocks are set forward over this one", "there is no %s in %s", w.text, f.zone.text)
	default:
		r.report(w, "say which one by an offset: "+all[0].Format(time.RFC3339)+" or "+all[1].Format(time.RFC3339),
			"clocks in %s show %s twice", f.zone.text, w.text)
	}
	return time.Time{}, false
}

func parsed(text string, layouts []string) (time.Time, bool) {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// readings lists the moments at which clocks in zone show wall, the earlier one
// first.
func readings(wall time.Time, zone *time.Location) []time.Time {
	var all []time.Time
	for _, near := range []time.Time{wall.AddDate(0, 0, -1), wall.AddDate(0, 0, 1)} {
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if at.Format(time.DateTime) == wall.Format(time.DateTime) && !slices.ContainsFunc(all, at.Equal) {
			all = append(all, at)
		}
	}
	return all
}
