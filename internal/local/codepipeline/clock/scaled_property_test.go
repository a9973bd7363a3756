package clock_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// A watcher checks every call against the moment it was asked for, and every
// look at the clock against the one before.
type watcher struct {
	clock *clock.Scaled

	mu   sync.Mutex
	last time.Time
	owed map[int]time.Time
	made int
	bad  []string
}

func (w *watcher) look() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	if now.Before(w.last) {
		w.bad = append(w.bad, "the time went back by "+w.last.Sub(now).String())
	}
	w.last = now
	return now
}

// ask owes a call, which asks for another one depth times.
func (w *watcher) ask(id int, d time.Duration, depth int) {
	at := w.look().Add(d)
	w.mu.Lock()
	w.owed[id] = at
	w.mu.Unlock()
	w.clock.AfterFunc(d, func() {
		now := w.look()
		w.mu.Lock()
		want := w.owed[id]
		if !now.Equal(want) {
			w.bad = append(w.bad, "a call came at "+now.String()+", not at "+want.String())
		}
		for _, at := range w.owed {
			if at.Before(want) {
				w.bad = append(w.bad, "a call overtook one that was due "+want.Sub(at).String()+" earlier")
			}
		}
		delete(w.owed, id)
		w.made++
		w.mu.Unlock()
		if depth > 0 {
			w.ask(id, d/2, depth-1)
		}
	})
}

func TestCallsKeepTheirOrderAndTimeNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		speeds := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.5, 1, 3, 20, 999.9}), 1, 8).Draw(r, "speeds")
		waits := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Hour)), 1, 20).Draw(r, "waits")
		naps := rapid.SliceOfN(rapid.Int64Range(1, int64(time.Minute)), 1, 8).Draw(r, "naps")
		var bad []string
		synctest.Test(t, func(t *testing.T) {
			c, err := clock.NewScaled(1)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			w := &watcher{clock: c, owed: map[int]time.Time{}}
			for i, wait := range waits {
				w.ask(i, time.Duration(wait), 3)
				if err := c.SetSpeed(speeds[i%len(speeds)]); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Duration(naps[i%len(naps)]))
				synctest.Wait() // no call is being made, so what look sees still holds when AfterFunc counts from it
				w.look()
				if i%5 == 4 {
					if err := c.Advance(time.Duration(naps[i%len(naps)])); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := c.Advance(24 * time.Hour); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			w.mu.Lock()
			defer w.mu.Unlock()
			if want := 4 * len(waits); w.made != want {
				w.bad = append(w.bad, "not every call was made")
			}
			bad = w.bad
		})
		if len(bad) > 0 {
			r.Fatalf("%d things are wrong; first: %s", len(bad), bad[0])
		}
	})
}
