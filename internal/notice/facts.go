package notice

import (
	"strconv"
	"strings"
	"time"
)

// A fact is one thing about a release that may be told, once under its key.
type fact struct {
	key  string
	kind Kind
	// scope is the start of the keys of facts that are loud together once; it
	// is the key itself for most.
	scope         string
	stage, action string
	next          string // the stage that began after stage
	attempt       int
	at            time.Time
}

// key joins the parts of a key. What is outside text cannot end a part.
func key(kind string, attempt int, parts ...string) string {
	text := kind + "/" + strconv.Itoa(attempt)
	for _, p := range parts {
		text += "/" + strings.NewReplacer("%", "%25", "/", "%2F").Replace(p)
	}
	return text
}

// facts lists what is true of r now, in the order in which it is to be told.
// Only what still matters is a fact: a stage that was left behind, a failure
// that is being retried or an approval that was given is not. So a release
// that was not told of for an hour is caught up with in a few words.
func facts(r Release, said Said, now time.Time) []fact {
	all := []fact{{key: key(string(Started), 1), kind: Started, attempt: 1, at: r.Began}}
	switch r.State {
	case StateSucceeded:
		return append(all, success(r, said))
	case StateSuperseded:
		return append(all, whole(Superseded, r))
	case StateStopped, StateCanceled, StateAbandoned:
		return append(append(all, failures(r)...), whole(Stopped, r))
	case StateFailed, StateStopping, StateSkipped:
		return append(all, failures(r)...)
	}
	all = append(all, transitions(r)...)
	all = append(all, failures(r)...)
	all = append(all, approvals(r)...)
	if at, ok := r.StuckAt(); ok && !now.Before(at) {
		stuck := whole(Stuck, r)
		stuck.at = at
		all = append(all, stuck)
	}
	return all
}

// whole is a fact about the whole release. It may happen again after a retry.
func whole(kind Kind, r Release) fact {
	return fact{key: key(string(kind), r.attempt()), kind: kind, attempt: r.attempt(), stage: r.Current().Name, at: r.Ended}
}

// success is the one fact about a release that succeeded. Its key does not
// depend on the kind, since what makes it Fixed may be learned later.
func success(r Release, said Said) fact {
	f := whole(Succeeded, r)
	f.key = key(string(Succeeded), 1)
	switch {
	case r.RolledBack || r.RollsBackTo != "":
		f.kind = RolledBack
	case r.Before == StateFailed || said.begins(string(Failed)+"/"):
		f.kind = Fixed
	}
	return f
}

// transitions has the last step from one stage to the next, and stages that
// are tried again. What only fetches the sources is no step: the card has the
// commit.
func transitions(r Release) []fact {
	var all []fact
	last := -1
	for i, s := range r.Stages {
		if s.State == StateSucceeded && !s.only("Source") {
			last = i
		}
	}
	if last >= 0 && last < len(r.Stages)-1 {
		s := r.Stages[last]
		f := fact{
			key: key(string(StageSucceeded), max(s.Attempt, 1), s.Name), kind: StageSucceeded,
			stage: s.Name, attempt: max(s.Attempt, 1), at: s.Ended,
		}
		if next := r.Stages[last+1]; next.State != "" {
			f.next = next.Name
		}
		all = append(all, f)
	}
	for _, s := range r.Stages {
		if s.Retried && (s.State == StateStarted || s.State == StateResumed) {
			all = append(all, fact{
				key: key(string(StageStarted), s.Attempt, s.Name), kind: StageStarted,
				stage: s.Name, attempt: s.Attempt, at: s.Began,
			})
		}
	}
	return all
}

func (s Stage) only(category string) bool {
	for _, a := range s.Actions {
		if a.Category != category {
			return false
		}
	}
	return len(s.Actions) > 0
}

// failures lists each action that failed, or the stage, or the release, if
// what below it failed is not known. All of one attempt are loud once.
func failures(r Release) []fact {
	var all []fact
	for _, s := range r.Stages {
		found := false
		for _, a := range s.Actions {
			if a.State == StateFailed && max(a.Attempt, 1) >= max(s.Attempt, 1) {
				found = true
				all = append(all, failure(s, a))
			}
		}
		if s.State == StateFailed && !found {
			all = append(all, failure(s, Action{Attempt: s.Attempt, Ended: s.Ended}))
		}
	}
	if r.State == StateFailed && len(all) == 0 {
		all = append(all, failure(Stage{}, Action{Attempt: r.attempt(), Ended: r.Ended}))
	}
	return all
}

func failure(s Stage, a Action) fact {
	n := max(a.Attempt, 1)
	f := fact{
		key: key(string(Failed), n, s.Name, a.Name), kind: Failed, scope: key(string(Failed), n) + "/",
		stage: s.Name, action: a.Name, attempt: n, at: a.Ended,
	}
	if a.approval() {
		f.kind, f.key, f.scope = Rejected, key(string(Rejected), n, s.Name, a.Name), key(string(Rejected), n)+"/"
	}
	return f
}

// approvals lists what waits for a person. Those of one stage are loud once.
func approvals(r Release) []fact {
	var all []fact
	for _, s := range r.Stages {
		for _, a := range s.Waiting() {
			n := max(a.Attempt, 1)
			all = append(all, fact{
				key: key(string(Approval), n, s.Name, a.Name), kind: Approval, scope: key(string(Approval), n, s.Name) + "/",
				stage: s.Name, action: a.Name, attempt: n, at: a.Began,
			})
		}
	}
	return all
}
