package source

import (
	"fmt"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/calendar"
)

// A timetable is a calendar.Timetable as written.
type timetable struct {
	node     *node
	at       place
	path     string
	zone     word
	windows  []calendar.Window
	holidays []word
	// table is what it means. It is set by resolve.
	table calendar.Timetable
}

type namedHours struct {
	name word
	timetable
}

// hours are the hours of a rule: the name of a calendar, or a timetable.
type hours struct {
	name   word
	inline timetable
	// written is whether there are any.
	written bool
}

type freeze struct {
	at                              place
	path                            string
	name, from, until, zone, reason word
	match                           selector
	// starts and ends are what it means. They are set by resolve.
	starts, ends time.Time
}

func readHours(rule *node, path string) hours {
	p, ok := rule.pair("hours")
	if !ok {
		return hours{}
	}
	path = join(path, "hours")
	h := hours{written: true}
	if p.value.kind == mappingKind {
		h.inline = readTimetable(p.value, p.at, path)
		return h
	}
	h.name = readWord(p.value, path)
	return h
}

func readTimetable(n *node, at place, path string) timetable {
	t := timetable{
		node: n, at: at, path: path,
		zone:     readWord(n.get("zone"), join(path, "zone")),
		holidays: readOneOrMore(n.get("holidays"), join(path, "holidays")),
	}
	if list := n.get("windows"); list != nil {
		for i, w := range list.items { // every one, so that the places fit
			path := fmt.Sprintf("%s.windows[%d]", path, i)
			t.windows = append(t.windows, calendar.Window{
				Days: days(readOneOrMore(w.get("days"), join(path, "days"))),
				From: calendar.Clock(readWord(w.get("from"), path).text),
				To:   calendar.Clock(readWord(w.get("to"), path).text),
			})
		}
	}
	return t
}

// week is the order in which a range of days goes, over Sunday to Monday.
var week = []calendar.Day{
	calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun,
}

// days reads "fri" and "mon-thu". What is neither is left for calendar to
// complain about.
func days(words []word) []calendar.Day {
	var all []calendar.Day
	for _, w := range words {
		first, last, isRange := strings.Cut(w.text, "-")
		from, to := dayIndex(first), dayIndex(last)
		if !isRange || from < 0 || to < 0 {
			all = append(all, calendar.Day(w.text))
			continue
		}
		for i := from; ; i = (i + 1) % len(week) {
			all = append(all, week[i])
			if i == to {
				break
			}
		}
	}
	return all
}

func dayIndex(name string) int {
	for i, d := range week {
		if string(d) == name {
			return i
		}
	}
	return -1
}

func readFreeze(n *node, path string) freeze {
	word := func(key string) word { return readWord(n.get(key), join(path, key)) }
	return freeze{
		at: n.at, path: path, name: word("name"), from: word("from"), until: word("until"), zone: word("zone"),
		reason: word("reason"), match: readMatch(n.get("match"), join(path, "match")),
	}
}
