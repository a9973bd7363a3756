package scheduler

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a local world must not depend on the machine's time zones

	"github.com/signalbox/signalbox/internal/local/codepipeline/cron"
)

var (
	atForm   = regexp.MustCompile(`^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$`)
	rateForm = regexp.MustCompile(`^rate\(([1-9]\d{0,5}) (minute|hour|day)s?\)$`)
	cronForm = regexp.MustCompile(`^cron\((\S+(?: +\S+){5})\)$`)
)

// maxLate is how long ago a recurring schedule may begin.
const maxLate = 5 * time.Minute

const atLayout = "2006-01-02T15:04:05"

var units = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// moments are the times at which a schedule invokes its target. Exactly one of
// once, every and minutes is set.
type moments struct {
	once    time.Time
	every   time.Duration
	minutes *cron.Schedule
	zone    *time.Location
	// start and end bound the moments of a recurring schedule; a zero end is
	// none. A rate is counted from start.
	start, end time.Time
}

// read reads the expression of d, which is made at now. The error is an
// *api.Error.
func read(d declaration, now time.Time) (moments, error) {
	zone, err := time.LoadLocation(d.ScheduleExpressionTimezone)
	if err != nil || d.ScheduleExpressionTimezone == "Local" {
		return moments{}, invalid("Invalid Schedule Expression Timezone %s.", d.ScheduleExpressionTimezone)
	}
	m := moments{zone: zone, start: now}
	if d.StartDate != nil {
		m.start = epoch(*d.StartDate)
		if now.Sub(m.start) > maxLate {
			return moments{}, invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
		}
	}
	if d.EndDate != nil {
		m.end = epoch(*d.EndDate)
		if !m.end.After(m.start) {
			return moments{}, invalid("The EndDate you specify must come after the StartDate and the current time.")
		}
	}
	if !m.parse(d.ScheduleExpression) {
		return moments{}, invalid("Invalid Schedule Expression %s.", d.ScheduleExpression)
	}
	return m, nil
}

func (m *moments) parse(expression string) bool {
	if f := atForm.FindStringSubmatch(expression); f != nil {
		at, err := time.ParseInLocation(atLayout, f[1], m.zone)
		m.once = at.UTC()
		return err == nil
	}
	if f := rateForm.FindStringSubmatch(expression); f != nil {
		n, err := strconv.Atoi(f[1])
		m.every = time.Duration(n) * units[f[2]]
		return err == nil
	}
	if f := cronForm.FindStringSubmatch(expression); f != nil {
		minutes, err := cron.Parse("0 " + strings.TrimSpace(f[1])) // Scheduler's has no seconds
		m.minutes = &minutes
		return err == nil
	}
	return false
}

// first is the first moment; false means that there is none.
func (m moments) first() (time.Time, bool) {
	if !m.once.IsZero() {
		return m.once, true
	}
	return m.next(m.start.Add(-1))
}

// next is the first moment after t. A one-time schedule has no second one.
func (m moments) next(t time.Time) (time.Time, bool) {
	var at time.Time
	switch {
	case !m.once.IsZero():
		return time.Time{}, false
	case m.every > 0:
		at = m.start
		if !at.After(t) {
			at = at.Add((t.Sub(at)/m.every + 1) * m.every)
		}
	default:
		var ok bool
		if at, ok = m.minutes.Next(t.Truncate(time.Minute).Add(time.Minute).In(m.zone)); !ok {
			return time.Time{}, false
		}
	}
	return at.UTC(), m.end.IsZero() || !at.After(m.end)
}

func epoch(seconds float64) time.Time { return time.UnixMilli(int64(seconds * 1000)).UTC() }
