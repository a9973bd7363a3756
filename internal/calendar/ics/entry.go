package ics

import (
	"strings"
	"time"
)

// An entry is an event that has been understood.
type entry struct {
	uid       string
	cancelled bool
	replaces  *moment // the occurrence of the event with the same uid that this one stands for
	here      *time.Location
	start     moment
	length    time.Duration // on the clock of start; at least a day if start is a date
	rules     []property    // RRULE
	extra     []occurrence  // RDATE
	except    []moment      // EXDATE, and what other entries replace
}

const day = 24 * time.Hour

// maxLength is how long an event may last. A longer one has a wrong end.
const maxLength = 366 * day

// entry reads what matters of e. Times without a zone are in here.
func (e event) entry(here *time.Location) (entry, error) {
	n := entry{here: here}
	single := map[string]property{}
	for _, p := range e.properties {
		switch p.name {
		case "DTSTART", "DTEND", "DURATION", "UID", "STATUS", "RECURRENCE-ID":
			if first, twice := single[p.name]; twice {
				return entry{}, fault(p.line, "keep one", "the event has had %s on line %d already", p.name, first.line)
			}
			single[p.name] = p
		case "EXRULE":
			return entry{}, fault(p.line, "write its dates as EXDATE", "EXRULE is not understood, and is no longer part of iCalendar")
		}
	}
	n.uid = single["UID"].value
	n.cancelled = strings.EqualFold(single["STATUS"].value, "CANCELLED")
	if err := n.readReplaces(single); err != nil || n.cancelled {
		return n, err
	}
	if err := n.readStart(e.line, single); err != nil {
		return entry{}, err
	}
	return n, n.readOthers(e.properties)
}

func (n *entry) readReplaces(single map[string]property) error {
	p, ok := single["RECURRENCE-ID"]
	if !ok {
		return nil
	}
	if n.uid == "" {
		return fault(p.line, "add the UID of the event whose occurrence it replaces", "the event has RECURRENCE-ID but no UID")
	}
	if scope := p.params["RANGE"]; scope != "" {
		return fault(p.line, "end the first event with UNTIL and add a second one", "RANGE=%.20s is not understood", scope)
	}
	m, err := p.moment(p.value, n.here)
	n.replaces = &m
	return err
}

func (n *entry) readStart(line int, single map[string]property) (err error) {
	p, ok := single["DTSTART"]
	if !ok {
		return fault(line, "add DTSTART;VALUE=DATE:20261225", "the event has no DTSTART")
	}
	if n.start, err = p.moment(p.value, n.here); err != nil {
		return err
	}
	end, hasEnd := single["DTEND"]
	duration, hasDuration := single["DURATION"]
	switch {
	case hasEnd && hasDuration:
		return fault(duration.line, "keep one of them", "the event has both DTEND and DURATION")
	case hasEnd:
		n.length, err = n.until(end, end.value)
	case hasDuration:
		n.length, err = n.lasting(duration, duration.value)
	}
	if n.start.wholeDay() && n.length == 0 {
		n.length = day // what RFC 5545 says without an end, and some programs write as one
	}
	return err
}

// lasting is the length that p gives as one.
func (n *entry) lasting(p property, value string) (time.Duration, error) {
	length, err := p.duration(value)
	switch {
	case err != nil:
		return 0, err
	case length > maxLength:
		return 0, fault(p.line, "write a shorter one", "the event lasts longer than a year")
	case n.start.wholeDay() && length%day != 0:
		return 0, fault(p.line, "write P1D, P2D and so on", "an event of whole days lasts no whole number of days")
	}
	return length, nil
}

// until is the length from n's start to an end given by p.
func (n *entry) until(p property, value string) (time.Duration, error) {
	end, err := p.moment(value, n.start.zoneOr(n.here))
	if err != nil {
		return 0, err
	}
	return length(p, n.start, end)
}

func length(p property, start, end moment) (time.Duration, error) {
	length, ok := between(start, end)
	switch {
	case start.wholeDay() != end.wholeDay():
		return 0, fault(p.line, "write both as dates or both as times", "%s is a date and the start is a time, or the other way round", p.name)
	case !ok:
		return 0, fault(p.line, "write the first day after it, as ends are not included", "the end is before the start")
	case length > maxLength:
		return 0, fault(p.line, "write an earlier one", "the event lasts longer than a year")
	}
	return length, nil
}

// zoneOr is m's zone, or here for a date.
func (m moment) zoneOr(here *time.Location) *time.Location {
	if m.wholeDay() {
		return here
	}
	return m.zone
}

func (n *entry) readOthers(properties []property) error {
	for _, p := range properties {
		switch p.name {
		case "RRULE":
			n.rules = append(n.rules, p)
		case "RDATE":
			for value := range strings.SplitSeq(p.value, ",") {
				o, err := n.occurrence(p, strings.TrimSpace(value))
				if err != nil {
					return err
				}
				n.extra = append(n.extra, o)
			}
		case "EXDATE":
			for value := range strings.SplitSeq(p.value, ",") {
				m, err := p.moment(strings.TrimSpace(value), n.start.zoneOr(n.here))
				if err != nil {
					return err
				}
				n.except = append(n.except, m)
			}
		}
	}
	return nil
}

// occurrence reads one value of RDATE: a start, or a period with its end or
// its length.
func (n *entry) occurrence(p property, value string) (occurrence, error) {
	from, to, period := strings.Cut(value, "/")
	start, err := p.moment(from, n.start.zoneOr(n.here))
	switch {
	case err != nil:
		return occurrence{}, err
	case start.wholeDay() != n.start.wholeDay():
		return occurrence{}, fault(p.line, "write both as dates or both as times", "RDATE is a date and DTSTART is a time, or the other way round")
	case !period:
		return occurrence{start, n.length}, nil
	case start.wholeDay():
		return occurrence{}, fault(p.line, "write the dates one by one", "RDATE has a period of dates")
	case strings.HasPrefix(strings.ToUpper(to), "P"):
		lasts, err := n.lasting(p, to)
		return occurrence{start, lasts}, err
	}
	end, err := p.moment(to, start.zone)
	if err != nil {
		return occurrence{}, err
	}
	lasts, err := length(p, start, end)
	return occurrence{start, lasts}, err
}
