package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// TestStoreIsAsItsModelAfterAnyInterleaving lets three processes write about
// two executions and two places in random order, based on old versions now and
// then, with crashes before and after a write. After every step all that can be
// read is as the model has it, which is a handful of maps.
func TestStoreIsAsItsModelAfterAnyInterleaving(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			_, client, name := table(t)
			m := newModel(t, client, name, rand.New(rand.NewPCG(seed, 5)))
			for range 60 {
				m.step()
				m.compare()
				if t.Failed() {
					return
				}
			}
		})
	}
}

// A model is what should be in the table.
type model struct {
	t       *testing.T
	random  *rand.Rand
	stores  []*store.Store
	fault   fault // of the next write
	crashed bool
	now     time.Time
	count   int

	records map[string]release.Record
	looks   map[string]time.Time
	used    map[event.Artifact]string
	cards   map[[2]string]telegraph.Card // by execution, or none, and place
	held    map[notice.Held]time.Time    // when due
	claims  map[string]claimed
	badge   telegraph.Badge
}

type claimed struct {
	by    string
	until time.Time
}

func newModel(t *testing.T, client *dynamodb.Client, name string, random *rand.Rand) *model {
	t.Helper()
	m := &model{
		t: t, random: random, now: opened, records: map[string]release.Record{}, looks: map[string]time.Time{},
		used: map[event.Artifact]string{}, cards: map[[2]string]telegraph.Card{}, held: map[notice.Held]time.Time{},
		claims: map[string]claimed{},
	}
	calls := store.CallsOf(client)
	calls.PutItem = func(ctx context.Context, in *dynamodb.PutItemInput, o ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
		return failing(m, func() (*dynamodb.PutItemOutput, error) { return client.PutItem(ctx, in, o...) })
	}
	calls.TransactWriteItems = func(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
		return failing(m, func() (*dynamodb.TransactWriteItemsOutput, error) { return client.TransactWriteItems(ctx, in, o...) })
	}
	for range 3 {
		m.stores = append(m.stores, store.New(calls, name).Timed(func() time.Time { return m.now }))
	}
	return m
}

// failing makes a write with the fault of m.
func failing[O any](m *model, write func() (*O, error)) (*O, error) {
	if m.fault == early {
		m.crashed = true
		return nil, errCrash
	}
	out, err := write()
	if m.fault == late && err == nil {
		m.crashed = true
		return nil, errCrash
	}
	return out, err
}

// step does one thing, perhaps with a crash.
func (m *model) step() {
	m.count++
	m.now = m.now.Add(time.Duration(m.random.IntN(3)) * 24 * time.Hour)
	m.fault, m.crashed = max(none, fault(m.random.IntN(6)-3)), false
	s := m.stores[m.random.IntN(len(m.stores))]
	switch m.random.IntN(6) {
	case 0, 1:
		m.saveRecord(s)
	case 2:
		m.saveCard(s)
	case 3:
		m.hold(s)
	case 4:
		m.claim(s)
	case 5:
		m.saveBadge(s)
	}
	m.fault = none
}

// came checks the answer to a step, and reports whether the step was done.
func (m *model) came(err, refusal error) bool {
	want := refusal
	if m.crashed {
		want = errCrash
	}
	if !errors.Is(err, want) || want == nil && err != nil {
		m.t.Errorf("step %d: %v, want %v", m.count, err, want)
	}
	return refusal == nil && (!m.crashed || m.fault == late)
}

func (m *model) one(of ...string) string { return of[m.random.IntN(len(of))] }

// version is one that somebody has read, perhaps a while ago.
func (m *model) version(stored int) (int, error) {
	if m.random.IntN(4) > 0 {
		return stored, nil
	}
	if v := m.random.IntN(stored + 2); v != stored {
		return v, telegraph.ErrConflict
	}
	return stored, nil
}

func (m *model) saveRecord(s *store.Store) {
	id := m.one("e", "f")
	r := record(id)
	var refusal error
	r.Version, refusal = m.version(m.records[id].Version)
	r.StopReason = fmt.Sprint("step ", m.count)
	var look time.Time
	if m.random.IntN(3) > 0 {
		look = m.now.Add(time.Duration(m.random.IntN(5)-2) * 24 * time.Hour)
	}
	var inputs []event.Artifact
	for range m.random.IntN(4) {
		inputs = append(inputs, artifact(m.one("Source", "Built", "Tested")))
	}
	if !m.came(s.SaveRecord(m.t.Context(), r, look, inputs...), refusal) {
		return
	}
	r.Version++
	m.records[id], m.looks[id] = r, look
	for _, a := range inputs {
		m.used[a] = id
	}
}

func (m *model) saveCard(s *store.Store) {
	id, place := m.one("", "e", "f"), m.one("channel:C0", "channel:C1")
	var of release.ExecutionID
	if id != "" {
		of = execution(id)
	}
	c := card(of, place)
	var refusal error
	c.Version, refusal = m.version(m.cards[[2]string{id, place}].Version)
	c.Hash = fmt.Sprint("step ", m.count)
	_, err := s.SaveCard(m.t.Context(), c)
	if m.came(err, refusal) {
		c.Version++
		m.cards[[2]string{id, place}] = c
	}
}

func (m *model) hold(s *store.Store) {
	h := held(m.one("channel:C0", "channel:C1"), m.one("e", "f"), m.one("1", "2", "3"))
	if m.random.IntN(3) == 0 {
		if m.came(s.Drop(m.t.Context(), h), nil) {
			delete(m.held, h)
		}
		return
	}
	due := m.now.Add(time.Duration(m.random.IntN(4)) * 24 * time.Hour)
	if _, there := m.held[h]; m.came(s.Hold(m.t.Context(), due, h), nil) && !there {
		m.held[h] = due
	}
}

func (m *model) claim(s *store.Store) {
	key, by := m.one("a", "b"), m.one("me", "another")
	got, err := s.Claim(m.t.Context(), key, by)
	c, there := m.claims[key]
	free := !there || !m.now.Before(c.until)
	if !m.came(err, nil) {
		return
	}
	if want := free || c.by == by; got != want && !m.crashed {
		m.t.Errorf("step %d: %s belongs to %s: %t, want %t", m.count, key, by, got, want)
	}
	if free {
		m.claims[key] = claimed{by, m.now.Add(31 * 24 * time.Hour)}
	}
}

func (m *model) saveBadge(s *store.Store) {
	began := m.random.IntN(3)
	b := badge(m.one("e", "f")+fmt.Sprint(began), time.Duration(began), time.Duration(m.random.IntN(9)))
	older := cmp.Or(b.Began.Compare(m.badge.Began), strings.Compare(b.Execution, m.badge.Execution), b.At.Compare(m.badge.At)) < 0
	if m.came(s.SaveBadge(m.t.Context(), b), nil) && !older {
		m.badge = b
	}
}
