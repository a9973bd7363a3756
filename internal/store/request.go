package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
)

// Request reads the current request, or fails with approval.ErrNotFound.
func (s *Store) Request(ctx context.Context, id string) (approval.Request, error) {
	return s.requestAt(ctx, requestKey(id))
}

func (s *Store) requestAt(ctx context.Context, k key) (approval.Request, error) {
	item, err := s.get(ctx, k)
	if err != nil {
		return approval.Request{}, err
	}
	var r approval.Request
	if err := json.Unmarshal([]byte(textOf(item, doc)), &r); err != nil {
		return approval.Request{}, fmt.Errorf("decode %s: %w", k.pk, err)
	}
	return r, nil
}

// CreateRequest stores r under its version, so that RequestsOf finds it from
// then on, and the entries about that, in one transaction. It fails with
// approval.ErrExists when the id is taken.
func (s *Store) CreateRequest(ctx context.Context, r approval.Request, entries ...audit.Entry) error {
	item, err := requestItem(r)
	if err != nil {
		return err
	}
	pointer := pointerKey(r).item()
	pointer[pointsTo] = text(r.ID)
	pointer[expiry] = removal(r.ExpiresAt)
	return s.commit(ctx, batch{items: []types.Put{s.putNew(item), s.put(pointer)}, taken: approval.ErrExists}, entries)
}

// SaveRequest stores r under the next version, and the entries about what has
// changed, in one transaction. It fails with approval.ErrConflict unless the
// stored version is r.Version. When other writes of the request stay in the way
// for too long, that is a conflict too: someone else has made progress, so the
// caller had better look again.
func (s *Store) SaveRequest(ctx context.Context, r approval.Request, entries ...audit.Entry) error {
	unchanged := stored(r.Version)
	r.Version++
	item, err := requestItem(r)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		if err = s.saveAlone(ctx, item, unchanged); overtaken(err) {
			return approval.ErrConflict
		}
		return err
	}
	err = s.commit(ctx, batch{items: []types.Put{unchanged.put(s.put(item))}, taken: approval.ErrConflict}, entries)
	if blamed(err, busy) {
		return approval.ErrConflict
	}
	return err
}

// RequestsOf lists the requests of every attempt of a, in no particular order.
func (s *Store) RequestsOf(ctx context.Context, a approval.Action) ([]approval.Request, error) {
	pointers, err := s.list(ctx, dynamodb.QueryInput{
		ConsistentRead:         aws.Bool(true),
		KeyConditionExpression: aws.String("PK = :pk AND begins_with(SK, :prefix)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": text(executionPartition(a)), ":prefix": text(pointerPrefix(a)),
		},
	})
	if err != nil {
		return nil, err
	}
	// One by one: there is one attempt, and seldom a second.
	var all []approval.Request
	for _, p := range pointers {
		r, err := s.Request(ctx, textOf(p, pointsTo))
		if errors.Is(err, approval.ErrNotFound) {
			continue // expired before its pointer
		}
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// isOpen is the value of the attribute open of a request that is not settled.
// The index holds what has the attribute.
var isOpen = text("y")

func requestItem(r approval.Request) (map[string]types.AttributeValue, error) {
	encoded, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode request %s: %w", r.ID, err)
	}
	item := requestKey(r.ID).item()
	item[doc] = text(string(encoded))
	item[version] = number(r.Version)
	item[expiresAt] = moment(r.ExpiresAt)
	item[expiry] = removal(r.ExpiresAt)
	if !r.Settled {
		item[open] = isOpen
	}
	return item, fits(item, "request "+r.ID)
}
