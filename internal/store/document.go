package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// encode is the item at k that holds v as JSON. It may be removed when it has
// not been written for long after last.
func encode(k key, v any, last time.Time) (map[string]types.AttributeValue, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %s %s: %w", k.pk, k.sk, err)
	}
	item := k.item()
	item[doc] = text(string(encoded))
	item[expiry] = removal(last)
	return item, fits(item, k.pk+" "+k.sk)
}

// decode undoes encode.
func decode(item map[string]types.AttributeValue, into any) error {
	if err := json.Unmarshal([]byte(textOf(item, doc)), into); err != nil {
		k := keyOf(item)
		return fmt.Errorf("decode %s %s: %w", k.pk, k.sk, err)
	}
	return nil
}

// read decodes the item at k, or fails with telegraph.ErrNotFound.
func (s *Store) read(ctx context.Context, k key, into any) error {
	item, err := s.get(ctx, k)
	if errors.Is(err, approval.ErrNotFound) {
		return telegraph.ErrNotFound
	}
	if err != nil {
		return err
	}
	return decode(item, into)
}
