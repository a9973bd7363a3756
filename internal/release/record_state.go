package release

import (
	"cmp"
	"strings"
	"time"

	"github.com/signalbox/signalbox/internal/event"
)

// Skipped is the state of a stage that a condition let the execution pass by.
// No event is documented to have it; the API does.
const Skipped event.State = "SKIPPED"

// rank orders the states that one attempt may be told to have: the highest is
// where it stands. What is under way comes first, because an end is never
// taken back within an attempt. Then the ends, of which only one is true, so
// their order decides between events that contradict each other, which happens
// where events do not tell attempts apart:
//
//   - After FAILED, STOPPED and ABANDONED a retry may follow in the same
//     execution, and each of the others ends it for good: RetryStageExecution
//     refuses a stage in which nothing failed, a superseded execution never
//     entered one, and a canceled one belongs to a pipeline that has changed.
//     So the others came later and win.
//   - Between FAILED and STOPPED nobody can say. FAILED wins, because somebody
//     must act on it.
var rank = map[event.State]int{
	event.Started:    1,
	event.Resumed:    2,
	event.Stopping:   3,
	event.Abandoned:  over,
	event.Stopped:    over + 1,
	event.Failed:     over + 2,
	event.Canceled:   final,
	Skipped:          final + 1,
	event.Superseded: final + 2,
	event.Succeeded:  final + 3,
}

// A state that we do not know is later than any that we know to be under way,
// and gives way to every end that we know. From over on an attempt has ended,
// from final on no other attempt can follow.
const (
	unheard = 4
	over    = 5
	final   = 8
)

func rankOf(s event.State) int {
	if r, ok := rank[s]; ok || s == "" {
		return r
	}
	return unheard
}

// isOver reports whether s is an end that we know.
func isOver(s event.State) bool { return rankOf(s) >= over }

// isFinal reports whether s is an end that no retry can follow.
func isFinal(s event.State) bool { return rankOf(s) >= final }

// later returns where an attempt stands that is told to be in a and in b.
func later(a, b event.State) event.State {
	if c := cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), cmp.Compare(a, b)); c < 0 {
		return b
	}
	return a
}

// StateOf is the state that the API calls word, such as "InProgress" or
// "Cancelled". A word that we do not know is kept, in capitals as events have
// it.
func StateOf(word string) event.State {
	switch word {
	case "InProgress":
		return event.Started
	case "Cancelled":
		return event.Canceled
	}
	return state(event.State(strings.ToUpper(word)))
}

// state bounds a state that may be anything.
func state(s event.State) event.State {
	if _, ok := rank[s]; ok {
		return s
	}
	return event.State(cut(string(s), maxWord))
}

// earliest is the earlier of two times, of which either may be unknown.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// latest is the later of two times, of which either may be unknown.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
