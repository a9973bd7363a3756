package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/audit"
)

func TestChainsAreListedAndKeptApart(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	if got, err := s.Chains(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("chains of an empty table: %v, %v", got, err)
	}
	other := entry("1")
	other.Chain = audit.ChainOf("111122223333", "eu-west-1", "orders-release#2%")
	for range 2 {
		if err := s.Append(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		mustAppend(t, s, "1", "2")
	}
	if got, err := s.Chains(t.Context()); err != nil || !slices.Equal(got, []string{chain, other.Chain}) {
		t.Errorf("chains %q, %v", got, err)
	}
	entries, err := s.Entries(t.Context(), other.Chain, 1)
	if err != nil || len(entries) != 1 || entries[0].Chain != other.Chain {
		t.Errorf("entries of the other chain: %+v, %v", entries, err)
	}
	if got := trail(t, s); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("entries %v", got)
	}
}

func TestChainWithoutEntriesHasAnEmptyHead(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	if got, err := s.Head(t.Context(), chain); err != nil || got != (audit.Head{Chain: chain}) {
		t.Errorf("head %+v, %v", got, err)
	}
	if got := trail(t, s); len(got) != 0 {
		t.Errorf("entries %v", got)
	}
}

func TestEntriesAreReadFromAnyNumberOnAndOverAllPages(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	const n = 12
	for i := range n { // together more than the megabyte that a page holds
		e := entry(strings.Repeat("x", i+1))
		e.Reason = strings.Repeat("long ", 20_000)
		if err := s.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for _, from := range []int64{-1, 1, 5, n, n + 1} {
		got, err := s.Entries(t.Context(), chain, from)
		if err != nil || int64(len(got)) != n+1-max(from, 1) {
			t.Errorf("%d entries from %d on, %v", len(got), from, err)
		}
		for i, e := range got {
			if e.Seq != max(from, 1)+int64(i) {
				t.Errorf("entry %d from %d on has the number %d", i, from, e.Seq)
			}
		}
	}
	if n := len(trail(t, s)); n != 12 {
		t.Errorf("%d entries", n)
	}
}

func TestEntryThatWasChangedInTheTableIsFound(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	for _, change := range []struct{ from, to string }{{"VOTE_COUNTED", "VOTE_REFUSED"}, {`"kind":`, `"kind"`}} {
		mustAppend(t, s, "1", "2", "3")
		for _, item := range partition(t, client, name, "AUDIT#"+chain) {
			if item["SK"].(*types.AttributeValueMemberS).Value != "E#000000000002" {
				continue
			}
			raw := item["doc"].(*types.AttributeValueMemberS)
			raw.Value = strings.Replace(raw.Value, change.from, change.to, 1)
			if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(name), Item: item}); err != nil {
				t.Fatal(err)
			}
		}
		entries, err := s.Entries(t.Context(), chain, 1)
		if err != nil || len(entries) != 3 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		if found := audit.Verify(entries, nil); len(found) == 0 || found[0].Seq != 2 {
			t.Errorf("%q for %q is found as %v, want a problem with entry 2", change.to, change.from, found)
		}
	}
}

func TestCursorIsReadAsItWasLeft(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	if got, err := s.Cursor(t.Context(), "export"); err != nil || got != "" {
		t.Errorf("cursor of one who has not begun: %q, %v", got, err)
	}
	for _, want := range []string{"a", "b", ""} {
		if err := s.SetCursor(t.Context(), "export", want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Cursor(t.Context(), "export"); err != nil || got != want {
			t.Errorf("cursor %q, %v; want %q", got, err, want)
		}
		if got, err := s.Cursor(t.Context(), "other"); err != nil || got != "" {
			t.Errorf("another's cursor: %q, %v", got, err)
		}
	}
}
