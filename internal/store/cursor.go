package store

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/approval"
)

// Cursor reads how far whoever uses that name has come; empty when they have
// not begun.
func (s *Store) Cursor(ctx context.Context, name string) (string, error) {
	item, err := s.get(ctx, cursorKey(name))
	if errors.Is(err, approval.ErrNotFound) {
		return "", nil
	}
	return textOf(item, value), err
}

// SetCursor records how far they have come. The last one to say so is believed:
// a cursor that was set back makes them do again what does no harm twice.
func (s *Store) SetCursor(ctx context.Context, name, to string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	item := cursorKey(name).item()
	item[value] = text(to)
	_, err := s.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: item})
	return err
}
