// Package store keeps requests, links, the audit trail, and the records of
// executions with what has been told of them in one DynamoDB table.
//
// Every write is conditional on what its caller has read, and the conditions
// compare expiry themselves, because DynamoDB removes expired items only days
// later. Reads are consistent, but for those of the index Open. An entry of
// the audit trail is written in the transaction of the change that it is
// about, so that neither is there without the other. What DynamoDB says is
// translated into the sentinels of the package whose port a method belongs to,
// approval or telegraph; any other error, throttling and time-outs among them,
// names the call, and may go away.
package store

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
)

const (
	// retention is how long a request, its pointer and its links are kept after
	// the request expires, and what is told of an execution after it was written
	// last: CodePipeline shows an execution for twelve months, and a record
	// should outlive what it explains. Audit entries stay for ever.
	retention = 400 * 24 * time.Hour

	// callTimeout bounds one operation with its repetitions, or one page of a
	// list. DynamoDB answers within milliseconds, or something is wrong.
	callTimeout = 5 * time.Second
)

// The attributes beside the key. Conditions can read only these: the rest of a
// record is JSON in one attribute.
const (
	doc       = "doc"
	version   = "version"
	expiresAt = "expires_at" // Unix time in seconds, with a fraction
	open      = "open"       // there while somebody has to look, see isOpen
	expiry    = "ttl"        // the table's TimeToLive attribute, whole seconds
	writer    = "writer"     // names one write, so that its repetition is known
	attempts  = "attempts"
	usedAt    = "used_at"
	verdict   = "verdict"
	pointsTo  = "request" // the id of the request that a pointer points to
	seq       = "seq"     // the number of an audit entry
	hash      = "hash"    // the hash of the entry at the head
	value     = "value"   // of a cursor
	owner     = "by"      // whom a key belongs to
	run       = "run"     // the execution of a badge
	began     = "began"   // when it began
	shownAt   = "at"      // when it stood so
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
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return p.calls.Query(ctx, in, o...)
}

// A Store is the table. It is safe for concurrent use.
type Store struct {
	api      Calls
	table    string
	identity string
	tails    *tails
	now      func() time.Time
}

var _ approval.Store = (*Store)(nil)

// New returns the store in the table of the given name, whose key is PK and SK,
// both strings, and whose TimeToLive attribute is ttl. Its index Open has the
// key open, a string, and expires_at, a number, and holds keys only.
func New(calls Calls, table string) *Store {
	return &Store{api: calls, table: table, tails: newTails(), now: time.Now}
}

// As returns the same store for a machine identity, such as the ARN of a
// function: it is put into audit entries that name none.
func (s *Store) As(identity string) *Store {
	other := *s
	other.identity = identity
	return &other
}

// Timed returns the same store for a clock. Only what is removed after a time
// depends on it, and for how long a claim holds.
func (s *Store) Timed(now func() time.Time) *Store {
	other := *s
	other.now = now
	return &other
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

// list reads everything that in asks for, however many pages that takes.
func (s *Store) list(ctx context.Context, in dynamodb.QueryInput) ([]map[string]types.AttributeValue, error) {
	in.TableName = aws.String(s.table)
	var all []map[string]types.AttributeValue
	for pages := dynamodb.NewQueryPaginator(pager{s.api}, &in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
	}
	return all, nil
}

// put is an unconditional write of item within a transaction.
func (s *Store) put(item map[string]types.AttributeValue) types.Put {
	return types.Put{TableName: aws.String(s.table), Item: item}
}

// putNew is a write of item within a transaction that is refused when there is
// one with that key.
func (s *Store) putNew(item map[string]types.AttributeValue) types.Put {
	p := s.put(item)
	p.ConditionExpression = aws.String("attribute_not_exists(PK)")
	return p
}
