package store

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/telegraph"
)

var _ telegraph.Badges = (*Store)(nil)

// Of one execution the later badge counts, whenever it is said to have begun:
// events that come late correct that. Of two executions the one that began later
// counts and, as events tell whole seconds, of those of one second always the
// same.
const later = "attribute_not_exists(PK) OR (#run = :run AND #at <= :at) OR " +
	"(#run <> :run AND (#began < :began OR (#began = :began AND #run < :run)))"

// SaveBadge keeps b unless a later one of its pipeline and branch is kept.
func (s *Store) SaveBadge(ctx context.Context, b telegraph.Badge) error {
	last := s.now()
	if b.At.After(last) {
		last = b.At
	}
	item, err := encode(badgeKey(b.Account, b.Region, b.Pipeline, b.Branch), b, last)
	if err != nil {
		return err
	}
	item[run], item[began], item[shownAt] = text(b.Execution), moment(b.Began), moment(b.At)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = s.api.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.table), Item: item,
		ConditionExpression:      aws.String(later),
		ExpressionAttributeNames: map[string]string{"#run": run, "#began": began, "#at": shownAt}, // some are reserved words
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":run": item[run], ":began": item[began], ":at": item[shownAt],
		},
	})
	if refused(err) {
		return nil
	}
	return err
}

// Badge reads how a branch of a pipeline stands or, without a branch, the
// pipeline, or fails with telegraph.ErrNotFound.
func (s *Store) Badge(ctx context.Context, account, region, pipeline, branch string) (telegraph.Badge, error) {
	var b telegraph.Badge
	err := s.read(ctx, badgeKey(account, region, pipeline, branch), &b)
	return b, err
}
