// Package store keeps requests, links and the audit trail in one DynamoDB
// table.
//
// Every write is conditional on what its caller has read, and the conditions
// compare expiry themselves, because DynamoDB removes expired items only days
// later. Reads are consistent. What DynamoDB says is translated into the
// sentinels of the approval package; any other error, throttling and time-outs
// among them, is returned as it is, names the call, and may go away.
package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
)

const (
	// retention is how long a request, its pointer and its links are kept after
	// the request expires: CodePipeline shows an execution for twelve months,
	// and a record should outlive what it explains. Audit entries stay for ever.
	retention = 400 * 24 * time.Hour

	// callTimeout bounds one operation with its repetitions. DynamoDB answers
	// within milliseconds, or something is wrong.
	callTimeout = 5 * time.Second
)

// The attributes beside the key. Conditions can read only these: the rest of a
// record is JSON in one attribute.
const (
	doc       = "doc"
	version   = "version"
	state     = "state"
	expiresAt = "expires_at" // Unix time in seconds, with a fraction
	expiry    = "ttl"        // the table's TimeToLive attribute, whole seconds
	writer    = "writer"     // names one write, so that its repetition is known
	attempts  = "attempts"
	usedAt    = "used_at"
	verdict   = "verdict"
	pointsTo  = "request" // the id of the request that a pointer points to
)

// Calls are the methods of a client that a Store uses. They are handed over one
// by one, see docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	GetItem            func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem            func(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem         func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	Query              func(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	TransactWriteItems func(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// CallsOf takes the calls off c.
func CallsOf(c *dynamodb.Client) Calls {
	return Calls{
		GetItem: c.GetItem, PutItem: c.PutItem, UpdateItem: c.UpdateItem, Query: c.Query, TransactWriteItems: c.TransactWriteItems,
	}
}

// A pager is what the SDK's paginator calls.
type pager struct{ calls Calls }

// Query reads one page.
func (p pager) Query(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	return p.calls.Query(ctx, in, o...)
}

// A Store is the table. It is safe for concurrent use.
type Store struct {
	api   Calls
	table string
}

var (
	_ approval.Register = (*Store)(nil)
	_ approval.Record   = (*Store)(nil)
)

// New returns the store in the table of the given name, whose key is PK and SK,
// both strings, and whose TimeToLive attribute is ttl.
func New(calls Calls, table string) *Store {
	return &Store{api: calls, table: table}
}

// get reads the item at k, or fails with approval.ErrNotFound.
func (s *Store) get(ctx context.Context, k key) (map[string]types.AttributeValue, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := s.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(s.table), Key: k.item(), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, err
	}
	if len(out.Item) == 0 {
		return nil, approval.ErrNotFound
	}
	return out.Item, nil
}

// transact writes all of items or none.
func (s *Store) transact(ctx context.Context, items ...types.TransactWriteItem) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	// The client gives the call a token, by which DynamoDB knows a repetition.
	_, err := s.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items}, patient)
	return err
}

// patient makes the client try again when another write of the same item was
// under way, which says nothing about whether this one is welcome.
func patient(o *dynamodb.Options) {
	if o.Retryer != nil {
		o.Retryer = contended{o.Retryer}
	}
}

type contended struct{ aws.Retryer }

func (c contended) IsErrorRetryable(err error) bool {
	return inTheWay(err) || c.Retryer.IsErrorRetryable(err)
}

// inTheWay reports whether err means that a transaction, and no condition,
// kept a write from being done.
func inTheWay(err error) bool {
	var one *types.TransactionConflictException
	if errors.As(err, &one) {
		return true
	}
	var many *types.TransactionCanceledException
	if !errors.As(err, &many) {
		return false
	}
	found := false
	for _, r := range many.CancellationReasons {
		switch aws.ToString(r.Code) {
		case "TransactionConflict":
			found = true
		case "ConditionalCheckFailed":
			return false
		}
	}
	return found
}

// refused reports whether the condition of the first item of a transaction, or
// of a single write, did not hold.
func refused(err error) bool {
	var one *types.ConditionalCheckFailedException
	if errors.As(err, &one) {
		return true
	}
	var many *types.TransactionCanceledException
	return errors.As(err, &many) && len(many.CancellationReasons) > 0 &&
		aws.ToString(many.CancellationReasons[0].Code) == "ConditionalCheckFailed"
}

func text(s string) *types.AttributeValueMemberS { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) *types.AttributeValueMemberN {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// moment is t as a number that compares exactly as t does. It is written as
// DynamoDB would return it, without zeros at the end.
func moment(t time.Time) *types.AttributeValueMemberN {
	digits := strings.TrimRight(fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond()), "0")
	return &types.AttributeValueMemberN{Value: strings.TrimSuffix(digits, ".")}
}

// removal is when DynamoDB may remove what belongs to a request that expires
// at t.
func removal(t time.Time) *types.AttributeValueMemberN { return number(t.Add(retention).Unix()) }

func textOf(item map[string]types.AttributeValue, name string) string {
	if v, ok := item[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}
