package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/store"
)

func link() approval.Link { return approval.NewLink(pending("a"), dana, "ABCD-EFGH") }

func putLink(t *testing.T, s *store.Store, l approval.Link) {
	t.Helper()
	if err := s.PutLink(t.Context(), l); err != nil {
		t.Fatal(err)
	}
}

func TestLinkIsReadAsItWasStoredAndStoredOnce(t *testing.T) {
	t.Parallel()
	s, client, name := table(t)
	want := link()
	putLink(t, s, want)
	other := want
	other.CodeHash = "another"
	if err := s.PutLink(t.Context(), other); !errors.Is(err, approval.ErrExists) {
		t.Errorf("PutLink again = %v, want ErrExists", err)
	}
	got, err := s.Link(t.Context(), "a", want.PersonKey)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("link changed (-stored +read):\n%s", diff)
	}
	item := partition(t, client, name, "LINK#a#"+want.PersonKey)[0]
	if _, ok := item["ttl"].(*types.AttributeValueMemberN); !ok {
		t.Error("the link has no time to live")
	}
}

func TestLinkThatWasNeverStoredIsNotFound(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	_, read := s.Link(t.Context(), "a", "0011223344556677")
	_, spend := s.SpendAttempt(t.Context(), "a", "0011223344556677", opened)
	use := s.UseLink(t.Context(), "a", "0011223344556677", approval.Approve, opened)
	for call, err := range map[string]error{"Link": read, "SpendAttempt": spend, "UseLink": use} {
		if !errors.Is(err, approval.ErrNotFound) {
			t.Errorf("%s = %v, want ErrNotFound", call, err)
		}
	}
}

func TestAttemptsAreCountedAndThenTheLinkIsLocked(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	l := link()
	putLink(t, s, l)
	for i := range approval.MaxAttempts {
		got, err := s.SpendAttempt(t.Context(), "a", l.PersonKey, opened)
		if err != nil || got.Attempts != i+1 || got.CodeHash != l.CodeHash || got.Person != dana {
			t.Fatalf("attempt %d: %+v, %v", i+1, got, err)
		}
	}
	if _, err := s.SpendAttempt(t.Context(), "a", l.PersonKey, opened); !errors.Is(err, approval.ErrLocked) {
		t.Errorf("attempt after the last = %v, want ErrLocked", err)
	}
	if err := s.UseLink(t.Context(), "a", l.PersonKey, approval.Approve, opened); err != nil {
		t.Errorf("use by the last attempt: %v", err)
	}
}

func TestOfManyAttemptsAtOnceFiveAreGranted(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	l := link()
	putLink(t, s, l)
	var granted atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			_, err := s.SpendAttempt(t.Context(), "a", l.PersonKey, opened)
			switch {
			case err == nil:
				granted.Add(1)
			case !errors.Is(err, approval.ErrLocked):
				t.Errorf("SpendAttempt = %v, want nil or ErrLocked", err)
			}
		})
	}
	all.Wait()
	if granted.Load() != approval.MaxAttempts {
		t.Errorf("%d attempts granted, want %d", granted.Load(), approval.MaxAttempts)
	}
}

func TestLinkIsUsedOnce(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	l := link()
	putLink(t, s, l)
	at := opened.Add(time.Hour)
	if err := s.UseLink(t.Context(), "a", l.PersonKey, approval.Reject, at); err != nil {
		t.Fatal(err)
	}
	if err := s.UseLink(t.Context(), "a", l.PersonKey, approval.Reject, at); !errors.Is(err, approval.ErrUsed) {
		t.Errorf("second use = %v, want ErrUsed", err)
	}
	if _, err := s.SpendAttempt(t.Context(), "a", l.PersonKey, at); !errors.Is(err, approval.ErrUsed) {
		t.Errorf("attempt after use = %v, want ErrUsed", err)
	}
	got, err := s.Link(t.Context(), "a", l.PersonKey)
	if err != nil || got.Verdict != approval.Reject || got.UsedAt == nil || !got.UsedAt.Equal(at) {
		t.Errorf("link: verdict %q used at %v, %v", got.Verdict, got.UsedAt, err)
	}
}

func TestExpiredLinkCountsAsGoneThoughItIsStillStored(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	l := link()
	putLink(t, s, l)
	if _, err := s.SpendAttempt(t.Context(), "a", l.PersonKey, l.ExpiresAt); !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("attempt at expiry = %v, want ErrNotFound", err)
	}
	if err := s.UseLink(t.Context(), "a", l.PersonKey, approval.Approve, l.ExpiresAt); !errors.Is(err, approval.ErrNotFound) {
		t.Errorf("use at expiry = %v, want ErrNotFound", err)
	}
	if _, err := s.SpendAttempt(t.Context(), "a", l.PersonKey, l.ExpiresAt.Add(-time.Nanosecond)); err != nil {
		t.Errorf("attempt just before expiry: %v", err)
	}
	if got, err := s.Link(t.Context(), "a", l.PersonKey); err != nil || got.State(l.ExpiresAt) != approval.LinkExpired {
		t.Errorf("read at expiry: %s, %v; want an expired link", got.State(l.ExpiresAt), err)
	}
}
