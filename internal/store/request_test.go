package store_test

import (
	"encoding/json"
	"errors"
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

func mustCreate(t *testing.T, s *store.Store, r approval.Request) {
	t.Helper()
	if err := s.CreateRequest(t.Context(), r); err != nil {
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

func TestVoteAndAuditEntryAreStoredTogether(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	r := pending("a")
	mustCreate(t, s, r)
	if err := s.SaveVote(t.Context(), decided(r, opened.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	got, err := s.Request(t.Context(), "a")
	if err != nil || got.State != approval.Approved || got.Version != 1 {
		t.Errorf("stored: %s version %d, %v", got.State, got.Version, err)
	}
	entries := partition(t, client, name, "AUDIT#a")
	if len(entries) != 1 {
		t.Fatalf("%d audit entries, want 1", len(entries))
	}
	if _, ok := entries[0]["ttl"]; ok {
		t.Error("the audit entry has a time to live")
	}
	var entry struct {
		Version  int64         `json:"version"`
		Pipeline string        `json:"pipeline"`
		Vote     approval.Vote `json:"vote"`
	}
	raw := entries[0]["doc"].(*types.AttributeValueMemberS).Value
	if err := json.Unmarshal([]byte(raw), &entry); err != nil {
		t.Fatal(err)
	}
	if entry.Version != 1 || entry.Pipeline != "orders-release" || entry.Vote.By != dana {
		t.Errorf("audit entry: %s", raw)
	}
	if strings.Count(raw, token) != 1 { // as the action execution id, which is no secret
		t.Errorf("audit entry holds the token: %s", raw)
	}
}

func TestVoteIsRefusedOnAnOldVersionADecidedOrAnExpiredRequest(t *testing.T) {
	t.Parallel()
	end := pending("").ExpiresAt
	tests := []struct {
		name   string
		stored func(*approval.Request)
		at     time.Time
		want   error
	}{
		{"just in time", func(*approval.Request) {}, end.Add(-time.Nanosecond), nil},
		{"at the deadline", func(*approval.Request) {}, end, approval.ErrConflict},
		{"decided", func(r *approval.Request) { r.State = approval.Rejected }, opened, approval.ErrConflict},
		{"closed", func(r *approval.Request) { r.State = approval.Closed }, opened, approval.ErrConflict},
		{"newer version", func(r *approval.Request) { r.Version = 3 }, opened, approval.ErrConflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, client, name := table(t)
			stored := pending("a")
			tt.stored(&stored)
			mustCreate(t, s, stored)
			err := s.SaveVote(t.Context(), decided(pending("a"), tt.at))
			if !errors.Is(err, tt.want) {
				t.Errorf("SaveVote = %v, want %v", err, tt.want)
			}
			if n := len(partition(t, client, name, "AUDIT#a")); (n == 1) != (tt.want == nil) {
				t.Errorf("%d audit entries", n)
			}
		})
	}
}

func TestSaveVoteWithoutAVoteIsAnError(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	if err := s.SaveVote(t.Context(), pending("a")); err == nil {
		t.Error("SaveVote without a vote succeeded")
	}
}

func TestOfManyVotesAtOnceOneIsStored(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	r := pending("a")
	mustCreate(t, s, r)
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			err := s.SaveVote(t.Context(), decided(r, opened.Add(time.Duration(i)*time.Second)))
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, approval.ErrConflict):
				t.Errorf("SaveVote = %v, want nil or ErrConflict", err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d votes were stored, want 1", won.Load())
	}
	if n := len(partition(t, client, name, "AUDIT#a")); n != 1 {
		t.Errorf("%d audit entries, want 1", n)
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
