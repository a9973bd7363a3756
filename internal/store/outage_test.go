package store_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/store"
)

// lossy passes requests on and loses the first answer of every operation.
type lossy struct {
	aws.HTTPClient
	lost atomic.Int32
}

func (l *lossy) Do(r *http.Request) (*http.Response, error) {
	response, err := l.HTTPClient.Do(r)
	if err == nil && strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1") {
		l.lost.Add(1)
		_ = response.Body.Close()
		return nil, errors.New("connection reset by peer")
	}
	return response, err
}

// TestWriteWhoseAnswerIsLostSucceedsOnce: the client repeats such a write, and
// the repetition must neither be refused nor count twice.
func TestWriteWhoseAnswerIsLostSucceedsOnce(t *testing.T) {
	t.Parallel()
	sound, client, name := table(t)
	c, err := awsenv.Config(environment)
	if err != nil {
		t.Fatal(err)
	}
	line := &lossy{HTTPClient: c.HTTPClient}
	c.HTTPClient = line
	s := store.New(store.CallsOf(dynamodb.NewFromConfig(c)), name)

	r, l := pending("a"), link()
	steps := []struct {
		name string
		call func(context.Context) error
	}{
		{"create", func(ctx context.Context) error { return s.CreateRequest(ctx, r) }},
		{"save", func(ctx context.Context) error { return s.SaveRequest(ctx, r) }},
		{"vote", func(ctx context.Context) error { r.Version++; return s.SaveVote(ctx, decided(r, opened)) }},
		{"prepare link", func(ctx context.Context) error { return sound.PutLink(ctx, l) }},
		{"use link", func(ctx context.Context) error {
			return s.UseLink(ctx, l.RequestID, l.PersonKey, approval.Approve, opened)
		}},
	}
	for _, step := range steps {
		if err := step.call(t.Context()); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	if n := line.lost.Load(); n != 4 {
		t.Errorf("%d answers were lost, want 4", n)
	}
	got, err := sound.Request(t.Context(), "a")
	if err != nil || got.Version != 2 || len(partition(t, client, name, "AUDIT#a")) != 1 {
		t.Errorf("version %d, %v; want 2 and one audit entry", got.Version, err)
	}
}

// TestWriteIsRepeatedWhileAnotherIsUnderWay: that a transaction holds the item
// says nothing yet about whether the write is welcome.
func TestWriteIsRepeatedWhileAnotherIsUnderWay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, busy string
		call       func(context.Context, *store.Store) error
	}{
		{
			"vote",
			`{"__type":"TransactionCanceledException","message":"x","CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]}`,
			func(ctx context.Context, s *store.Store) error { return s.SaveVote(ctx, decided(pending("a"), opened)) },
		},
		{
			"save", `{"__type":"TransactionConflictException","message":"x"}`,
			func(ctx context.Context, s *store.Store) error { return s.SaveRequest(ctx, pending("a")) },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if calls.Add(1) < 3 {
					w.WriteHeader(http.StatusBadRequest)
					_, _ = w.Write([]byte(tt.busy))
					return
				}
				_, _ = w.Write([]byte(`{}`))
			}))
			defer server.Close()
			c, err := awsenv.Config(environment)
			if err != nil {
				t.Fatal(err)
			}
			client := dynamodb.NewFromConfig(c, func(o *dynamodb.Options) { o.BaseEndpoint = aws.String(server.URL) })
			if err := tt.call(t.Context(), store.New(store.CallsOf(client), "t")); err != nil || calls.Load() != 3 {
				t.Errorf("after %d calls: %v; want success with the third", calls.Load(), err)
			}
		})
	}
}

// refusing is a DynamoDB that fails every call with err.
type refusing struct{ err error }

func (d refusing) GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	return nil, d.err
}

func (d refusing) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return nil, d.err
}

func (d refusing) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return nil, d.err
}

func (d refusing) Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	return nil, d.err
}

func (d refusing) TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	return nil, d.err
}

func (d refusing) calls() store.Calls {
	return store.Calls{
		GetItem: d.GetItem, PutItem: d.PutItem, UpdateItem: d.UpdateItem, Query: d.Query, TransactWriteItems: d.TransactWriteItems,
	}
}

// everyCall makes each call once on a DynamoDB that answers err.
func everyCall(ctx context.Context, err error) map[string]error {
	s, l := store.New(refusing{err}.calls(), "t"), link()
	_, read := s.Request(ctx, "a")
	_, list := s.RequestsOf(ctx, action())
	_, readLink := s.Link(ctx, "a", l.PersonKey)
	_, spend := s.SpendAttempt(ctx, "a", l.PersonKey, opened)
	return map[string]error{
		"Request": read, "RequestsOf": list, "Link": readLink, "SpendAttempt": spend,
		"CreateRequest": s.CreateRequest(ctx, pending("a")),
		"SaveRequest":   s.SaveRequest(ctx, pending("a")),
		"SaveVote":      s.SaveVote(ctx, decided(pending("a"), opened)),
		"PutLink":       s.PutLink(ctx, l),
		"UseLink":       s.UseLink(ctx, "a", l.PersonKey, approval.Approve, opened),
	}
}

func TestOutageIsNoAnswer(t *testing.T) {
	t.Parallel()
	answers := []error{
		approval.ErrNotFound, approval.ErrExists, approval.ErrConflict,
		approval.ErrLocked, approval.ErrUsed,
	}
	for _, outage := range []error{
		&types.ProvisionedThroughputExceededException{}, &types.RequestLimitExceeded{},
		&types.ResourceNotFoundException{}, context.DeadlineExceeded,
		&types.TransactionCanceledException{CancellationReasons: reasons("ThrottlingError", "None")},
		&types.TransactionCanceledException{CancellationReasons: reasons("None", "ConditionalCheckFailed")},
		&types.TransactionCanceledException{},
	} {
		for call, err := range everyCall(t.Context(), outage) {
			if !errors.Is(err, outage) {
				t.Errorf("%s with %v = %v, want it to be returned", call, outage, err)
			}
			for _, answer := range answers {
				if errors.Is(err, answer) {
					t.Errorf("%s with %v claims %v", call, outage, answer)
				}
			}
		}
	}
}

func TestRefusedConditionIsTranslated(t *testing.T) {
	t.Parallel()
	single := &types.ConditionalCheckFailedException{}
	many := &types.TransactionCanceledException{CancellationReasons: reasons("ConditionalCheckFailed", "None")}
	busy := &types.TransactionCanceledException{CancellationReasons: reasons("TransactionConflict", "None")}
	tests := []struct {
		call string
		err  error
		want error
	}{
		{"CreateRequest", many, approval.ErrExists},
		{"CreateRequest", busy, busy},
		{"SaveVote", many, approval.ErrConflict},
		{"SaveVote", busy, approval.ErrConflict},
		{"SaveRequest", single, approval.ErrConflict},
		{"SaveRequest", &types.TransactionConflictException{}, approval.ErrConflict},
		{"PutLink", single, approval.ErrExists},
		{"SpendAttempt", single, approval.ErrNotFound},
		{"UseLink", single, approval.ErrNotFound},
	}
	for _, tt := range tests {
		if got := everyCall(t.Context(), tt.err)[tt.call]; !errors.Is(got, tt.want) {
			t.Errorf("%s with %v = %v, want %v", tt.call, tt.err, got, tt.want)
		}
	}
}

func TestBrokenRecordIsAnErrorAndDoesNotShowItself(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	for _, pk := range []string{"APPROVAL#a", "LINK#a#k"} {
		sk := map[string]string{"APPROVAL#a": "META", "LINK#a#k": "LINK"}[pk]
		_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(name), Item: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk},
			"doc": &types.AttributeValueMemberS{Value: `{"token":"` + token + `","expires_at":`},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, request := s.Request(t.Context(), "a")
	_, l := s.Link(t.Context(), "a", "k")
	for _, err := range []error{request, l} {
		if err == nil || errors.Is(err, approval.ErrNotFound) || strings.Contains(err.Error(), token) {
			t.Errorf("error = %v; want one that says it is broken, without the token", err)
		}
	}
}

func reasons(codes ...string) []types.CancellationReason {
	all := make([]types.CancellationReason, len(codes))
	for i, c := range codes {
		all[i].Code = aws.String(c)
	}
	return all
}
