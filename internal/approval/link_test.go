package approval_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/people"
)

var (
	linkExpiry = time.Date(2026, 11, 23, 14, 5, 30, 0, time.UTC)
	linkOwner  = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com"}
)

func linkRequest() approval.Request {
	r := approval.Request{ID: "abcdefghijklmnopqrstuvwxye", State: approval.Pending, Approvers: []people.Person{linkOwner}}
	r.ExpiresAt = linkExpiry.Add(700 * time.Millisecond)
	return r
}

func TestALinkNeverOutlivesItsApproval(t *testing.T) {
	t.Parallel()
	l := approval.NewLink(linkRequest(), linkOwner, "BCDF-GHJK")
	if !l.ExpiresAt.Equal(linkExpiry) || !l.Claims().ExpiresAt.Equal(linkExpiry) {
		t.Errorf("link expires %s, token %s, want %s", l.ExpiresAt, l.Claims().ExpiresAt, linkExpiry)
	}
}

func TestLinkStates(t *testing.T) {
	t.Parallel()
	before, used := linkExpiry.Add(-time.Nanosecond), linkExpiry.Add(-time.Hour)
	tests := []struct {
		name     string
		attempts int
		usedAt   *time.Time
		now      time.Time
		want     approval.LinkState
	}{
		{"fresh", 0, nil, before, approval.LinkOpen},
		{"one attempt left", approval.MaxAttempts - 1, nil, before, approval.LinkOpen},
		{"no attempt left", approval.MaxAttempts, nil, before, approval.LinkLocked},
		{"more attempts than there are", approval.MaxAttempts + 3, nil, before, approval.LinkLocked},
		{"at the expiry", 0, nil, linkExpiry, approval.LinkExpired},
		{"locked, then expired", approval.MaxAttempts, nil, linkExpiry, approval.LinkExpired},
		{"used with the last attempt", approval.MaxAttempts, &used, before, approval.LinkUsed},
		{"used, then expired", 1, &used, linkExpiry, approval.LinkUsed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := approval.NewLink(linkRequest(), linkOwner, "BCDF-GHJK")
			l.Attempts, l.UsedAt = tt.attempts, tt.usedAt
			if got := l.State(tt.now); got != tt.want {
				t.Errorf("State = %s, want %s", got, tt.want)
			}
			if left := l.AttemptsLeft(); left < 0 || left > approval.MaxAttempts {
				t.Errorf("AttemptsLeft = %d", left)
			}
		})
	}
}

func TestPersonKeyNeverChanges(t *testing.T) {
	t.Parallel()
	// The first 8 bytes of sha256("dana"): a change breaks the links in mails.
	if got, want := approval.PersonKey("dana"), "2c9e0a2585dc7406"; got != want {
		t.Errorf("PersonKey = %q, want %q", got, want)
	}
	if approval.PersonKey("dana") == approval.PersonKey("lee") {
		t.Error("two people have one key")
	}
}

func TestACodeIsAcceptedHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	l := approval.NewLink(linkRequest(), linkOwner, "BCDF-GHJK")
	for _, typed := range []string{
		"BCDF-GHJK", "bcdf-ghjk", "BCDFGHJK", " bcdf ghjk ", "B C D F G H J K", "BCDF\u2013GHJK", "BCDF\u00a0GHJK", "\ufeffBCDF-GHJK\u200b", "bCdF--gHjK\n",
	} {
		if !l.Accepts(typed) {
			t.Errorf("Accepts(%q) = false", typed)
		}
	}
	for _, typed := range []string{"", "-", "BCDF-GHJ", "BCDF-GHJKK", "BCDF-GHJM", "KJHG-FDCB", "BCDF_GHJK", "BCDF-GHJK\x00"} {
		if l.Accepts(typed) {
			t.Errorf("Accepts(%q) = true", typed)
		}
	}
}

func TestACodeOpensOnlyItsOwnLink(t *testing.T) {
	t.Parallel()
	const code = "BCDF-GHJK"
	mine := approval.NewLink(linkRequest(), linkOwner, code)
	hers := approval.NewLink(linkRequest(), people.Person{ID: "lee"}, code)
	if mine.CodeHash == hers.CodeHash {
		t.Error("equal codes of two people have equal hashes")
	}
	mine.CodeHash = hers.CodeHash
	if mine.Accepts(code) {
		t.Error("a code was accepted with another link's hash")
	}
	if (approval.Link{}).Accepts("") {
		t.Error("a link without a code accepts none")
	}
}

func TestBlankCodesAreNotGuesses(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{"": true, "  - -\t": true, "\u2014": true, "0": false, "BCDF-GHJK": false} {
		if got := approval.BlankCode(typed); got != want {
			t.Errorf("BlankCode(%q) = %v", typed, got)
		}
	}
}

func TestCodesHaveNoLookAlikesAndDependOnSeedAndPerson(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed")
		person := rapid.String().Draw(t, "person")
		code := approval.NewCode(seed, person)
		if len(code) != 9 || code[4] != '-' || strings.Trim(strings.ReplaceAll(code, "-", ""), "23456789BCDFGHJKMNPQRSTVWXYZ") != "" {
			t.Fatalf("NewCode = %q", code)
		}
		if again := approval.NewCode(seed, person); again != code {
			t.Fatalf("NewCode = %q, then %q", code, again)
		}
		if other := approval.NewCode(seed, person+"x"); other == code {
			t.Fatalf("two people have the code %q", code)
		}
		if other := approval.NewCode(append([]byte{1}, seed...), person); other == code {
			t.Fatalf("two requests have the code %q", code)
		}
	})
}
