package ics

import (
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// An occurrence is one time that an entry takes place.
type occurrence struct {
	start  moment
	length time.Duration
}

// touch marks the days of o: its own dates, or those that it touches in here.
func (o occurrence) touch(days *days, here *time.Location) {
	end := moment{wall: o.start.wall.Add(o.length), zone: o.start.zone}
	if o.start.wholeDay() {
		days.add(dayNumber(o.start.wall), dayNumber(end.wall)-1)
		return
	}
	first, last := o.start.at(), end.at()
	if last.After(first) {
		last = last.Add(-1) // ends are not included
	}
	days.add(dayNumber(first.In(here)), dayNumber(last.In(here)))
}

// exceptions answers whether an occurrence is called off.
type exceptions struct {
	here     *time.Location
	moments  map[int64]bool         // times, as Unix times
	dates    map[calendar.Date]bool // dates
	anywhere map[calendar.Date]bool // dates, and the dates of times
}

func (n *entry) exceptions() exceptions {
	x := exceptions{n.here, map[int64]bool{}, map[calendar.Date]bool{}, map[calendar.Date]bool{}}
	for _, m := range n.except {
		x.anywhere[calendar.DateOf(m.in(n.here).wall)] = true
		if m.wholeDay() {
			x.dates[calendar.DateOf(m.wall)] = true
		} else {
			x.moments[m.at().Unix()] = true
		}
	}
	return x
}

// has reports whether m is excepted. A date also excepts times on it, and a
// time the date that it is on, since programs mix the two.
func (x exceptions) has(m moment) bool {
	if m.wholeDay() {
		return x.anywhere[calendar.DateOf(m.wall)]
	}
	return x.moments[m.at().Unix()] || x.dates[calendar.DateOf(m.wall)]
}
