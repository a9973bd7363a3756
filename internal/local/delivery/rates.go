package delivery

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// What bad delivery looks like. AWS gives no numbers; these are chosen so that
// a person sees it happen and a test need not wait long. The times are emulated.
const (
	minLate, maxLate = time.Second, 30 * time.Second
	// maxAgain is how long after an event its double comes at most.
	maxAgain = 10 * time.Second
	// maxOvertaken is how many later events overtake one that is reordered;
	// when no more come, it waits for maxWindow.
	maxOvertaken = 3
	maxWindow    = 5 * time.Second
)

// Rates say which share of the events is delivered badly, from 0, none, to 1,
// all. The zero value delivers every event once, at once and in order.
type Rates struct {
	// Late events come 1 to 30 emulated seconds later.
	Late float64 `json:"late"`
	// Double events come twice: one half of them under the same id, as when
	// EventBridge repeats itself, the other under a new one, as when the
	// service does.
	Double float64 `json:"double"`
	// Lose is the share that never comes.
	Lose float64 `json:"lose"`
	// Reorder events are held back until one to three later ones have come,
	// for 5 emulated seconds at most.
	Reorder float64 `json:"reorder"`
	// Seed makes it repeatable: the same seed and sequence of events bring the
	// same delivery.
	Seed uint64 `json:"seed"`
}

// check refuses what is no rate, in a sentence.
func (r Rates) check() error {
	for _, rate := range []struct {
		name  string
		share float64
	}{{"late", r.Late}, {"double", r.Double}, {"lose", r.Lose}, {"reorder", r.Reorder}} {
		if rate.share < 0 || rate.share > 1 {
			return fmt.Errorf("%s is %v: set it to a share of the events from 0, none, to 1, all", rate.name, rate.share)
		}
	}
	return nil
}

// A fate is how one event is delivered.
type fate struct {
	lost bool
	// late is how long the event is held back; zero is not at all.
	late time.Duration
	// overtaken is by how many events; zero is by none.
	overtaken int
	doubled   bool
	again     time.Duration // when the double comes
	renamed   bool          // the double has an id of its own
}

// draw is the fate of the next event. It takes the same number of random
// numbers for each, so that another rate does not change everything.
func (r Rates) draw(random *rand.Rand) fate {
	lose, double, late, reorder := random.Float64(), random.Float64(), random.Float64(), random.Float64()
	by, again, name, overtaken := random.Float64(), random.Float64(), random.Float64(), random.Float64()
	if lose < r.Lose {
		return fate{lost: true}
	}
	var f fate
	switch {
	case late < r.Late:
		f.late = minLate + time.Duration(by*float64(maxLate-minLate))
	case reorder < r.Reorder:
		f.overtaken = 1 + int(overtaken*maxOvertaken)
	}
	if double < r.Double {
		f.doubled, f.again, f.renamed = true, time.Duration(again*float64(maxAgain)), name < 0.5
	}
	return f
}
