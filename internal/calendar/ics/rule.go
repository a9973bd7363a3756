package ics

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// budget is how much work is left for a file.
type budget struct{ rules, occurrences int }

// occur marks the days of all occurrences of n. DTSTART is one of them even if
// it does not follow the rule, which RFC 5545 leaves open.
func (n *entry) occur(days *days, budget *budget) error {
	all := append([]occurrence{{n.start, n.length}}, n.extra...)
	for _, p := range n.rules {
		if budget.rules--; budget.rules < 0 {
			return fault(p.line, "leave out what is no holiday", "more than %d events recur", maxRules)
		}
		next, err := n.recurrence(p, days.end())
		if err != nil {
			return err
		}
		for wall, ok := next(); ok; wall, ok = next() {
			if budget.occurrences--; budget.occurrences < 0 {
				return fault(p.line, "let it start later, or end it with UNTIL", "the events take place more than %d times", maxOccurrences)
			}
			all = append(all, occurrence{moment{wall, n.start.zone}, n.length})
		}
	}
	except := n.exceptions()
	for _, o := range all {
		if !except.has(o.start) {
			o.touch(days, n.here)
		}
	}
	return nil
}

// recurrence follows an RRULE up to end. All of it is done on the wall clock,
// labelled as UTC.
func (n *entry) recurrence(p property, end time.Time) (rrule.Next, error) {
	parts, err := ruleParts(p)
	if err != nil {
		return nil, err
	}
	last := end.Add(2 * day) // clocks of the world differ by up to 26 hours
	if text, ok := parts["UNTIL"]; ok {
		until, err := p.moment(text, n.start.zoneOr(n.here))
		if err != nil {
			return nil, err
		}
		if u := n.lastStart(until); u.Before(last) {
			last = u
		}
		delete(parts, "UNTIL")
	}
	option, err := rrule.StrToROption(ruleText(parts))
	if err != nil {
		return nil, fault(p.line, ruleHelp, "the rule cannot be read: %v", err)
	}
	option.Dtstart, option.Until = n.start.wall, last
	if err := checkRule(p, *option); err != nil {
		return nil, err
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, fault(p.line, ruleHelp, "the rule cannot be followed: %v", err)
	}
	return rule.Iterator(), nil
}

// lastStart is the latest start on n's clock that UNTIL allows. RFC 5545 wants
// the same type as in DTSTART; programs write either.
func (n *entry) lastStart(until moment) time.Time {
	switch {
	case n.start.wholeDay():
		return until.in(n.here).wall // a date's clock shows midnight, which no time of that day is before
	case until.wholeDay():
		return until.wall.Add(day - time.Second)
	}
	return until.in(n.start.zone).wall
}

const ruleHelp = "write it as in RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"

// ruleKeys are the parts of a rule that are followed. Those that divide a day
// have no place among holidays; BYWEEKNO is used by nobody.
var ruleKeys = []string{
	"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST",
	"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY", "BYSETPOS",
}

// ruleParts splits "FREQ=YEARLY;BYMONTH=11" and refuses what is not followed.
func ruleParts(p property) (map[string]string, error) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.ToUpper(p.value), ";"), ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		_, twice := parts[key]
		switch {
		case value == "":
			return nil, fault(p.line, ruleHelp, "the rule has %.40q, which has no value", part)
		case !slices.Contains(ruleKeys, key):
			return nil, fault(p.line, "write the dates as RDATE", "%.20s is not understood in a rule", key)
		case twice:
			return nil, fault(p.line, "keep one", "the rule has %s twice", key)
		}
		parts[key] = value
	}
	return parts, checkNumbers(p, parts)
}

// weekdayForm is a day in BYDAY: "TH", "4TH", "-1MO".
var weekdayForm = regexp.MustCompile(`^([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)$`)

// checkNumbers refuses numbers that the library takes for something else: it
// reads COUNT=0 as "for ever" and 0MO as every Monday.
func checkNumbers(p property, parts map[string]string) error {
	for _, limit := range []struct {
		key  string
		most int
	}{{"INTERVAL", 1000}, {"COUNT", maxOccurrences}} {
		text, ok := parts[limit.key]
		if n, err := strconv.Atoi(text); ok && (err != nil || n < 1 || n > limit.most) {
			return fault(p.line, fmt.Sprintf("write a number from 1 to %d", limit.most), "%s is %.20q", limit.key, text)
		}
	}
	if text, ok := parts["BYDAY"]; ok {
		for d := range strings.SplitSeq(text, ",") {
			if !weekdayForm.MatchString(d) {
				return fault(p.line, "write days such as TH, 4TH or -1MO", "BYDAY has %.20q", d)
			}
		}
	}
	return nil
}

func ruleText(parts map[string]string) string {
	var all []string
	for _, key := range ruleKeys {
		if value, ok := parts[key]; ok {
			all = append(all, key+"="+value)
		}
	}
	return strings.Join(all, ";")
}

// checkRule refuses what the library reads but does not follow, or follows
// without ever coming to an end.
func checkRule(p property, o rrule.ROption) error {
	if o.Freq > rrule.DAILY {
		return fault(p.line, "write YEARLY, MONTHLY, WEEKLY or DAILY", "FREQ=%v is too often for holidays", o.Freq)
	}
	if o.Wkst.N() != 0 {
		return fault(p.line, "write a day, such as MO", "WKST has a number")
	}
	if len(o.Bymonthday) > 0 && !slices.ContainsFunc(o.Bymonthday, func(d int) bool { return happens(d, o.Bymonth) }) {
		return fault(p.line, "check BYMONTH and BYMONTHDAY", "there is no such day in any year")
	}
	return checkDays(p, o)
}

// happens reports whether one of months, or any month if there are none, has a
// day of that number, counted from its end if it is negative.
func happens(day int, months []int) bool {
	most := 31
	if len(months) > 0 {
		most = 0
	}
	for _, m := range months {
		most = max(most, time.Date(2024, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()) // 2024 has a 29 February
	}
	return max(day, -day) <= most
}

func checkDays(p property, o rrule.ROption) error {
	most := 0 // the highest number a day may have
	switch {
	case o.Freq == rrule.MONTHLY || o.Freq == rrule.YEARLY && len(o.Bymonth) > 0:
		most = 5
	case o.Freq == rrule.YEARLY:
		most = 53
	}
	numbered := 0
	for _, d := range o.Byweekday {
		if n := max(d.N(), -d.N()); n > most {
			return fault(p.line, fmt.Sprintf("with this frequency write at most %d before a day", most), "BYDAY=%v is never", &d)
		}
		if d.N() != 0 {
			numbered++
		}
	}
	if numbered > 0 && numbered < len(o.Byweekday) {
		return fault(p.line, "write two events", "BYDAY mixes days with and without numbers")
	}
	return nil
}
