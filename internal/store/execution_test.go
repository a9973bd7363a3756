package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// execution names an execution of the pipeline of action.
func execution(id string) release.ExecutionID {
	a := action()
	return release.ExecutionID{Account: a.Account, Region: a.Region, Pipeline: a.Pipeline, ID: id}
}

// record is one that nobody has stored, of an execution that has begun.
func record(id string) release.Record {
	r := release.NewRecord(execution(id))
	r.Passes = []release.Pass{{Attempt: 1, State: event.Started, Began: opened, Since: opened}}
	r.Git = release.Git{ID: "3f1c2b4a", Summary: "<!channel> </script> 日"}
	return r
}

func artifact(name string) event.Artifact {
	return event.Artifact{Name: name, Bucket: "artifacts", Key: "orders/" + name + "/x1"}
}

func card(of release.ExecutionID, place string) telegraph.Card {
	return telegraph.Card{
		Of: of, Place: place, Message: telegraph.Message{Channel: "C0RELEASES", TS: "1.2"},
		Hash: "h", EditedAt: opened, Said: notice.Said{"card": true},
		Attempt: &telegraph.Attempt{Keys: []string{"edit"}, Since: opened, Until: opened.Add(time.Minute)},
	}
}

// mustSave stores r and returns it as it is then.
func mustSave(t *testing.T, s *store.Store, r release.Record, look time.Time, inputs ...event.Artifact) release.Record {
	t.Helper()
	if err := s.SaveRecord(t.Context(), r, look, inputs...); err != nil {
		t.Fatal(err)
	}
	r.Version++
	return r
}

func mustSaveCard(t *testing.T, s *store.Store, c telegraph.Card) telegraph.Card {
	t.Helper()
	c, err := s.SaveCard(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func kept(t *testing.T, s *store.Store, id string) telegraph.Kept {
	t.Helper()
	k, err := s.Kept(t.Context(), execution(id))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestExecutionIsKeptWithItsCardsAndNothingElse(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	id := action().ExecutionID
	mustCreate(t, s, pending("a")) // leaves a pointer in the same partition
	if _, err := s.SaveCard(t.Context(), card(execution(id), "person:dana")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Kept(t.Context(), execution(id)); !errors.Is(err, telegraph.ErrNotFound) {
		t.Errorf("without a record: %v, want ErrNotFound", err)
	}
	r := mustSave(t, s, record(id), opened)
	mustSave(t, s, record(id+"0"), opened)
	want := telegraph.Kept{Record: r, Cards: map[string]telegraph.Card{}}
	for _, place := range []string{"channel:C0RELEASES", "person:dana", "sink:teams#1%23"} {
		c := card(execution(id), place)
		if place == "person:dana" {
			c.Version = 1
		}
		want.Cards[place] = mustSaveCard(t, s, c)
	}
	mustSaveCard(t, s, card(execution("another"), "channel:C0RELEASES"))
	mustSaveCard(t, s, card(release.ExecutionID{}, "channel:C0RELEASES"))
	if diff := cmp.Diff(want, kept(t, s, id)); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if got := idsOf(t, s, action()); !slices.Equal(got, []string{"a"}) {
		t.Errorf("requests of the execution: %v, want a", got)
	}
}

func TestKeptReadsAllPages(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	pages := 0
	calls := store.CallsOf(client)
	calls.Query = func(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		if !aws.ToBool(in.ConsistentRead) {
			t.Error("a read that may be stale")
		}
		pages++
		small := *in
		small.Limit = aws.Int32(2)
		return client.Query(ctx, &small, o...)
	}
	s := store.New(calls, name)
	mustSave(t, s, record("e"), time.Time{})
	for i := range 7 {
		mustSaveCard(t, s, card(execution("e"), fmt.Sprint("channel:C", i)))
	}
	if got := kept(t, s, "e"); len(got.Cards) != 7 || got.Record.Version != 1 || pages < 4 {
		t.Errorf("%d cards and record version %d in %d pages, want 7 and 1 in at least 4", len(got.Cards), got.Record.Version, pages)
	}
}

func TestRecordIsSavedOnlyOnTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	for name, inputs := range map[string][]event.Artifact{"alone": nil, "with inputs": {artifact("Source")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, _ := table(t)
			r := record("e")
			later := r
			later.Version = 1
			if err := s.SaveRecord(t.Context(), later, opened, inputs...); !errors.Is(err, telegraph.ErrConflict) {
				t.Errorf("version 1 of what is not there: %v, want ErrConflict", err)
			}
			mustSave(t, s, r, opened, inputs...)
			for _, version := range []int{0, 2} {
				r.Version = version
				r.StopReason = "refused"
				other := event.Artifact{Bucket: "artifacts", Key: "refused"}
				if err := s.SaveRecord(t.Context(), r, opened, append(inputs, other)...); !errors.Is(err, telegraph.ErrConflict) {
					t.Errorf("version %d on 1: %v, want ErrConflict", version, err)
				}
				if _, err := s.ExecutionOf(t.Context(), other); !errors.Is(err, telegraph.ErrNotFound) {
					t.Errorf("a refused write left its input: %v", err)
				}
			}
			r.Version, r.StopReason = 1, "asked for"
			mustSave(t, s, r, opened, inputs...)
			if got := kept(t, s, "e").Record; got.Version != 2 || got.StopReason != "asked for" {
				t.Errorf("version %d, %q; want 2 and what was saved last", got.Version, got.StopReason)
			}
		})
	}
}

func TestExecutionIsFoundByTheInputThatItUsedLast(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	source, built := artifact("Source"), artifact("Built")
	alias := event.Artifact{Name: "AsAnotherActionCallsIt", Bucket: source.Bucket, Key: source.Key}
	mustSave(t, s, record("first"), opened, source, built, source, alias, event.Artifact{Name: "nowhere"})
	mustSave(t, s, record("second"), opened, source)
	for _, tt := range []struct {
		input event.Artifact
		want  string
	}{{source, "second"}, {alias, "second"}, {built, "first"}} {
		if got, err := s.ExecutionOf(t.Context(), tt.input); err != nil || got != execution(tt.want) {
			t.Errorf("execution of %s: %v, %v; want %s", tt.input.Name, got, err, tt.want)
		}
	}
	for _, unknown := range []event.Artifact{{}, artifact("other"), {Bucket: "other", Key: source.Key}, {Bucket: "artifacts#orders", Key: "Source/x1"}} {
		if got, err := s.ExecutionOf(t.Context(), unknown); !errors.Is(err, telegraph.ErrNotFound) {
			t.Errorf("execution of %+v: %v, %v; want ErrNotFound", unknown, got, err)
		}
	}
}

// TestInputsOfAnyNumberAndLengthAreTaken: what an event says must not keep its
// record from being written.
func TestInputsOfAnyNumberAndLengthAreTaken(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	inputs := make([]event.Artifact, 300)
	for i := range inputs {
		inputs[i] = event.Artifact{Bucket: "artifacts", Key: strings.Repeat("日#", 500) + strconv.Itoa(i)}
	}
	mustSave(t, s, record("e"), opened, inputs...)
	for i, want := range map[int]error{0: nil, 89: nil, 90: telegraph.ErrNotFound} {
		if got, err := s.ExecutionOf(t.Context(), inputs[i]); !errors.Is(err, want) || err == nil && got != execution("e") {
			t.Errorf("execution of input %d: %v, %v; want %v", i, got, err, want)
		}
	}
}

func TestRecordThatIsTooLargeIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	s := store.New(outage(errors.New("asked")), "t")
	r := record("e")
	r.StopReason = strings.Repeat("x", 400*1024)
	c := card(execution("e"), "channel:C")
	c.Stopped = r.StopReason
	_, err := s.SaveCard(t.Context(), c)
	for _, err := range []error{err, s.SaveRecord(t.Context(), r, opened), s.SaveRecord(t.Context(), r, opened, artifact("Source"))} {
		if err == nil || !strings.Contains(err.Error(), "EXEC#111122223333#eu-west-1#orders-release#e ") || !strings.Contains(err.Error(), "too large") {
			t.Errorf("error %v, want one that names what is too large", err)
		}
	}
}

func TestWhatIsToldOutlivesTheHistoryOfCodePipeline(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	now := opened.Add(time.Hour)
	s = s.Timed(func() time.Time { return now })
	mustSave(t, s, record("over"), time.Time{}, artifact("Source"))
	mustSaveCard(t, s, card(execution("over"), "channel:C0"))
	mustSaveCard(t, s, card(release.ExecutionID{}, "channel:C0"))
	look := now.Add(2 * time.Hour)
	mustSave(t, s, record("running"), look)
	mustHold(t, s, look, held("channel:C1", "e", "k"))
	mustBadge(t, s, badge("e", 0, 3*time.Hour))
	want := map[string]time.Time{
		"EXEC#111122223333#eu-west-1#orders-release#over": now, "ARTIFACT#artifacts#orders/Source/x1": now, "PLACE#channel:C0": now,
		"EXEC#111122223333#eu-west-1#orders-release#running": look, "PLACE#channel:C1": look,
		"BADGE#111122223333#eu-west-1#orders-release#": opened.Add(3 * time.Hour),
	}
	for pk, from := range want {
		items := partition(t, client, name, pk)
		if len(items) == 0 {
			t.Errorf("%s is not there", pk)
		}
		for _, item := range items {
			ttl, ok := item["ttl"].(*types.AttributeValueMemberN)
			if want := strconv.FormatInt(from.Add(400*24*time.Hour).Unix(), 10); !ok || ttl.Value != want {
				t.Errorf("%s %v has ttl %v, want %s", pk, item["SK"], item["ttl"], want)
			}
		}
	}
}
