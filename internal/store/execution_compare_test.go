package store_test

import (
	"errors"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// compare reads everything.
func (m *model) compare() {
	m.t.Helper()
	s := m.stores[0]
	for _, id := range []string{"e", "f"} {
		r, there := m.records[id]
		got, err := s.Kept(m.t.Context(), execution(id))
		if !there {
			m.same("what is missing", true, errors.Is(err, telegraph.ErrNotFound))
			continue
		}
		m.same("error", nil, err)
		m.same("kept", telegraph.Kept{Record: r, Cards: m.cardsOf(id)}, got)
	}
	for a, want := range m.used {
		got, err := s.ExecutionOf(m.t.Context(), a)
		m.same("error", nil, err)
		m.same("execution", execution(want), got)
	}
	var look, wait []string
	for id, at := range m.looks {
		if !at.IsZero() && !at.After(m.now) {
			look = append(look, id)
		}
	}
	for _, place := range []string{"channel:C0", "channel:C1"} {
		want := map[notice.Held]bool{}
		for h, due := range m.held {
			if h.Place == place && !due.After(m.now) {
				want[h] = true
			}
		}
		all, version := digest(m.t, s, place, m.now)
		got := map[notice.Held]bool{}
		for _, h := range all {
			got[h] = true
		}
		m.same("held", want, got)
		m.same("version", m.cardsOf("")[place].Version, version)
		if len(want) > 0 {
			wait = append(wait, place)
		}
	}
	m.same("unwatched", slices.Sorted(slices.Values(look)), slices.Sorted(slices.Values(unwatched(m.t, s, m.now))))
	m.same("waiting", slices.Sorted(slices.Values(wait)), slices.Sorted(slices.Values(waiting(m.t, s, m.now))))
	if m.badge != (telegraph.Badge{}) {
		m.same("badge", m.badge, shown(m.t, s, ""))
	}
}

func (m *model) cardsOf(id string) map[string]telegraph.Card {
	all := map[string]telegraph.Card{}
	for k, c := range m.cards {
		if k[0] == id {
			all[k[1]] = c
		}
	}
	return all
}

func (m *model) same(what string, want, got any) {
	m.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("after step %d, %s (-want +got):\n%s", m.count, what, diff)
	}
}
