package calendar

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // provided.al2023 came without: github.com/aws/aws-lambda-dotnet/issues/1620
)

// zones keeps what time.LoadLocation found, by name: it reads and unpacks a
// file each time. Only zones that exist are kept, so it cannot grow beyond
// their number.
var zones sync.Map

// unportable are files beside the zones that some systems have and others do
// not: a configuration checked on one must mean the same on all.
var unportable = []string{"Local", "localtime", "posixrules", "Factory", "posix/", "right/"}

// Zone returns the time zone with an IANA name such as "Europe/Berlin". Unlike
// time.LoadLocation it is quick the second time and refuses names that mean
// something else on another machine.
func Zone(name string) (*time.Location, bool) {
	if loc, ok := zones.Load(name); ok {
		loc, ok := loc.(*time.Location)
		return loc, ok
	}
	if name == "" {
		return nil, false
	}
	for _, prefix := range unportable {
		if strings.HasPrefix(name, prefix) {
			return nil, false
		}
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zones.Store(name, loc)
	return loc, true
}

// A stretch is a part of time in which a zone's clocks are not set.
type stretch struct {
	end    int64 // Unix time of the first second after it
	offset int64 // seconds to add to Unix time for what the clocks show
}

// forever is a Unix time after everything that is asked for.
const forever = 1<<63 - 1

// stretchAt returns the stretch around a Unix time. Its end may come early,
// never late: Go ends one with each year where it computes by rule.
func stretchAt(zone *time.Location, unix int64) stretch {
	at := time.Unix(unix, 0).In(zone)
	_, offset := at.Zone()
	_, bound := at.ZoneBounds()
	end := bound.Unix()
	switch {
	case bound.IsZero():
		end = forever
	case end <= unix:
		// By Go's rule every year has 365 days, which puts the last one of a
		// leap year behind its end. That day ends at midnight UTC.
		end = (floorDiv(unix, daySeconds) + 1) * daySeconds
	}
	return stretch{end: end, offset: int64(offset)}
}
