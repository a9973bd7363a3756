package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/store"
)

// unwatched are the ids of the executions to look at, as they come.
func unwatched(t *testing.T, s *store.Store, now time.Time) []string {
	t.Helper()
	all, err := s.Unwatched(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, id := range all {
		if id != execution(id.ID) {
			t.Errorf("%+v is not an execution that was stored", id)
		}
		ids = append(ids, id.ID)
	}
	return ids
}

func waiting(t *testing.T, s *store.Store, now time.Time) []string {
	t.Helper()
	places, err := s.Waiting(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func TestExecutionIsUnwatchedFromItsLookUntilTheNext(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	later := mustSave(t, s, record("later"), opened.Add(time.Nanosecond))
	sooner := mustSave(t, s, record("sooner#%23"), opened)
	mustSave(t, s, record("over"), time.Time{})
	for after, want := range map[time.Duration][]string{
		-time.Nanosecond: nil, 0: {"sooner#%23"}, time.Nanosecond: {"sooner#%23", "later"}, time.Hour: {"sooner#%23", "later"},
	} {
		if got := unwatched(t, s, opened.Add(after)); !slices.Equal(got, want) {
			t.Errorf("%s after the first look: %v, want %v", after, got, want)
		}
	}
	mustSave(t, s, sooner, opened.Add(time.Hour), artifact("Source"))
	if got := unwatched(t, s, opened.Add(time.Minute)); !slices.Equal(got, []string{"later"}) {
		t.Errorf("after one was looked at: %v, want later", got)
	}
	mustSave(t, s, later, time.Time{})
	if got := unwatched(t, s, opened.Add(time.Minute)); len(got) > 0 {
		t.Errorf("after the other is over: %v, want none", got)
	}
}

// TestIndexKeepsItsKindsApart: requests, executions and what is held are in one
// index, and nobody finds another's.
func TestIndexKeepsItsKindsApart(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	r := pending("request")
	r.ExpiresAt = opened
	mustCreate(t, s, r)
	mustSave(t, s, record("execution"), opened)
	mustHold(t, s, opened, held("channel:C0", "execution", "k"))
	if got := openIDs(t, s); !slices.Equal(got, []string{"request"}) {
		t.Errorf("open: %v, want the request", got)
	}
	if got := unwatched(t, s, opened); !slices.Equal(got, []string{"execution"}) {
		t.Errorf("unwatched: %v, want the execution", got)
	}
	if got := waiting(t, s, opened); !slices.Equal(got, []string{"channel:C0"}) {
		t.Errorf("waiting: %v, want the channel", got)
	}
}

func TestListsOfTheIndexReadAllPages(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	calls := store.CallsOf(client)
	calls.Query = func(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		small := *in
		small.Limit = aws.Int32(4)
		return client.Query(ctx, &small, o...)
	}
	s := store.New(calls, name)
	var ids, places []string
	for i := range 11 {
		id, place := fmt.Sprintf("%02d", i), fmt.Sprintf("channel:C%02d#", i/2)
		ids, places = append(ids, id), append(places, place)
		mustSave(t, s, record(id), opened.Add(time.Duration(i)))
		mustHold(t, s, opened.Add(time.Duration(i)), held(place, id, "k"))
	}
	if got := unwatched(t, s, opened.Add(time.Second)); !slices.Equal(got, ids) {
		t.Errorf("unwatched: %v, want %v", got, ids)
	}
	if got := waiting(t, s, opened.Add(time.Second)); !slices.Equal(got, slices.Compact(places)) {
		t.Errorf("waiting: %v, want each place once: %v", got, places)
	}
}
