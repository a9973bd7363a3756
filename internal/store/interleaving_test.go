package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/store"
)

// TestChainVerifiesAfterAnyInterleaving writes to two requests of one pipeline
// from three processes, in random order, based on old versions now and then,
// with crashes before and after a write, repetitions, and another process's
// write between what one reads and what it writes. After every step the chain
// verifies and holds exactly what was written, in that order.
func TestChainVerifiesAfterAnyInterleaving(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			_, client, name := table(t)
			w := newWorld(t, client, name)
			random := rand.New(rand.NewPCG(seed, 4))
			for range 30 {
				st := w.random(random)
				if random.IntN(3) == 0 {
					meanwhile := w.random(random)
					meanwhile.store = 3 // whose turn is free
					w.meanwhile = &meanwhile
				}
				w.run(st)
				if random.IntN(3) == 0 {
					st.fault = none
					w.run(st) // told again
				}
				w.meanwhile = nil
				if got := trail(t, w.stores[0]); !slices.Equal(got, w.trail) {
					t.Fatalf("entries %v, want %v", got, w.trail)
				}
			}
		})
	}
}

// A step is something that a process does to one of two requests.
type step struct {
	store   int
	write   write
	request approval.Request
	entries []audit.Entry
	fault   fault
}

type write int

const (
	create write = iota
	save
	saveAlone
	add
)

// A fault is what goes wrong with a transaction.
type fault int

const (
	none  fault = iota
	early       // the process crashes before DynamoDB is asked
	late        // DynamoDB does it, and nobody hears of it
)

var errCrash = errors.New("the process crashed")

// A world is the table, and what should be in it.
type world struct {
	t      *testing.T
	stores []*store.Store
	steps  int
	trail  []string
	saved  map[string]int64 // the versions of the requests that are there

	// fault is what goes wrong next, and crashed whether it has. meanwhile is
	// what another process does before the next transaction.
	fault     fault
	crashed   bool
	meanwhile *step
}

func newWorld(t *testing.T, client *dynamodb.Client, name string) *world {
	t.Helper()
	w := &world{t: t, saved: map[string]int64{}}
	calls := store.CallsOf(client)
	calls.TransactWriteItems = func(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
		if st := w.meanwhile; st != nil {
			w.meanwhile = nil
			mine := w.fault
			w.run(*st)
			w.fault, w.crashed = mine, false
		}
		if w.fault == early {
			w.crashed = true
			return nil, errCrash
		}
		out, err := client.TransactWriteItems(ctx, in, o...)
		if w.fault == late && err == nil {
			w.crashed = true
			return nil, errCrash
		}
		return out, err
	}
	for range 4 {
		w.stores = append(w.stores, store.New(calls, name))
	}
	return w
}

// random makes a step up. Some of its entries have been told before, perhaps.
func (w *world) random(random *rand.Rand) step {
	w.steps++
	st := step{
		store: random.IntN(3), write: write(random.IntN(4)),
		request: pending(fmt.Sprint("request", random.IntN(2))), fault: max(none, fault(random.IntN(6)-3)),
	}
	st.request.Version = w.saved[st.request.ID]
	if random.IntN(4) == 0 {
		st.request.Version = max(st.request.Version-1, 0)
	}
	for i := range 1 + random.IntN(3) {
		st.entries = append(st.entries, entry(fmt.Sprintf("%d/%d", max(w.steps-random.IntN(2), 1), i)))
	}
	if st.write == saveAlone {
		st.entries = nil
	}
	return st
}

// run does st and checks what comes of it.
func (w *world) run(st step) {
	w.fault, w.crashed = st.fault, false
	s := w.stores[st.store]
	var err error
	switch st.write {
	case create:
		err = s.CreateRequest(w.t.Context(), st.request, st.entries...)
	case save, saveAlone:
		err = s.SaveRequest(w.t.Context(), st.request, st.entries...)
	case add:
		err = s.Append(w.t.Context(), st.entries...)
	}
	want := w.refusal(st)
	if w.crashed {
		want = errCrash
	}
	if !errors.Is(err, want) {
		w.t.Errorf("%+v: %v, want %v", st, err, want)
	}
	if w.refusal(st) == nil && (!w.crashed || st.fault == late) {
		w.note(st)
	}
}

// refusal is the answer to st as things are.
func (w *world) refusal(st step) error {
	stored, there := w.saved[st.request.ID]
	switch {
	case st.write == create && there:
		return approval.ErrExists
	case (st.write == save || st.write == saveAlone) && (!there || stored != st.request.Version):
		return approval.ErrConflict
	}
	return nil
}

// note takes down what st has changed.
func (w *world) note(st step) {
	switch st.write {
	case create:
		w.saved[st.request.ID] = st.request.Version
	case save, saveAlone:
		w.saved[st.request.ID]++
	}
	for _, e := range st.entries {
		if !slices.Contains(w.trail, e.ID) {
			w.trail = append(w.trail, e.ID)
		}
	}
}
