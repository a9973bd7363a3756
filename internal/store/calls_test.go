package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/store"
)

// counted is a client that writes down what is called.
type counted struct {
	client *dynamodb.Client
	mu     sync.Mutex
	names  []string
}

func (c *counted) called(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names = append(c.names, name)
}

// take returns what was called since the last time.
func (c *counted) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := c.names
	c.names = nil
	return names
}

func (c *counted) calls() store.Calls {
	calls := store.CallsOf(c.client)
	calls.GetItem = func(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
		c.called("GetItem")
		return c.client.GetItem(ctx, in, o...)
	}
	calls.PutItem = func(ctx context.Context, in *dynamodb.PutItemInput, o ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
		c.called("PutItem")
		return c.client.PutItem(ctx, in, o...)
	}
	calls.Query = func(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		c.called("Query")
		return c.client.Query(ctx, in, o...)
	}
	calls.TransactWriteItems = func(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
		c.called(fmt.Sprintf("TransactWriteItems of %d", len(in.TransactItems)))
		return c.client.TransactWriteItems(ctx, in, o...)
	}
	return calls
}

// TestCallsPerWrite states what each write costs. A vote takes two calls in a
// function that has just started, and one when the function has written to the
// chain before: the request, the marker of the entry, the entry and the head
// are one transaction, and the head that it builds on is remembered. Reading the
// request, which comes before, is one more.
func TestCallsPerWrite(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	c := &counted{client: client}
	s := store.New(c.calls(), name)
	other := store.New(store.CallsOf(client), name)
	r := pending("a")
	steps := []struct {
		name string
		call func() error
		want []string
	}{
		{
			"opening, which begins the chain", func() error { return s.CreateRequest(t.Context(), r, entry("opened")) },
			[]string{"GetItem", "TransactWriteItems of 6"},
		},
		{
			"vote in a warm function", func() error { return s.SaveRequest(t.Context(), r, entry("vote/1")) },
			[]string{"TransactWriteItems of 4"},
		},
		{
			"vote in a function that has just started",
			func() error {
				s = store.New(c.calls(), name)
				r.Version = 1
				return s.SaveRequest(t.Context(), r, entry("vote/2"))
			},
			[]string{"GetItem", "TransactWriteItems of 4"},
		},
		{
			"vote after another function has written to the chain",
			func() error {
				mustAppend(t, other, "elsewhere")
				r.Version = 2
				return s.SaveRequest(t.Context(), r, entry("vote/3"))
			},
			[]string{"TransactWriteItems of 4", "GetItem", "TransactWriteItems of 4"},
		},
		{
			"change that nobody needs to know of", func() error { r.Version = 3; return s.SaveRequest(t.Context(), r) },
			[]string{"PutItem"},
		},
		{
			"refusal, which is an entry alone", func() error { return s.Append(t.Context(), entry("refused/1")) },
			[]string{"TransactWriteItems of 3"},
		},
		{
			"the same refusal again", func() error { return s.Append(t.Context(), entry("refused/1")) },
			[]string{"TransactWriteItems of 3"},
		},
		{"nothing to append", func() error { return s.Append(t.Context()) }, nil},
	}
	for _, step := range steps { // in this order: each builds on the one before
		c.take()
		if err := step.call(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		got := c.take()
		t.Logf("%-55s %v", step.name, got)
		if !slices.Equal(got, step.want) {
			t.Errorf("%s takes %v, want %v", step.name, got, step.want)
		}
	}
	trail(t, s)
}
