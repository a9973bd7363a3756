package store_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/store"
)

func claim(t *testing.T, s *store.Store, key, by string) bool {
	t.Helper()
	has, err := s.Claim(t.Context(), key, by)
	if err != nil {
		t.Error(err)
	}
	return has
}

func TestKeyBelongsToTheFirstToClaimItForAMonth(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	now := opened
	s = s.Timed(func() time.Time { return now })
	const month = 31 * 24 * time.Hour
	steps := []struct {
		after   time.Duration
		key, by string
		want    bool
	}{
		{0, "once/a", "first", true},
		{0, "once/a", "second", false},
		{0, "once/a", "first", true},
		{0, "once/a", "", false},
		{0, "once/a#b", "second", true},
		{month - time.Nanosecond, "once/a", "second", false},
		{month - time.Nanosecond, "once/a", "first", true}, // which does not extend it
		{month, "once/a", "second", true},
		{month, "once/a", "first", false},
		{month + time.Hour, "once/a#b", "first", true},
	}
	for i, step := range steps {
		now = opened.Add(step.after)
		if got := claim(t, s, step.key, step.by); got != step.want {
			t.Errorf("step %d: %s belongs to %q after %s: %t, want %t", i, step.key, step.by, step.after, got, step.want)
		}
	}
	if ttl := partition(t, client, name, "ONCE#once/a")[0]["ttl"]; ttl == nil {
		t.Error("a claim is never removed")
	}
}

func TestOneOfManyWhoClaimAtOnceHasTheKey(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	long := strings.Repeat("日#", 2000) // longer than a key may be
	var winners atomic.Int32
	var all sync.WaitGroup
	for i := range 12 {
		by := strings.Repeat("x", i+1)
		all.Go(func() {
			if claim(t, store.New(store.CallsOf(client), name), long, by) {
				winners.Add(1)
			}
		})
	}
	all.Wait()
	if n := winners.Load(); n != 1 {
		t.Errorf("%d have the key, want one", n)
	}
	if !claim(t, s, long+"!", "another") {
		t.Error("keys that begin alike are one")
	}
}
