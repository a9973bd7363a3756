package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/audit"
)

// Entries reads the entries of a chain from the given number on, in order. What
// somebody has changed in the table is returned as it is, and what can no longer
// be read as an entry without its contents: audit.Verify tells.
func (s *Store) Entries(ctx context.Context, chain string, from int64) ([]audit.Entry, error) {
	items, err := s.list(ctx, dynamodb.QueryInput{
		ConsistentRead:         aws.Bool(true),
		KeyConditionExpression: aws.String("PK = :pk AND SK BETWEEN :from AND :to"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": text(chainPartition(chain)), ":from": text(entryKey(chain, max(from, 1)).sk), ":to": text(entryKey(chain, lastSeq).sk),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("read audit chain %s: %w", chain, err)
	}
	all := make([]audit.Entry, len(items))
	for i, item := range items {
		if err := json.Unmarshal([]byte(textOf(item, doc)), &all[i]); err != nil {
			all[i] = audit.Entry{Chain: chain, Seq: seqOf(keyOf(item))}
		}
	}
	return all, nil
}

// Chains lists the audit chains by name, in order.
func (s *Store) Chains(ctx context.Context) ([]string, error) {
	items, err := s.list(ctx, dynamodb.QueryInput{
		ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(chains)},
	})
	if err != nil {
		return nil, fmt.Errorf("list audit chains: %w", err)
	}
	var all []string
	for _, item := range items {
		all = append(all, keyOf(item).sk)
	}
	return all, nil
}
