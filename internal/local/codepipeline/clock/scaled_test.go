package clock_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
)

// A diary notes what happened, and when by the emulated time.
type diary struct {
	clock *clock.Scaled
	began time.Time

	mu    sync.Mutex
	lines []string
}

// scaled is a clock at speed, in the bubble that the test runs in.
func scaled(t *testing.T, speed float64) *diary {
	t.Helper()
	c, err := clock.NewScaled(speed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &diary{clock: c, began: c.Now()}
}

func (d *diary) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf("%s %s", d.clock.Now().Sub(d.began), what))
}

// in notes what when the time comes.
func (d *diary) in(wait time.Duration, what string) clock.Timer {
	return d.clock.AfterFunc(wait, func() { d.note(what) })
}

func (d *diary) want(t *testing.T, lines ...string) {
	t.Helper()
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	if diff := cmp.Diff(lines, d.lines); diff != "" {
		t.Errorf("the calls differ (-want +got):\n%s", diff)
	}
}

func TestTimeIsRealAtSpeedOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 1)
		d.in(time.Hour, "an hour")
		time.Sleep(59 * time.Minute)
		d.want(t)
		if got, want := d.clock.Now(), time.Now(); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("Now is %s, want %s in UTC", got, want)
		}
		time.Sleep(time.Minute)
		d.want(t, "1h0m0s an hour")
	})
}

func TestCallsComeAtTheirEmulatedMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 20)
		d.in(time.Minute, "second")
		d.in(20*time.Second, "first")
		d.in(time.Minute, "third")
		d.in(-time.Second, "at once")
		d.want(t, "0s at once")
		time.Sleep(time.Second)
		d.want(t, "0s at once", "20s first")
		time.Sleep(2*time.Second - time.Nanosecond)
		d.want(t, "0s at once", "20s first")
		time.Sleep(time.Nanosecond)
		d.want(t, "0s at once", "20s first", "1m0s second", "1m0s third")
	})
}

func TestSpeedChangesWhileCallsAreOwed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 1)
		d.in(time.Minute, "a minute")
		d.in(time.Hour, "an hour")
		time.Sleep(30 * time.Second)
		if err := d.clock.SetSpeed(60); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond) // the other half of the minute
		d.want(t, "1m0s a minute")
		if err := d.clock.SetSpeed(0); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Hour)
		d.want(t, "1m0s a minute")
		if got := d.clock.Now().Sub(d.began); got != time.Minute {
			t.Errorf("the time went on to %s while it stood still", got)
		}
		if err := d.clock.SetSpeed(1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(59 * time.Minute)
		d.want(t, "1m0s a minute", "1h0m0s an hour")
	})
}

func TestAdvanceMakesEveryCallOnTheWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 0)
		d.clock.AfterFunc(time.Hour, func() {
			d.note("first")
			d.in(time.Hour, "added")
		})
		d.in(3*time.Hour, "last")
		d.in(37*time.Hour, "too late")
		if err := d.clock.Advance(36 * time.Hour); err != nil {
			t.Fatal(err)
		}
		d.want(t, "1h0m0s first", "2h0m0s added", "3h0m0s last")
		if got := d.clock.Now().Sub(d.began); got != 36*time.Hour {
			t.Errorf("the clock stands at %s, want 36h", got)
		}
	})
}

func TestAdvancesFromSeveralSidesAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 0)
		d.in(90*time.Minute, "due")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := d.clock.Advance(time.Hour); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		d.want(t, "1h30m0s due")
		if got := d.clock.Now().Sub(d.began); got != 4*time.Hour {
			t.Errorf("the clock stands at %s, want 4h", got)
		}
	})
}

func TestTimeStandsWhileACallIsMadeAndHurriesAfterwards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 1)
		d.clock.AfterFunc(time.Second, func() {
			d.note("begins")
			time.Sleep(time.Minute)
			d.note("ends")
			d.in(time.Second, "what it asked for")
		})
		d.in(5*time.Second, "another")
		time.Sleep(time.Second + time.Minute)
		d.want(t, "1s begins", "1s ends", "2s what it asked for", "5s another")
		if got := d.clock.Now().Sub(d.began); got != 61*time.Second {
			t.Errorf("the clock shows %s after it caught up, want 61s", got)
		}
	})
}

func TestStoppedAndClosedCallsAreNotMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 10)
		stopped := d.in(time.Second, "stopped")
		d.in(time.Minute, "closed")
		if !stopped.Stop() || stopped.Stop() {
			t.Error("Stop must report true once")
		}
		time.Sleep(time.Second)
		d.clock.Close()
		time.Sleep(time.Hour)
		d.want(t)
		if err := d.clock.Advance(time.Hour); err != nil {
			t.Error(err)
		}
		d.want(t)
	})
}

func TestAClosedClockStillTellsTheTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := scaled(t, 2)
		d.clock.Close()
		time.Sleep(time.Second)
		if got := d.clock.Now().Sub(d.began); got != 2*time.Second {
			t.Errorf("the clock shows %s, want 2s", got)
		}
	})
}
