package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// outage is a DynamoDB that fails every call with err.
func outage(err error) store.Calls {
	return store.Calls{
		GetItem: func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
			return nil, err
		},
		PutItem: func(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
			return nil, err
		},
		UpdateItem: func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
			return nil, err
		},
		Query: func(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
			return nil, err
		},
		TransactWriteItems: func(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
			return nil, err
		},
	}
}

// headless is an outage that lets the head of a chain be read.
func headless(err error) store.Calls {
	calls := outage(err)
	calls.GetItem = func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
		return &dynamodb.GetItemOutput{}, nil
	}
	return calls
}

// everyCall makes each call once on a DynamoDB that answers err.
func everyCall(ctx context.Context, err error) map[string]error {
	s, chained, l := store.New(outage(err), "t"), store.New(headless(err), "t"), link()
	_, read := s.Request(ctx, "a")
	_, list := s.RequestsOf(ctx, action())
	_, open := s.Open(ctx)
	_, readLink := s.Link(ctx, "a", l.PersonKey)
	_, spend := s.SpendAttempt(ctx, "a", l.PersonKey, opened)
	_, head := s.Head(ctx, chain)
	_, entries := s.Entries(ctx, chain, 1)
	_, chains := s.Chains(ctx)
	_, cursor := s.Cursor(ctx, "export")
	_, kept := s.Kept(ctx, execution("e"))
	_, executionOf := s.ExecutionOf(ctx, artifact("Source"))
	_, saveCard := s.SaveCard(ctx, card(execution("e"), "channel:C0"))
	_, unwatched := s.Unwatched(ctx, opened)
	_, claim := s.Claim(ctx, "once", "me")
	_, waiting := s.Waiting(ctx, opened)
	_, _, readHeld := s.Held(ctx, "channel:C0", opened)
	_, readBadge := s.Badge(ctx, "a", "r", "p", "")
	return map[string]error{
		"Request": read, "RequestsOf": list, "Open": open, "Link": readLink, "SpendAttempt": spend,
		"Head": head, "Entries": entries, "Chains": chains, "Cursor": cursor,
		"Kept": kept, "ExecutionOf": executionOf, "SaveCard": saveCard, "Unwatched": unwatched, "Claim": claim,
		"Waiting": waiting, "Held": readHeld, "Badge": readBadge,
		"SaveRecord":                 s.SaveRecord(ctx, record("e"), opened),
		"SaveRecord with inputs":     s.SaveRecord(ctx, record("e"), opened, artifact("Source"), artifact("Built")),
		"Hold":                       s.Hold(ctx, opened, held("channel:C0", "e", "k")),
		"Drop":                       s.Drop(ctx, held("channel:C0", "e", "k")),
		"SaveBadge":                  s.SaveBadge(ctx, badge("e", 0, 0)),
		"CreateRequest":              chained.CreateRequest(ctx, pending("a"), entry("1")),
		"CreateRequest with no head": s.CreateRequest(ctx, pending("a"), entry("1")),
		"SaveRequest":                s.SaveRequest(ctx, pending("a")),
		"SaveRequest with entry":     chained.SaveRequest(ctx, pending("a"), entry("1")),
		"Append":                     chained.Append(ctx, entry("1")),
		"SetCursor":                  s.SetCursor(ctx, "export", "1"),
		"PutLink":                    s.PutLink(ctx, l),
		"UseLink":                    s.UseLink(ctx, "a", l.PersonKey, approval.Approve, opened),
	}
}

func TestOutageIsNoAnswer(t *testing.T) {
	t.Parallel()
	answers := []error{
		approval.ErrNotFound, approval.ErrExists, approval.ErrConflict,
		approval.ErrLocked, approval.ErrUsed, telegraph.ErrNotFound, telegraph.ErrConflict,
	}
	for _, outage := range []error{
		&types.ProvisionedThroughputExceededException{}, &types.RequestLimitExceeded{},
		&types.ResourceNotFoundException{}, context.DeadlineExceeded,
		canceled("ThrottlingError", "None", "None", "None"),
		canceled("None", "None", "None", "ConditionalCheckFailed"),
		canceled("None", "None", "ValidationError", "None"),
		canceled(),
	} {
		synctest.Test(t, func(t *testing.T) {
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
		})
	}
}

func TestRefusedConditionIsTranslated(t *testing.T) {
	t.Parallel()
	single := &types.ConditionalCheckFailedException{}
	many := canceled("ConditionalCheckFailed", "None", "None", "None")
	both := canceled("ConditionalCheckFailed", "None", "None", "ConditionalCheckFailed")
	busy := canceled("TransactionConflict", "None", "None", "None")
	inTheWay := &types.TransactionConflictException{}
	tests := []struct {
		call string
		err  error
		want error
	}{
		{"CreateRequest", many, approval.ErrExists},
		{"CreateRequest", both, approval.ErrExists},
		{"CreateRequest", busy, busy},
		{"SaveRequest with entry", many, approval.ErrConflict},
		{"SaveRequest with entry", both, approval.ErrConflict},
		{"SaveRequest with entry", busy, approval.ErrConflict},
		{"SaveRequest", single, approval.ErrConflict},
		{"SaveRequest", inTheWay, approval.ErrConflict},
		{"Append", many, nil}, // the entry is there
		{"PutLink", single, approval.ErrExists},
		{"SpendAttempt", single, approval.ErrNotFound},
		{"UseLink", single, approval.ErrNotFound},
		{"SaveRecord", single, telegraph.ErrConflict},
		{"SaveRecord", inTheWay, telegraph.ErrConflict},
		{"SaveRecord with inputs", many, telegraph.ErrConflict},
		{"SaveRecord with inputs", busy, telegraph.ErrConflict},
		{"SaveRecord with inputs", canceled("None", "TransactionConflict", "None"), telegraph.ErrConflict},
		{"SaveCard", single, telegraph.ErrConflict},
		{"Claim", single, nil}, // it is somebody else's
		{"Hold", single, nil},  // it is held
		{"Hold", inTheWay, inTheWay},
		{"SaveBadge", single, nil}, // a later one is kept
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			if got := everyCall(t.Context(), tt.err)[tt.call]; !errors.Is(got, tt.want) {
				t.Errorf("%s with %v = %v, want %v", tt.call, tt.err, got, tt.want)
			}
		})
	}
}

// TestWaitingForTheChainEndsWithTheTime: a writer that hangs does not keep the
// others for longer than they have.
func TestWaitingForTheChainEndsWithTheTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := headless(nil)
		calls.TransactWriteItems = func(ctx context.Context, _ *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s := store.New(calls, "t")
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		var all sync.WaitGroup
		for ctx, limit := range map[context.Context]time.Duration{t.Context(): 5 * time.Second, hurried: time.Second} {
			for range 3 {
				all.Go(func() {
					err := s.Append(ctx, entry("1"))
					if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > limit {
						t.Errorf("Append = %v after %s, want it to run out of its %s", err, took, limit)
					}
				})
			}
		}
		all.Wait()
	})
}

func TestBrokenRecordIsAnErrorAndDoesNotShowItself(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	e := execution("e")
	inPartition := "EXEC#" + e.Account + "#" + e.Region + "#" + e.Pipeline + "#"
	broken := map[string]string{
		"APPROVAL#a": "META", "LINK#a#k": "LINK", inPartition + "e": "RECORD", inPartition + "f": "CARD#channel:C0",
		"PLACE#channel:C0": "CARD", "PLACE#channel:C1": "HELD#e#k", "BADGE#a#r#p#": "BADGE",
	}
	for pk, sk := range broken {
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
	_, r := s.Kept(t.Context(), e)
	_, c := s.Kept(t.Context(), execution("f"))
	_, _, placed := s.Held(t.Context(), "channel:C0", opened)
	_, _, held := s.Held(t.Context(), "channel:C1", opened)
	_, b := s.Badge(t.Context(), "a", "r", "p", "")
	for _, err := range []error{request, l, r, c, placed, held, b} {
		if err == nil || errors.Is(err, approval.ErrNotFound) || errors.Is(err, telegraph.ErrNotFound) || strings.Contains(err.Error(), token) {
			t.Errorf("error = %v; want one that says it is broken, without the token", err)
		}
	}
}

// canceled is a transaction that was canceled for these reasons.
func canceled(codes ...string) error {
	reasons := make([]types.CancellationReason, len(codes))
	for i, c := range codes {
		reasons[i].Code = aws.String(c)
	}
	return &types.TransactionCanceledException{CancellationReasons: reasons}
}
