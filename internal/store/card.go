package store

import (
	"context"

	"github.com/signalbox/signalbox/internal/telegraph"
)

// SaveCard stores c under the next version and returns it with that, or fails
// with telegraph.ErrConflict, and c as it was, unless the stored version is
// c.Version.
func (s *Store) SaveCard(ctx context.Context, c telegraph.Card) (telegraph.Card, error) {
	next := c
	next.Version++
	item, err := encode(cardKey(c.Of, c.Place), next, s.now())
	if err != nil {
		return c, err
	}
	item[version] = number(int64(next.Version))
	if err := s.saveAlone(ctx, item, storedOrNew(c.Version)); err != nil {
		return c, conflict(err)
	}
	return next, nil
}
