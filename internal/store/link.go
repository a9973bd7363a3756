package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
)

// PutLink stores l, or fails with approval.ErrExists when that person already
// has a link for that request.
func (s *Store) PutLink(ctx context.Context, l approval.Link) error {
	item, err := linkItem(l)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = s.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.table), Item: item,
		ConditionExpression: aws.String("attribute_not_exists(PK)"),
	})
	if refused(err) {
		return approval.ErrExists
	}
	return err
}

// Link reads a link, in whatever state it is, or fails with
// approval.ErrNotFound.
func (s *Store) Link(ctx context.Context, requestID, personKey string) (approval.Link, error) {
	item, err := s.get(ctx, linkKey(requestID, personKey))
	if err != nil {
		return approval.Link{}, err
	}
	return linkOf(item)
}

// SpendAttempt counts one try at the code of a link and returns the link with
// it counted. Call it before comparing the code: however many try at once, no
// more than approval.MaxAttempts succeed. It fails with approval.ErrUsed,
// approval.ErrLocked when the tries are used up, and approval.ErrNotFound when
// there is no such link or it expired at now or earlier.
func (s *Store) SpendAttempt(ctx context.Context, requestID, personKey string, now time.Time) (approval.Link, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	// A try whose answer is lost may count twice: that costs its owner one of
	// five, where forgetting one would be a gift to whoever guesses.
	out, err := s.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.table), Key: linkKey(requestID, personKey).item(),
		UpdateExpression:    aws.String("ADD attempts :one"),
		ConditionExpression: aws.String("attempts < :max AND attribute_not_exists(used_at) AND expires_at > :now"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": number(1), ":max": number(approval.MaxAttempts), ":now": moment(now),
		},
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err != nil {
		return approval.Link{}, linkRefusal(err, now)
	}
	return linkOf(out.Attributes)
}

// UseLink records that a link has voted. It succeeds once, and fails with
// approval.ErrUsed after that, and with approval.ErrNotFound when there is no
// such link or it expired at that time or earlier. It does not look at the
// attempts: the last one may have been right.
func (s *Store) UseLink(ctx context.Context, requestID, personKey string, v approval.Verdict, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.table), Key: linkKey(requestID, personKey).item(),
		UpdateExpression: aws.String("SET used_at = :at, verdict = :verdict, writer = :self"),
		// As in SaveRequest, a repetition of this very call finds itself.
		ConditionExpression: aws.String("expires_at > :now AND (attribute_not_exists(used_at) OR writer = :self)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":at": text(at.UTC().Format(time.RFC3339Nano)), ":verdict": text(string(v)),
			":self": text(rand.Text()), ":now": moment(at),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	return linkRefusal(err, at)
}

// linkRefusal says why a condition on a link did not hold, going by the item as
// it was then.
func linkRefusal(err error, now time.Time) error {
	var refusal *types.ConditionalCheckFailedException
	if !errors.As(err, &refusal) {
		return err
	}
	if len(refusal.Item) == 0 {
		return approval.ErrNotFound
	}
	l, err := linkOf(refusal.Item)
	if err != nil {
		return err
	}
	switch l.State(now) {
	case approval.LinkUsed:
		return approval.ErrUsed
	case approval.LinkLocked:
		return approval.ErrLocked
	}
	return approval.ErrNotFound
}

// linkItem keeps what changes in attributes of its own and the rest as JSON.
func linkItem(l approval.Link) (map[string]types.AttributeValue, error) {
	item := linkKey(l.RequestID, l.PersonKey).item()
	item[attempts] = number(int64(l.Attempts))
	item[expiresAt] = moment(l.ExpiresAt)
	item[expiry] = removal(l.ExpiresAt)
	l.Attempts, l.Verdict, l.UsedAt = 0, "", nil
	encoded, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("encode link of request %s: %w", l.RequestID, err)
	}
	item[doc] = text(string(encoded))
	return item, nil
}

func linkOf(item map[string]types.AttributeValue) (approval.Link, error) {
	var l approval.Link
	if err := json.Unmarshal([]byte(textOf(item, doc)), &l); err != nil {
		return approval.Link{}, fmt.Errorf("decode link: %w", err)
	}
	spent, ok := item[attempts].(*types.AttributeValueMemberN)
	if !ok {
		return approval.Link{}, fmt.Errorf("decode link of request %s: it has no attempts", l.RequestID)
	}
	var err error
	if l.Attempts, err = strconv.Atoi(spent.Value); err != nil {
		return approval.Link{}, fmt.Errorf("decode link of request %s: %w", l.RequestID, err)
	}
	if used := textOf(item, usedAt); used != "" {
		at, err := time.Parse(time.RFC3339Nano, used)
		if err != nil {
			return approval.Link{}, fmt.Errorf("decode link of request %s: %w", l.RequestID, err)
		}
		l.UsedAt, l.Verdict = &at, approval.Verdict(textOf(item, verdict))
	}
	return l, nil
}
