package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/store"
)

const chain = "111122223333/eu-west-1/orders-release"

// entry is an entry of the chain of action.
func entry(id string) audit.Entry {
	return audit.Entry{
		Chain: chain, ID: id, At: opened, Kind: audit.VoteCounted, Pipeline: "orders-release",
		Execution: action().ExecutionID, Reason: "<!channel> \xff 日",
	}
}

func mustAppend(t *testing.T, s *store.Store, ids ...string) {
	t.Helper()
	var entries []audit.Entry
	for _, id := range ids {
		entries = append(entries, entry(id))
	}
	if err := s.Append(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
}

// trail returns the ids of the entries of chain, which it verifies.
func trail(t *testing.T, s *store.Store) []string {
	t.Helper()
	entries, err := s.Entries(t.Context(), chain, 1)
	if err != nil {
		t.Fatal(err)
	}
	head, err := s.Head(t.Context(), chain)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range audit.Verify(entries, &head) {
		t.Error(p)
	}
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestEntryIsAppendedOnceHoweverOftenItIsTold(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	mustAppend(t, s, "1", "2", "1")
	mustAppend(t, s, "2")
	mustAppend(t, s, "1", "3")
	mustAppend(t, store.New(store.CallsOf(client), name), "3", "4")
	r := pending("a")
	mustCreate(t, s, r, entry("4"), entry("5"))
	if err := s.SaveRequest(t.Context(), r, entry("5")); err != nil {
		t.Errorf("save with an entry that is there: %v", err)
	}
	if got := trail(t, s); !slices.Equal(got, []string{"1", "2", "3", "4", "5"}) {
		t.Errorf("entries %v", got)
	}
	if got, err := s.Request(t.Context(), "a"); err != nil || got.Version != 1 {
		t.Errorf("version %d, %v; want the save to have been done", got.Version, err)
	}
}

func TestEntriesNameTheIdentityThatWroteThem(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	console := entry("2")
	console.Identity = "somebody in the console"
	if err := s.As("the function").Append(t.Context(), entry("1"), console); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, "3")
	got, err := s.Entries(t.Context(), chain, 0)
	if err != nil || len(got) != 3 || got[0].Identity != "the function" || got[1].Identity != console.Identity || got[2].Identity != "" {
		t.Errorf("entries %+v, %v", got, err)
	}
}

func TestMoreEntriesThanATransactionHoldsAreAllWritten(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	var want []string
	var entries []audit.Entry
	for i := range 120 {
		want = append(want, fmt.Sprintf("%03d", i))
		entries = append(entries, entry(want[i]))
	}
	if err := s.Append(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
	if got := trail(t, s); !slices.Equal(got, want) {
		t.Errorf("entries %v", got)
	}
	for i := range entries {
		entries[i].ID += "a"
	}
	mustCreate(t, s, pending("a"), entries...)
	if n := len(trail(t, s)); n != 240 {
		t.Errorf("%d entries, want 240", n)
	}
}

func TestEntriesThatCannotBeTogetherAreRefused(t *testing.T) {
	t.Parallel()
	s := store.New(store.Calls{}, "t") // nothing may be called
	other, nowhere := entry("2"), entry("2")
	other.Chain, nowhere.Chain = "elsewhere", ""
	for _, second := range []audit.Entry{other, nowhere, entry("")} {
		if err := s.Append(t.Context(), entry("1"), second); err == nil {
			t.Errorf("appended beside %q of chain %q", second.ID, second.Chain)
		}
	}
	large := entry("large")
	large.Reason = strings.Repeat("<", 400<<10)
	s, _, _ = table(t)
	if err := s.Append(t.Context(), large); err == nil || !strings.Contains(err.Error(), "audit entry large is too large") {
		t.Errorf("append of a large entry = %v", err)
	}
}

// TestChainIsNotContinuedFromAHeadThatWasReplaced: after a table is restored
// its chain can have as many entries as we remember, and others.
func TestChainIsNotContinuedFromAHeadThatWasReplaced(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	mustAppend(t, s, "1", "2")
	for _, item := range partition(t, client, name, "AUDIT#"+chain) {
		remove(t, client, name, item)
	}
	mustAppend(t, store.New(store.CallsOf(client), name), "one", "two")
	mustAppend(t, s, "three")
	if got := trail(t, s); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("entries %v", got)
	}
}

// TestChainWithoutItsHeadIsNotOverwritten: entries are never changed, not even
// by us.
func TestChainWithoutItsHeadIsNotOverwritten(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	mustAppend(t, s, "1", "2")
	remove(t, client, name, map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "AUDIT#" + chain}, "SK": &types.AttributeValueMemberS{Value: "HEAD"},
	})
	if err := s.Append(t.Context(), entry("3")); err == nil || !strings.Contains(err.Error(), chain) {
		t.Errorf("append to a chain that lost its head = %v; want an error that names it", err)
	}
	got, err := s.Entries(t.Context(), chain, 0)
	if err != nil || len(got) != 2 || got[0].ID != "1" {
		t.Errorf("entries %+v, %v; want the first two", got, err)
	}
}

func remove(t *testing.T, client *dynamodb.Client, name string, item map[string]types.AttributeValue) {
	t.Helper()
	_, err := client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: aws.String(name), Key: map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"]},
	})
	if err != nil {
		t.Fatal(err)
	}
}
