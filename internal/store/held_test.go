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
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/store"
)

func held(place, execution, key string) notice.Held {
	return notice.Held{
		Key: key, Place: place, Pipeline: "orders-release", Execution: execution, Kind: notice.Failed,
		Stage: "Production", Subject: "<!channel> 日", At: opened,
	}
}

func mustHold(t *testing.T, s *store.Store, due time.Time, all ...notice.Held) {
	t.Helper()
	if err := s.Hold(t.Context(), due, all...); err != nil {
		t.Fatal(err)
	}
}

// digest is what place is to be told, and the version of its card.
func digest(t *testing.T, s *store.Store, place string, now time.Time) ([]notice.Held, int) {
	t.Helper()
	c, all, err := s.Held(t.Context(), place, now)
	if err != nil {
		t.Fatal(err)
	}
	if c.Place != place || c.Of != (release.ExecutionID{}) {
		t.Errorf("card of %q and %v, want that of %s itself", c.Place, c.Of, place)
	}
	return all, c.Version
}

func TestWhatIsHeldIsReadOnceItIsDue(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	now, later := held("person:dana", "e1", "failed/1"), held("person:dana", "e1", "failed/2")
	mustHold(t, s, opened, now)
	mustHold(t, s, opened.Add(time.Nanosecond), later)
	mustHold(t, s, opened, held("person:dana2", "e1", "failed/1"))
	for after, want := range map[time.Duration][]notice.Held{-time.Nanosecond: nil, 0: {now}, time.Nanosecond: {now, later}} {
		got, version := digest(t, s, "person:dana", opened.Add(after))
		if diff := cmp.Diff(want, got); diff != "" || version != 0 {
			t.Errorf("%s after it is due, card version %d (-want +got):\n%s", after, version, diff)
		}
	}
	mustSaveCard(t, s, card(release.ExecutionID{}, "person:dana"))
	if got, version := digest(t, s, "person:dana", opened.Add(-time.Hour)); len(got) > 0 || version != 1 {
		t.Errorf("%v and card version %d before anything is due, want nothing and 1", got, version)
	}
}

func TestHoldingTheSameAgainChangesNothing(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	h := held("channel:C0", "e1", "failed")
	mustHold(t, s, opened, h, h)
	again := h
	again.Subject = "told differently"
	mustHold(t, s, opened.Add(time.Hour), again)
	mustHold(t, s, opened.Add(-time.Hour), again, held("channel:C0", "e2", "failed"))
	want := []notice.Held{h, held("channel:C0", "e2", "failed")}
	got, _ := digest(t, s, "channel:C0", opened)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
}

func TestDropForgetsWhatItIsGivenAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	var sizes []int
	calls := store.CallsOf(client)
	calls.TransactWriteItems = func(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
		sizes = append(sizes, len(in.TransactItems))
		return client.TransactWriteItems(ctx, in, o...)
	}
	calls.Query = func(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		small := *in
		small.Limit = aws.Int32(50)
		return client.Query(ctx, &small, o...)
	}
	s := store.New(calls, name)
	all := make([]notice.Held, 120)
	for i := range all {
		all[i] = held("channel:C0", fmt.Sprint("e", i/10), fmt.Sprintf("key %03d %s", i, strings.Repeat("日#", i*5)))
	}
	mustHold(t, s, opened, all...)
	mustSaveCard(t, s, card(release.ExecutionID{}, "channel:C0"))
	if got, _ := digest(t, s, "channel:C0", opened); len(got) != len(all) {
		t.Fatalf("%d are held, want %d", len(got), len(all))
	}
	dropped := append(slices.Clone(all[:110]), all[0], held("channel:C0", "never", "held"))
	for range 2 { // dropping again does no harm
		if err := s.Drop(t.Context(), dropped...); err != nil {
			t.Fatal(err)
		}
		got, version := digest(t, s, "channel:C0", opened)
		slices.SortFunc(got, func(a, b notice.Held) int { return strings.Compare(a.Key, b.Key) })
		if diff := cmp.Diff(all[110:], got); diff != "" || version != 1 {
			t.Errorf("card version %d, left (-want +got):\n%s", version, diff)
		}
	}
	if err := s.Drop(t.Context()); err != nil || !slices.Equal(sizes, []int{100, 11, 100, 11}) {
		t.Errorf("transactions of %v, %v; want at most 100 items in each, and none for nothing", sizes, err)
	}
	if got := waiting(t, s, opened); !slices.Equal(got, []string{"channel:C0"}) {
		t.Errorf("waiting: %v, want the channel, which has some left", got)
	}
	if err := s.Drop(t.Context(), all[110:]...); err != nil {
		t.Fatal(err)
	}
	if got := waiting(t, s, opened); len(got) > 0 {
		t.Errorf("waiting after all were dropped: %v", got)
	}
}
