package store

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// claimLife is how long a key belongs to who claimed it.
const claimLife = 31 * 24 * time.Hour

// Claim makes name belong to by, and reports whether it does: the first to claim
// it has it for claimLife, which a claim of what one has does not extend.
func (s *Store) Claim(ctx context.Context, name, by string) (bool, error) {
	now := s.now()
	until := now.Add(claimLife)
	item := onceKey(name).item()
	item[owner] = text(by)
	item[expiresAt] = moment(until)
	item[expiry] = number(until.Unix())
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.table), Item: item,
		ConditionExpression:       aws.String("attribute_not_exists(PK) OR expires_at <= :now"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":now": moment(now)},
		// A repetition, whose first answer was lost, finds its owner too.
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var refusal *types.ConditionalCheckFailedException
	if errors.As(err, &refusal) {
		return len(refusal.Item) > 0 && textOf(refusal.Item, owner) == by, nil
	}
	return err == nil, err
}
