package source

import "time"

// maxWait is how long CodePipeline lets an approval wait at most.
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const maxWait = 60 * 24 * time.Hour

// checkDurations wants reminders and escalations in their order, and before the
// approval expires.
func (c *checker) checkDurations(r rule) {
	c.wait(r.expire)
	c.checkOrder("reminder", r.expire, r.remind)
	var steps []word
	for _, e := range r.escalate {
		steps = append(steps, e.after)
	}
	c.checkOrder("escalation", r.expire, steps)
}

// checkOrder reports those of words that are not later than the one before
// them, or not earlier than expire.
func (c *checker) checkOrder(what string, expire word, words []word) {
	limit, expires := expire.duration()
	var before word
	var last time.Duration
	for _, w := range words {
		d, ok := c.wait(w)
		switch {
		case !ok:
		case d <= last:
			c.report(w, "write the earlier one first, and each once", "this %s is not later than the one before it, after %s", what, before.text)
		case expires && d >= limit:
			c.report(w, "write a shorter time, or a longer one for expire", "this %s comes too late: the approval expires after %s", what, expire.text)
		}
		if ok {
			before, last = w, d
		}
	}
}

// wait reads a duration and reports one that no approval can reach.
func (c *checker) wait(w word) (time.Duration, bool) {
	d, ok := w.duration()
	if ok && d > maxWait {
		c.report(w, "write at most 60d", "CodePipeline lets no approval wait longer than 60 days")
		return 0, false
	}
	return d, ok
}

// checkHours reports hours by a name that no calendar has.
func (c *checker) checkHours(r rule) {
	if r.hours.name.text == "" {
		return
	}
	var known []string
	for _, named := range c.calendars {
		if named.name.text == r.hours.name.text {
			return
		}
		known = append(known, named.name.text)
	}
	c.report(r.hours.name, c.meant(r.hours.name.text, "calendars", known, "define it under calendars, or write the hours here"),
		"there is no calendar %s", quoted(r.hours.name.text))
}
