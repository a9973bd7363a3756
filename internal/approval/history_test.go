package approval_test

import (
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The histories of a run are always the same ones, so that a red build is about
// the change; with other seeds there are as many others as anybody has time for:
//
//	go test ./internal/approval -run TestHistories -args -seed 7 -histories 5000000
//	go test ./internal/approval -run TestHistories -args -seed 7 -history 4711
var (
	seed      = flag.Uint64("seed", 1, "the seed of the histories")
	histories = flag.Int("histories", enough, "how many histories to play")
	history   = flag.Int("history", -1, "the number of one history to play and tell")
)

// enough is how many histories an ordinary run has to play.
const enough = 100_000

// TestHistories plays random histories: under random policies, events, votes,
// alarms and reconciliations come in any order and any number of times, from
// anybody, with a crash or a lost reply at any effect and others acting in
// between, while groups, freezes and policies change. The arena says what must
// never happen, and windUp what must be true in the end.
func TestHistories(t *testing.T) {
	t.Parallel()
	if *history >= 0 {
		p, _ := newPlan(*seed, uint64(*history))
		t.Log(p.explain(t))
		return
	}
	want := *histories
	if testing.Short() || raceDetector {
		want /= 20
		t.Logf("playing only %d histories", want)
	}
	began := time.Now()
	var next atomic.Int64
	var mu sync.Mutex
	all := sights{}
	t.Run("shards", func(t *testing.T) {
		for n := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				seen := sights{}
				for number := next.Add(1); number <= int64(want) && !t.Failed(); number = next.Add(1) {
					playOne(t, uint64(number), seen)
					seen[played]++
				}
				mu.Lock()
				defer mu.Unlock()
				for what, n := range seen {
					all[what] += n
				}
			})
		}
	})
	t.Logf("played %d histories with seed %d in %s", all[played], *seed, time.Since(began).Round(time.Millisecond))
	for _, what := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%9d × %s", all[what], what)
	}
	if all[played] < want {
		t.Errorf("played %d histories, want %d", all[played], want)
	}
}

// sights counts what was seen in histories.
type sights map[string]int

const played = "history"

func playOne(t *testing.T, number uint64, seen sights) {
	t.Helper()
	p, s := newPlan(*seed, number)
	if wrong, _ := p.play(t, s, false, seen); wrong != "" {
		t.Errorf("%s\nto tell the whole of it: go test ./internal/approval -run TestHistories -args -seed %d -history %d",
			p.shrunk(t).explain(t), *seed, number)
	}
}
