package telegraph_test

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// shelf is Records in memory. It keeps JSON, as the real one does.
type shelf struct {
	*fuse
	mu      sync.Mutex
	records map[release.ExecutionID]string
	looks   map[release.ExecutionID]time.Time
	cards   map[release.ExecutionID]map[string]string
	inputs  map[event.Artifact]release.ExecutionID
	claims  map[string]string
	held    map[string]map[string]holding
	writes  int
}

type holding struct {
	due  time.Time
	held notice.Held
}

func newShelf(f *fuse) *shelf {
	return &shelf{
		fuse: f, records: map[release.ExecutionID]string{}, looks: map[release.ExecutionID]time.Time{},
		cards: map[release.ExecutionID]map[string]string{}, inputs: map[event.Artifact]release.ExecutionID{},
		claims: map[string]string{}, held: map[string]map[string]holding{},
	}
}

// use runs do unless the fuse has blown, which may hide that it has.
func (s *shelf) use(do func() error) error {
	return s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return do()
	})
}

func (s *shelf) Kept(_ context.Context, id release.ExecutionID) (telegraph.Kept, error) {
	kept := telegraph.Kept{Cards: map[string]telegraph.Card{}}
	err := s.use(func() error {
		if s.records[id] == "" {
			return telegraph.ErrNotFound
		}
		must(json.Unmarshal([]byte(s.records[id]), &kept.Record))
		for place, raw := range s.cards[id] {
			var c telegraph.Card
			must(json.Unmarshal([]byte(raw), &c))
			kept.Cards[place] = c
		}
		return nil
	})
	return kept, err
}

func (s *shelf) SaveRecord(_ context.Context, r release.Record, look time.Time, inputs ...event.Artifact) error {
	return s.use(func() error {
		var stored release.Record
		if raw := s.records[r.ExecutionID]; raw != "" {
			must(json.Unmarshal([]byte(raw), &stored))
		}
		if stored.Version != r.Version {
			return telegraph.ErrConflict
		}
		r.Version++
		s.records[r.ExecutionID] = encoded(r)
		s.looks[r.ExecutionID] = look
		for _, a := range inputs {
			s.inputs[event.Artifact{Bucket: a.Bucket, Key: a.Key}] = r.ExecutionID
		}
		s.writes++
		return nil
	})
}

func (s *shelf) ExecutionOf(_ context.Context, input event.Artifact) (id release.ExecutionID, err error) {
	err = s.use(func() error {
		var there bool
		if id, there = s.inputs[input]; !there {
			return telegraph.ErrNotFound
		}
		return nil
	})
	return id, err
}

func (s *shelf) SaveCard(_ context.Context, c telegraph.Card) (telegraph.Card, error) {
	before := c
	err := s.use(func() error {
		var stored telegraph.Card
		if raw := s.cards[c.Of][c.Place]; raw != "" {
			must(json.Unmarshal([]byte(raw), &stored))
		}
		if stored.Version != c.Version {
			return telegraph.ErrConflict
		}
		c.Version++
		if s.cards[c.Of] == nil {
			s.cards[c.Of] = map[string]string{}
		}
		s.cards[c.Of][c.Place] = encoded(c)
		return nil
	})
	if err != nil {
		return before, err
	}
	return c, nil
}

func (s *shelf) Unwatched(_ context.Context, now time.Time) (ids []release.ExecutionID, err error) {
	err = s.use(func() error {
		for id, at := range s.looks {
			if !at.IsZero() && !at.After(now) {
				ids = append(ids, id)
			}
		}
		slices.SortFunc(ids, func(a, b release.ExecutionID) int { return cmp.Compare(a.ID, b.ID) })
		return nil
	})
	return ids, err
}

func (s *shelf) Claim(_ context.Context, key, by string) (mine bool, err error) {
	err = s.use(func() error {
		if s.claims[key] == "" {
			s.claims[key] = by
		}
		mine = s.claims[key] == by
		return nil
	})
	return mine, err
}

func (s *shelf) Hold(_ context.Context, due time.Time, held ...notice.Held) error {
	return s.use(func() error {
		for _, h := range held {
			if s.held[h.Place] == nil {
				s.held[h.Place] = map[string]holding{}
			}
			s.held[h.Place][h.Execution+h.Key] = holding{due: due, held: h}
		}
		return nil
	})
}

func (s *shelf) Waiting(_ context.Context, now time.Time) (places []string, err error) {
	err = s.use(func() error {
		for place, all := range s.held {
			for _, h := range all {
				if !h.due.After(now) && !slices.Contains(places, place) {
					places = append(places, place)
				}
			}
		}
		slices.Sort(places)
		return nil
	})
	return places, err
}

func (s *shelf) Held(_ context.Context, place string, now time.Time) (c telegraph.Card, held []notice.Held, err error) {
	err = s.use(func() error {
		if raw := s.cards[release.ExecutionID{}][place]; raw != "" {
			must(json.Unmarshal([]byte(raw), &c))
		}
		for _, h := range s.held[place] {
			if !h.due.After(now) {
				held = append(held, h.held)
			}
		}
		return nil
	})
	return c, held, err
}

func (s *shelf) Drop(_ context.Context, held ...notice.Held) error {
	return s.use(func() error {
		for _, h := range held {
			delete(s.held[h.Place], h.Execution+h.Key)
		}
		return nil
	})
}

func encoded(v any) string {
	raw, err := json.Marshal(v)
	must(err)
	return string(raw)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
