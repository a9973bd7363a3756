package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

var _ telegraph.Records = (*Store)(nil)

// maxInputs is how many inputs a record is found by after one write, which has
// to fit into a transaction of at most 100 items. An action of CodePipeline has
// five at most.
const maxInputs = 90

// Kept reads the record of an execution and its cards, or fails with
// telegraph.ErrNotFound.
func (s *Store) Kept(ctx context.Context, id release.ExecutionID) (telegraph.Kept, error) {
	items, err := s.list(ctx, dynamodb.QueryInput{
		ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(recordKey(id).pk)},
	})
	if err != nil {
		return telegraph.Kept{}, err
	}
	kept := telegraph.Kept{Cards: map[string]telegraph.Card{}}
	known := false
	for _, item := range items {
		switch sk := keyOf(item).sk; {
		case sk == recordSort:
			known = true
			err = decode(item, &kept.Record)
		case strings.HasPrefix(sk, cardSort+"#"):
			var c telegraph.Card
			err = decode(item, &c)
			kept.Cards[c.Place] = c
		} // anything else is a pointer to a request
		if err != nil {
			return telegraph.Kept{}, err
		}
	}
	if !known {
		return telegraph.Kept{}, telegraph.ErrNotFound
	}
	return kept, nil
}

// SaveRecord stores r under the next version, and with it that its inputs are
// r's. It fails with telegraph.ErrConflict unless the stored version is
// r.Version, and also while another write is in the way. A look is when
// Unwatched lists r; zero for never.
func (s *Store) SaveRecord(ctx context.Context, r release.Record, look time.Time, inputs ...event.Artifact) error {
	unchanged := storedOrNew(r.Version)
	r.Version++
	item, err := s.recordItem(r, look)
	if err != nil {
		return err
	}
	pointers, err := s.pointers(r.ExecutionID, inputs)
	if err != nil {
		return err
	}
	if len(pointers) == 0 {
		return conflict(s.saveAlone(ctx, item, unchanged))
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	record := unchanged.put(s.put(item))
	writes := append([]types.TransactWriteItem{{Put: &record}}, pointers...)
	// The client's token makes a repetition of this call known, as in transact.
	_, err = s.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
	return conflict(err)
}

// ExecutionOf finds the execution that last used an artifact as an input, by
// where it lies, or fails with telegraph.ErrNotFound.
func (s *Store) ExecutionOf(ctx context.Context, input event.Artifact) (release.ExecutionID, error) {
	var id release.ExecutionID
	err := s.read(ctx, artifactKey(input), &id)
	return id, err
}

// pointers are the writes by which ExecutionOf finds id.
func (s *Store) pointers(id release.ExecutionID, inputs []event.Artifact) ([]types.TransactWriteItem, error) {
	var writes []types.TransactWriteItem
	var seen []key
	for _, a := range inputs {
		k := artifactKey(a)
		if a.Bucket == "" || a.Key == "" || slices.Contains(seen, k) || len(seen) == maxInputs {
			continue
		}
		seen = append(seen, k)
		item, err := encode(k, id, s.now())
		if err != nil {
			return nil, err
		}
		pointer := s.put(item)
		writes = append(writes, types.TransactWriteItem{Put: &pointer})
	}
	return writes, nil
}

func (s *Store) recordItem(r release.Record, look time.Time) (map[string]types.AttributeValue, error) {
	last := s.now()
	if look.After(last) {
		last = look
	}
	item, err := encode(recordKey(r.ExecutionID), r, last)
	if err != nil {
		return nil, err
	}
	item[version] = number(int64(r.Version))
	if !look.IsZero() {
		item[open] = isUnwatched
		item[expiresAt] = moment(look)
	}
	return item, nil
}
