package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// Request reads the current request, or fails with approval.ErrNotFound.
func (s *Store) Request(ctx context.Context, id string) (approval.Request, error) {
	item, err := s.get(ctx, requestKey(id))
	if err != nil {
		return approval.Request{}, err
	}
	var r approval.Request
	if err := json.Unmarshal([]byte(textOf(item, doc)), &r); err != nil {
		return approval.Request{}, fmt.Errorf("decode request %s: %w", id, err)
	}
	return r, nil
}

// CreateRequest stores r under its version, so that RequestsOf finds it from
// then on, or fails with approval.ErrExists when the id is taken.
func (s *Store) CreateRequest(ctx context.Context, r approval.Request) error {
	item, err := requestItem(r)
	if err != nil {
		return err
	}
	pointer := pointerKey(r).item()
	pointer[pointsTo] = text(r.ID)
	pointer[expiry] = removal(r.ExpiresAt)
	err = s.transact(ctx,
		types.TransactWriteItem{Put: &types.Put{
			TableName: aws.String(s.table), Item: item,
			ConditionExpression: aws.String("attribute_not_exists(PK)"),
		}},
		types.TransactWriteItem{Put: &types.Put{TableName: aws.String(s.table), Item: pointer}},
	)
	if refused(err) {
		return approval.ErrExists
	}
	return err
}

// SaveRequest stores r under the next version if the stored one is r.Version,
// and fails with approval.ErrConflict otherwise.
func (s *Store) SaveRequest(ctx context.Context, r approval.Request) error {
	before := r.Version
	r.Version++
	item, err := requestItem(r)
	if err != nil {
		return err
	}
	// When the answer to this write is lost, the client writes again: then it
	// finds itself, which is no conflict.
	self := text(rand.Text())
	item[writer] = self
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = s.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.table), Item: item,
		ConditionExpression:       aws.String("version = :before OR writer = :self"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":before": number(before), ":self": self},
	}, patient)
	return conflict(err)
}

// SaveVote is SaveRequest for a request that r.Vote has just decided. In the
// same transaction it writes the vote to the audit trail. It fails with
// approval.ErrConflict also when the stored request is no longer pending, or
// had expired at r.Vote.At.
func (s *Store) SaveVote(ctx context.Context, r approval.Request) error {
	if r.Vote == nil {
		return errors.New("there is no vote to save")
	}
	before := r.Version
	r.Version++
	item, err := requestItem(r)
	if err != nil {
		return err
	}
	entry, err := auditItem(r)
	if err != nil {
		return err
	}
	return conflict(s.transact(ctx,
		types.TransactWriteItem{Put: &types.Put{
			TableName: aws.String(s.table), Item: item,
			ConditionExpression:      aws.String("version = :before AND #state = :pending AND expires_at > :at"),
			ExpressionAttributeNames: map[string]string{"#state": state}, // a reserved word
			ExpressionAttributeValues: map[string]types.AttributeValue{
				":before": number(before), ":pending": text(string(approval.Pending)), ":at": moment(r.Vote.At),
			},
		}},
		types.TransactWriteItem{Put: &types.Put{
			TableName: aws.String(s.table), Item: entry,
			ConditionExpression: aws.String("attribute_not_exists(PK)"),
		}},
	))
}

// RequestsOf lists the requests of every attempt of a, in no particular order.
func (s *Store) RequestsOf(ctx context.Context, a approval.Action) ([]approval.Request, error) {
	ids, err := s.requestIDs(ctx, a)
	if err != nil {
		return nil, err
	}
	// One by one: there is one attempt, and seldom a second.
	var all []approval.Request
	for _, id := range ids {
		r, err := s.Request(ctx, id)
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

func (s *Store) requestIDs(ctx context.Context, a approval.Action) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	pages := dynamodb.NewQueryPaginator(pager{s.api}, &dynamodb.QueryInput{
		TableName: aws.String(s.table), ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("PK = :pk AND begins_with(SK, :prefix)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": text(executionPartition(a)), ":prefix": text(pointerPrefix(a)),
		},
	})
	var ids []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			ids = append(ids, textOf(item, pointsTo))
		}
	}
	return ids, nil
}

// conflict translates a refused write of a request. One that stayed in the way
// of others until the client gave up is a conflict too: someone else has made
// progress, so the caller had better look again.
func conflict(err error) error {
	if refused(err) || inTheWay(err) {
		return approval.ErrConflict
	}
	return err
}

func requestItem(r approval.Request) (map[string]types.AttributeValue, error) {
	encoded, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode request %s: %w", r.ID, err)
	}
	item := requestKey(r.ID).item()
	item[doc] = text(string(encoded))
	item[version] = number(r.Version)
	item[state] = text(string(r.State))
	item[expiresAt] = moment(r.ExpiresAt)
	item[expiry] = removal(r.ExpiresAt)
	return item, nil
}
