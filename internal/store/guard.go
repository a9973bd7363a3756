package store

import (
	"context"
	"crypto/rand"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A guard is the condition of a write: that what is stored is what was read.
type guard struct {
	condition string
	values    map[string]types.AttributeValue
}

// stored guards what was read in version n.
func stored(n int64) guard {
	return guard{"version = :before", map[string]types.AttributeValue{":before": number(n)}}
}

// storedOrNew is stored for what has version 0 while there is none.
func storedOrNew(n int) guard {
	if n == 0 {
		return guard{condition: "attribute_not_exists(PK)"}
	}
	return stored(int64(n))
}

// put is p under the guard.
func (g guard) put(p types.Put) types.Put {
	p.ConditionExpression = aws.String(g.condition)
	p.ExpressionAttributeValues = g.values
	return p
}

// saveAlone writes item under g without a transaction, at half the price.
func (s *Store) saveAlone(ctx context.Context, item map[string]types.AttributeValue, g guard) error {
	// When the answer to this write is lost, the client writes again: then it
	// finds itself, which is no conflict.
	self := text(rand.Text())
	item[writer] = self
	values := map[string]types.AttributeValue{":self": self}
	maps.Copy(values, g.values)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.table), Item: item,
		ConditionExpression:       aws.String(g.condition + " OR writer = :self"),
		ExpressionAttributeValues: values,
	}, patient)
	return err
}
