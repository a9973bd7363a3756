package store_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

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
	sound, _, name := table(t)
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
		{"create", func(ctx context.Context) error { return s.CreateRequest(ctx, r, entry("opened")) }},
		{"save", func(ctx context.Context) error { return s.SaveRequest(ctx, r) }},
		{"vote", func(ctx context.Context) error { r.Version++; return s.SaveRequest(ctx, r, entry("vote")) }},
		{"append", func(ctx context.Context) error { return s.Append(ctx, entry("refused")) }},
		{"set cursor", func(ctx context.Context) error { return s.SetCursor(ctx, "export", "1") }},
		{"prepare link", func(ctx context.Context) error {
			if err := sound.PutLink(ctx, l); !errors.Is(err, approval.ErrExists) { // on a slow machine the client may have repeated it
				return err
			}
			return nil
		}},
		{"use link", func(ctx context.Context) error {
			return s.UseLink(ctx, l.RequestID, l.PersonKey, approval.Approve, opened)
		}},
	}
	for _, step := range steps {
		if err := step.call(t.Context()); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	if n := line.lost.Load(); n != 7 { // six writes, and one reading of the head
		t.Errorf("%d answers were lost, want 7", n)
	}
	if got, err := sound.Request(t.Context(), "a"); err != nil || got.Version != 2 {
		t.Errorf("version %d, %v; want 2", got.Version, err)
	}
	if got := trail(t, sound); !slices.Equal(got, []string{"opened", "vote", "refused"}) {
		t.Errorf("audit entries %v", got)
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
			"vote", "TransactionConflict None None None",
			func(ctx context.Context, s *store.Store) error {
				return s.SaveRequest(ctx, pending("a"), entry("vote"))
			},
		},
		{
			"vote while the chain grows", "None None None TransactionConflict",
			func(ctx context.Context, s *store.Store) error {
				return s.SaveRequest(ctx, pending("a"), entry("vote"))
			},
		},
		{
			"opening on a table that is throttled", "ThrottlingError None None None None None",
			func(ctx context.Context, s *store.Store) error {
				return s.CreateRequest(ctx, pending("a"), entry("open"))
			},
		},
		{
			"append on a table whose capacity is used up", "None None ProvisionedThroughputExceeded",
			func(ctx context.Context, s *store.Store) error { return s.Append(ctx, entry("refused")) },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var tries int
				calls := outage(errors.New("not expected"))
				calls.GetItem = func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
					return &dynamodb.GetItemOutput{}, nil
				}
				calls.TransactWriteItems = func(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
					if tries++; tries < 3 {
						return nil, canceled(strings.Fields(tt.busy)...)
					}
					return nil, nil
				}
				if err := tt.call(t.Context(), store.New(calls, "t")); err != nil || tries != 3 {
					t.Errorf("after %d tries: %v; want success with the third", tries, err)
				}
			})
		})
	}
}

// TestSaveIsRepeatedWhileATransactionIsUnderWay: without entries it is the
// client that repeats.
func TestSaveIsRepeatedWhileATransactionIsUnderWay(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) < 3 {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"TransactionConflictException","message":"x"}`))
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
	if err := store.New(store.CallsOf(client), "t").SaveRequest(t.Context(), pending("a")); err != nil || calls.Load() != 3 {
		t.Errorf("after %d calls: %v; want success with the third", calls.Load(), err)
	}
}
