package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// TestOneOfManyWritersOfAVersionWins, whether or not they write inputs too.
func TestOneOfManyWritersOfAVersionWins(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	for version := range 5 {
		var records, cards atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			s := store.New(store.CallsOf(client), name)
			r, c := record("e"), card(execution("e"), "channel:C0")
			r.Version, c.Version = version, version
			r.StopReason, c.Hash = fmt.Sprint(i), fmt.Sprint(i)
			var inputs []event.Artifact
			if i%2 == 0 {
				inputs = []event.Artifact{artifact("Source")}
			}
			won := func(n *atomic.Int32, err error) {
				switch {
				case err == nil:
					n.Add(1)
				case !errors.Is(err, telegraph.ErrConflict):
					t.Errorf("version %d: %v, want ErrConflict or nothing", version, err)
				}
			}
			all.Go(func() { won(&records, s.SaveRecord(t.Context(), r, opened, inputs...)) })
			all.Go(func() { _, err := s.SaveCard(t.Context(), c); won(&cards, err) })
		}
		all.Wait()
		if records.Load() != 1 || cards.Load() != 1 {
			t.Errorf("version %d: %d records and %d cards were saved, want one each", version, records.Load(), cards.Load())
		}
	}
}

// TestNoEventIsLostAmongManyWriters: whoever is refused reads again and adds to
// what the other has written.
func TestNoEventIsLostAmongManyWriters(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	const writers = 16
	var all sync.WaitGroup
	for i := range writers {
		s := store.New(store.CallsOf(client), name)
		all.Go(func() {
			for range 10 * writers {
				k, err := s.Kept(t.Context(), execution("e"))
				if errors.Is(err, telegraph.ErrNotFound) {
					k, err = telegraph.Kept{Record: record("e")}, nil
				}
				if err != nil {
					t.Error(err)
					return
				}
				k.Record.Builds = append(k.Record.Builds, release.Build{ID: fmt.Sprint(i)})
				var inputs []event.Artifact
				if i%3 == 0 {
					inputs = []event.Artifact{artifact("Source")}
				}
				err = s.SaveRecord(t.Context(), k.Record, opened, inputs...)
				if err == nil {
					return
				}
				if !errors.Is(err, telegraph.ErrConflict) {
					t.Error(err)
					return
				}
			}
			t.Errorf("writer %d never came through", i)
		})
	}
	all.Wait()
	got := kept(t, s, "e").Record
	seen := map[string]bool{}
	for _, b := range got.Builds {
		seen[b.ID] = true
	}
	if got.Version != writers || len(seen) != writers || len(got.Builds) != writers {
		t.Errorf("version %d with %d builds, %d of them different, want %d", got.Version, len(got.Builds), len(seen), writers)
	}
}
