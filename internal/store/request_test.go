package store_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/store"
)

var (
	opened = time.Date(2026, 3, 10, 9, 22, 0, 250_000_000, time.UTC)
	dana   = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com", Slack: "U0DANA00001"}
)

const token = "44dd55ee-66ff-47aa-98bb-99ccaaddbbee"

func action() approval.Action {
	return approval.Action{
		Account: "111122223333", Region: "eu-west-1", Pipeline: "orders-release",
		ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", Stage: "Approval", Name: "ApproveRelease",
	}
}

func pending(id string) approval.Request {
	return approval.Request{
		ID: id, State: approval.Pending, Policy: "orders", Channel: "C0RELEASES", Approvers: []people.Person{dana},
		Waiting: approval.Waiting{
			Action: action(), ActionExecutionID: token, Token: token,
			Revisions: []approval.Revision{{Source: "Source", ID: "3f1c2b4a", Summary: "<!channel> </script> 日"}},
			StartedAt: opened, ExpiresAt: opened.Add(7 * 24 * time.Hour),
		},
		PostingUntil: opened.Add(45 * time.Second),
	}
}

func decided(r approval.Request, at time.Time) approval.Request {
	r.State = approval.Approved
	r.Vote = &approval.Vote{Verdict: approval.Approve, By: dana, Door: approval.DoorSlack, At: at}
	return r
}

func mustCreate(t *testing.T, s *store.Store, r approval.Request, entries ...audit.Entry) {
	t.Helper()
	if err := s.CreateRequest(t.Context(), r, entries...); err != nil {
		t.Fatal(err)
	}
}

func TestRequestIsReadAsItWasStored(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	want := decided(pending("a"), opened.Add(time.Hour))
	want.Cards = []approval.Card{{Channel: "C0RELEASES", TS: "1.2"}}
	want.Mailed = []string{"dana"}
	mustCreate(t, s, want)
	got, err := s.Request(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request changed (-stored +read):\n%s", diff)
	}
}

func TestRequestThatWasNeverStoredIsNotFound(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	if _, err := s.Request(t.Context(), "nowhere"); !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("Request = %v, want ErrNotFound", err)
	}
}

func TestRequestIsCreatedOnce(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	mustCreate(t, s, pending("a"))
	again := pending("a")
	again.Channel = "C0OTHER"
	if err := s.CreateRequest(t.Context(), again); !errors.Is(err, approval.ErrExists) {
		t.Errorf("CreateRequest again = %v, want ErrExists", err)
	}
	if got, err := s.Request(t.Context(), "a"); err != nil || got.Channel != "C0RELEASES" {
		t.Errorf("channel is %q, %v; want that of the first", got.Channel, err)
	}
}

func TestSaveIsRefusedUnlessItIsBasedOnTheStoredVersion(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	r := pending("a")
	mustCreate(t, s, r)
	r.Channel = "C0FIRST"
	if err := s.SaveRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Channel = "C0SECOND"
	if err := s.SaveRequest(t.Context(), r); !errors.Is(err, approval.ErrConflict) {
		t.Errorf("save based on an old version = %v, want ErrConflict", err)
	}
	got, err := s.Request(t.Context(), "a")
	if err != nil || got.Version != 1 || got.Channel != "C0FIRST" {
		t.Errorf("stored: version %d in %s, %v; want version 1 in C0FIRST", got.Version, got.Channel, err)
	}
	if err := s.SaveRequest(t.Context(), pending("never created")); !errors.Is(err, approval.ErrConflict) {
		t.Errorf("save of an unknown request = %v, want ErrConflict", err)
	}
}

func TestChangeAndAuditEntryAreStoredTogether(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	r := pending("a")
	mustCreate(t, s, r, entry("a/opened"))
	if err := s.SaveRequest(t.Context(), decided(r, opened.Add(time.Hour)), entry("a/vote/1"), entry("a/decided")); err != nil {
		t.Fatal(err)
	}
	got, err := s.Request(t.Context(), "a")
	if err != nil || got.State != approval.Approved || got.Version != 1 {
		t.Errorf("stored: %s version %d, %v", got.State, got.Version, err)
	}
	if got := trail(t, s); !slices.Equal(got, []string{"a/opened", "a/vote/1", "a/decided"}) {
		t.Errorf("audit entries %v", got)
	}
	for _, item := range partition(t, client, name, "AUDIT#"+chain) {
		if _, ok := item["ttl"]; ok {
			t.Errorf("%v has a time to live", item["SK"])
		}
	}
}

func TestChangeThatIsRefusedLeavesNoAuditEntry(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	mustCreate(t, s, pending("a"), entry("a/opened"))
	if err := s.CreateRequest(t.Context(), pending("a"), entry("a/opened again")); !errors.Is(err, approval.ErrExists) {
		t.Errorf("CreateRequest again = %v, want ErrExists", err)
	}
	for _, r := range []approval.Request{{ID: "unknown"}, {ID: "a", Version: 1}} {
		if err := s.SaveRequest(t.Context(), r, entry("saved")); !errors.Is(err, approval.ErrConflict) {
			t.Errorf("save of %s, version %d = %v, want ErrConflict", r.ID, r.Version, err)
		}
	}
	if got := trail(t, s); !slices.Equal(got, []string{"a/opened"}) {
		t.Errorf("audit entries %v", got)
	}
}

func TestOfManyVotesAtOnceOneIsStored(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	r := pending("a")
	mustCreate(t, s, r)
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			err := s.SaveRequest(t.Context(), decided(r, opened), entry("a/vote/"+strconv.Itoa(i)))
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, approval.ErrConflict):
				t.Errorf("SaveRequest = %v, want nil or ErrConflict", err)
			}
		})
	}
	all.Wait()
	if n := len(trail(t, s)); won.Load() != 1 || n != 1 {
		t.Errorf("%d votes and %d audit entries were stored, want 1", won.Load(), n)
	}
}

func TestRequestThatIsTooLargeIsRefusedInWords(t *testing.T) {
	t.Parallel()
	s := store.New(outage(errors.New("DynamoDB was asked")), "t")
	r := pending("a")
	r.CustomData = strings.Repeat("x", 400<<10)
	for call, err := range map[string]error{
		"CreateRequest": s.CreateRequest(t.Context(), r), "SaveRequest": s.SaveRequest(t.Context(), r, entry("a/vote")),
	} {
		if err == nil || !strings.Contains(err.Error(), "request a is too large") {
			t.Errorf("%s = %v; want it to say what is too large", call, err)
		}
	}
}

// partition reads all items with the partition key pk.
func partition(t *testing.T, client *dynamodb.Client, table, pk string) []map[string]types.AttributeValue {
	t.Helper()
	out, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String(table), ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Items
}
