package store_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/store"
)

func TestRequestsOfFindsEveryAttemptOfOneActionOnly(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	mustCreate(t, s, pending("first"))
	mustCreate(t, s, pending("second"))
	for i, change := range []func(*approval.Action){
		func(a *approval.Action) { a.Name = "ApproveReleaseToo" },
		func(a *approval.Action) { a.Name = "Approve" },
		func(a *approval.Action) { a.Stage = "Approval#ApproveRelease" },
		func(a *approval.Action) { a.ExecutionID = "another" },
		func(a *approval.Action) { a.Pipeline = "orders" },
		func(a *approval.Action) { a.Region = "eu-north-1" },
		func(a *approval.Action) { a.Account = "444455556666" },
	} {
		other := pending("other" + strconv.Itoa(i))
		change(&other.Action)
		mustCreate(t, s, other)
		if got := idsOf(t, s, other.Action); !slices.Equal(got, []string{other.ID}) {
			t.Errorf("requests of %+v: %v, want its own", other.Action, got)
		}
	}
	if got := idsOf(t, s, action()); !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("requests of the action: %v, want first and second", got)
	}
}

func TestRequestsOfLeavesOutWhatHasExpired(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	mustCreate(t, s, pending("a"))
	mustCreate(t, s, pending("b"))
	_, err := client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(name), Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "APPROVAL#a"}, "SK": &types.AttributeValueMemberS{Value: "META"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := idsOf(t, s, action()); !slices.Equal(got, []string{"b"}) {
		t.Errorf("requests: %v, want only b", got)
	}
}

func TestRecordsOutliveTheHistoryOfCodePipeline(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	r := pending("a")
	mustCreate(t, s, r)
	want := strconv.FormatInt(r.ExpiresAt.Add(400*24*time.Hour).Unix(), 10)
	for _, pk := range []string{"APPROVAL#a", "EXEC#111122223333#eu-west-1#orders-release#" + r.ExecutionID} {
		for _, item := range partition(t, client, name, pk) {
			if ttl, ok := item["ttl"].(*types.AttributeValueMemberN); !ok || ttl.Value != want {
				t.Errorf("%s has ttl %v, want %s", pk, item["ttl"], want)
			}
		}
	}
}

func idsOf(t *testing.T, s *store.Store, a approval.Action) []string {
	t.Helper()
	all, err := s.RequestsOf(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	found := ids(all)
	slices.Sort(found)
	return found
}
