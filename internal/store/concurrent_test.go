package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/signalbox/signalbox/internal/store"
)

// TestManyWritersKeepTheChainWhole has fifty writers in five processes.
func TestManyWritersKeepTheChainWhole(t *testing.T) {
	t.Parallel()
	first, client, name := table(t)
	stores := []*store.Store{first}
	for range 4 {
		stores = append(stores, store.New(store.CallsOf(client), name))
	}
	var want []string
	var all sync.WaitGroup
	for i := range 50 {
		id := fmt.Sprintf("%02d", i)
		want = append(want, id)
		all.Go(func() {
			s := stores[i%len(stores)].As("process " + id)
			for try := 1; ; try++ {
				err := s.Append(t.Context(), entry(id))
				if err == nil {
					return
				}
				if try == 20 {
					t.Errorf("entry %s: %v", id, err)
					return
				}
			}
		})
	}
	all.Wait()
	got := trail(t, first)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("entries %v, want each once", got)
	}
}
