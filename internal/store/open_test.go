package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/store"
)

// openIDs are the ids of the open requests, as they come.
func openIDs(t *testing.T, s *store.Store) []string {
	t.Helper()
	all, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ids(all)
}

func TestRequestIsOpenUntilItIsSettled(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	later := pending("later")
	later.ExpiresAt = later.ExpiresAt.Add(time.Nanosecond)
	mustCreate(t, s, later, entry("later"))
	mustCreate(t, s, pending("sooner"))
	settled := pending("settled")
	settled.Settled = true
	mustCreate(t, s, settled)
	if got := openIDs(t, s); !slices.Equal(got, []string{"sooner", "later"}) {
		t.Errorf("open: %v", got)
	}
	r := decided(pending("sooner"), opened)
	if err := s.SaveRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if got := openIDs(t, s); !slices.Equal(got, []string{"sooner", "later"}) {
		t.Errorf("open after a decision that is not settled: %v", got)
	}
	r.Version++
	r.Settled = true
	if err := s.SaveRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	later.Settled = true
	if err := s.SaveRequest(t.Context(), later, entry("settled")); err != nil {
		t.Fatal(err)
	}
	if got := openIDs(t, s); len(got) != 0 {
		t.Errorf("open after all are settled: %v", got)
	}
	for _, id := range []string{"settled", "sooner", "later"} {
		if v, ok := partition(t, client, name, "APPROVAL#"+id)[0]["open"]; ok {
			t.Errorf("%s is settled and has open = %v, which keeps it in the index", id, v)
		}
	}
}

func TestOpenReadsAllPagesOfTheIndex(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	calls := store.CallsOf(client)
	calls.Query = func(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		small := *in
		small.Limit = aws.Int32(7)
		return client.Query(ctx, &small, o...)
	}
	s := store.New(calls, name)
	for i := range 23 {
		mustCreate(t, s, pending(fmt.Sprintf("%02d", i)))
	}
	got := openIDs(t, s)
	slices.Sort(got)
	if len(slices.Compact(got)) != 23 {
		t.Errorf("open: %v", got)
	}
}

// TestOpenTrustsTheRequestsAndNotTheIndex, which lags behind.
func TestOpenTrustsTheRequestsAndNotTheIndex(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	calls := store.CallsOf(client)
	calls.Query = func(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		var all []map[string]types.AttributeValue
		for _, id := range []string{"gone", "settled", "open"} {
			all = append(all, map[string]types.AttributeValue{
				"PK": &types.AttributeValueMemberS{Value: "APPROVAL#" + id}, "SK": &types.AttributeValueMemberS{Value: "META"},
			})
		}
		return &dynamodb.QueryOutput{Items: all}, nil
	}
	s := store.New(calls, name)
	settled := pending("settled")
	settled.Settled = true
	mustCreate(t, s, settled)
	mustCreate(t, s, pending("open"))
	if got := openIDs(t, s); !slices.Equal(got, []string{"open"}) {
		t.Errorf("open: %v", got)
	}
}

func TestBrokenRecordDoesNotHideTheOtherOpenRequests(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	mustCreate(t, s, pending("sound"))
	_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(name), Item: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "APPROVAL#broken"}, "SK": &types.AttributeValueMemberS{Value: "META"},
		"doc": &types.AttributeValueMemberS{Value: "{"}, "open": &types.AttributeValueMemberS{Value: "y"},
		"expires_at": &types.AttributeValueMemberN{Value: "1"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Open(t.Context())
	if err == nil || !strings.Contains(err.Error(), "APPROVAL#broken") {
		t.Errorf("error %v; want it to name the broken one", err)
	}
	if len(all) != 1 || all[0].ID != "sound" {
		t.Errorf("open: %v, want the sound one", ids(all))
	}
}

func ids(all []approval.Request) []string {
	var ids []string
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}
