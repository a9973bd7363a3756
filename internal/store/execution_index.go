package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/release"
)

// The values of the attribute open besides isOpen. What has one of them is
// listed apart from the requests.
var (
	isUnwatched = text("execution") // the record of an execution to look at
	isHeld      = text("held")      // something that a place is to be told
)

// Unwatched lists the executions whose look is at now or earlier, the earliest
// first. A change of the last second or so may be missing from the list.
func (s *Store) Unwatched(ctx context.Context, now time.Time) ([]release.ExecutionID, error) {
	keys, err := s.expired(ctx, isUnwatched, now)
	if err != nil {
		return nil, fmt.Errorf("list the executions to look at: %w", err)
	}
	var ids []release.ExecutionID
	for _, k := range keys {
		if id, ok := executionAt(k); ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Waiting lists the places that have something due at now or earlier, each
// once, those that have waited longest first. A change of the last second or so
// may be missing from the list.
func (s *Store) Waiting(ctx context.Context, now time.Time) ([]string, error) {
	keys, err := s.expired(ctx, isHeld, now)
	if err != nil {
		return nil, fmt.Errorf("list the places that wait: %w", err)
	}
	var places []string
	for _, k := range keys {
		if place, ok := placeAt(k); ok && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places, nil
}

// expired lists what the index Open has under a value and up to now, in order.
func (s *Store) expired(ctx context.Context, value types.AttributeValue, now time.Time) ([]key, error) {
	items, err := s.list(ctx, dynamodb.QueryInput{
		IndexName: aws.String(openIndex), KeyConditionExpression: aws.String("#open = :open AND expires_at <= :now"),
		ExpressionAttributeNames:  map[string]string{"#open": open}, // a reserved word
		ExpressionAttributeValues: map[string]types.AttributeValue{":open": value, ":now": moment(now)},
	})
	if err != nil {
		return nil, err
	}
	keys := make([]key, len(items))
	for i, item := range items {
		keys[i] = keyOf(item)
	}
	return keys, nil
}
