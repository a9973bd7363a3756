package approval

import "time"

// A Clearance says whether a release that has its approvals may start.
type Clearance struct {
	Open bool
	// Opens is when it may start, at the earliest; zero when nobody knows.
	Opens time.Time
	// Because says in words what is in the way.
	Because string
}

// Clearance judges the hours of the rule of r, and the freezes of book, at now.
func (r Request) Clearance(book Rulebook, now time.Time) Clearance {
	freeze, frozen := book.Frozen(r.Action, now)
	if !frozen {
		return r.hours(now)
	}
	c := Clearance{Because: freeze.words()}
	if freeze.Until.IsZero() {
		return c
	}
	after := r.hours(freeze.Until)
	c.Opens = after.Opens
	if after.Open {
		c.Opens = freeze.Until
	}
	return c
}

// hours judges the hours alone.
func (r Request) hours(now time.Time) Clearance {
	if r.Rule.Hours.Open(now) {
		return Clearance{Open: true}
	}
	c := Clearance{Because: "Releases to " + r.target() + " start only " + r.Rule.Hours.String() + "."}
	if opens, ok := r.Rule.Hours.Next(now); ok {
		c.Opens = opens
	}
	return c
}

func (f Freeze) words() string {
	s := "Frozen: " + f.Name
	if f.Reason != "" {
		s += ", " + f.Reason
	}
	if f.Until.IsZero() {
		return s + ". No end is set."
	}
	return s + ". It ends " + utc(f.Until) + "."
}

// target is what r releases to.
func (r Request) target() string {
	if r.Environment != "" {
		return r.Environment
	}
	return r.Stage
}
