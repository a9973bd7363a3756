package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// readers is how many requests are read at the same time.
const readers = 8

// Open reads the requests that are not settled, those that expire first coming
// first. A change of the last second or so may be missing from the list, though
// not from the requests on it. Beside an error it returns those that could be
// read, so that one broken record does not hide the others.
func (s *Store) Open(ctx context.Context) ([]approval.Request, error) {
	items, err := s.list(ctx, dynamodb.QueryInput{
		IndexName: aws.String(openIndex), KeyConditionExpression: aws.String("#open = :open"),
		ExpressionAttributeNames:  map[string]string{"#open": open}, // a reserved word
		ExpressionAttributeValues: map[string]types.AttributeValue{":open": isOpen},
	})
	if err != nil {
		return nil, fmt.Errorf("list open requests: %w", err)
	}
	found := make([]approval.Request, len(items))
	errs := make([]error, len(items))
	slots := make(chan struct{}, readers)
	var all sync.WaitGroup
	for i, item := range items {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			found[i], errs[i] = s.requestAt(ctx, keyOf(item))
		})
	}
	all.Wait()
	var requests []approval.Request
	for i, r := range found {
		switch {
		case errors.Is(errs[i], approval.ErrNotFound):
			errs[i] = nil // it has expired since
		case errs[i] == nil && !r.Settled:
			requests = append(requests, r)
		}
	}
	return requests, errors.Join(errs...)
}
