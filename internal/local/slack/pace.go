package slack

import (
	"math"
	"strconv"
	"time"
)

// A tier is how often a method may be called.
type tier struct {
	perMinute, burst float64
	// perChannel counts each channel for itself.
	perChannel bool
}

// Slack's tiers. What it allows in bursts is not published: we allow few.
// https://docs.slack.dev/apis/web-api/rate-limits
var (
	tierPosting = tier{perMinute: 60, burst: 4, perChannel: true}
	tier2       = tier{perMinute: 20, burst: 5}
	tier3       = tier{perMinute: 50, burst: 10}
	tier4       = tier{perMinute: 100, burst: 20}
	tierSpecial = tier{perMinute: 600, burst: 60}
)

// seconds is a duration as Retry-After gives it.
type seconds int

func (s seconds) String() string { return strconv.Itoa(int(s)) }

// pace holds a bucket of calls for each method, or method and channel.
type pace map[string]bucket

type bucket struct {
	calls float64
	at    time.Time
}

// wait takes a call from the bucket. When it is empty, wait says after how many
// seconds there will be one.
func (p pace) wait(t tier, c call, now time.Time) seconds {
	key := c.method
	if t.perChannel {
		key += " " + c.args["channel"]
	}
	b, known := p[key]
	if !known {
		b = bucket{calls: t.burst, at: now}
	}
	b.calls = math.Min(t.burst, b.calls+now.Sub(b.at).Minutes()*t.perMinute)
	b.at = now
	var wait seconds
	if b.calls >= 1 {
		b.calls--
	} else {
		wait = seconds(math.Ceil((1 - b.calls) / t.perMinute * 60))
	}
	p[key] = b
	return wait
}
