package store

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// maxDrops is how many items fit into one transaction.
const maxDrops = 100

// Hold keeps what places are to be told at the moment due. What is held already
// stays as it is, and is due when it was.
func (s *Store) Hold(ctx context.Context, due time.Time, held ...notice.Held) error {
	for _, h := range held { // one or two, as one release tells one place at a time
		item, err := encode(heldKey(h), h, due)
		if err != nil {
			return err
		}
		item[open] = isHeld
		item[expiresAt] = moment(due)
		if err := s.putOnce(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// putOnce writes item unless there is one with that key: perhaps by the same
// call, whose answer was lost.
func (s *Store) putOnce(ctx context.Context, item map[string]types.AttributeValue) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.table), Item: item,
		ConditionExpression: aws.String("attribute_not_exists(PK)"),
	}, patient)
	if refused(err) {
		return nil
	}
	return err
}

// Held reads the card of the place itself, in which Version is 0 if there is
// none, and what it is to be told at now or earlier.
func (s *Store) Held(ctx context.Context, place string, now time.Time) (telegraph.Card, []notice.Held, error) {
	items, err := s.list(ctx, dynamodb.QueryInput{
		ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		// Of the two kinds in the partition, the card has no such attribute.
		FilterExpression: aws.String("attribute_not_exists(expires_at) OR expires_at <= :now"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": text(placePartition(place)), ":now": moment(now),
		},
	})
	if err != nil {
		return telegraph.Card{}, nil, err
	}
	c := telegraph.Card{Place: place}
	var held []notice.Held
	for _, item := range items {
		if keyOf(item).sk == cardSort {
			err = decode(item, &c)
		} else {
			var h notice.Held
			err = decode(item, &h)
			held = append(held, h)
		}
		if err != nil {
			return telegraph.Card{}, nil, err
		}
	}
	return c, held, nil
}

// Drop forgets what was kept by Hold. What is not there is forgotten already.
func (s *Store) Drop(ctx context.Context, held ...notice.Held) error {
	var keys []key
	seen := map[key]bool{}
	for _, h := range held {
		if k := heldKey(h); !seen[k] { // a transaction takes each item once
			seen[k] = true
			keys = append(keys, k)
		}
	}
	for chunk := range slices.Chunk(keys, maxDrops) {
		if err := s.remove(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// remove removes the items at keys, of which there are maxDrops at most.
func (s *Store) remove(ctx context.Context, keys []key) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	writes := make([]types.TransactWriteItem, len(keys))
	for i, k := range keys {
		writes[i].Delete = &types.Delete{TableName: aws.String(s.table), Key: k.item()}
	}
	_, err := s.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
	return err
}
