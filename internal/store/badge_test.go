package store_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// badge is one of an execution that began some time after opened.
func badge(execution string, began, at time.Duration) telegraph.Badge {
	a := action()
	return telegraph.Badge{
		Account: a.Account, Region: a.Region, Pipeline: a.Pipeline, State: event.Succeeded,
		Execution: execution, Began: opened.Add(began), At: opened.Add(at),
	}
}

func mustBadge(t *testing.T, s *store.Store, b telegraph.Badge) {
	t.Helper()
	if err := s.SaveBadge(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func shown(t *testing.T, s *store.Store, branch string) telegraph.Badge {
	t.Helper()
	a := action()
	b, err := s.Badge(t.Context(), a.Account, a.Region, a.Pipeline, branch)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBadgeOfTheLatestExecutionIsKept(t *testing.T) {
	t.Parallel()
	const s = time.Second
	tests := []struct {
		name         string
		before, next telegraph.Badge
		replaced     bool
	}{
		{"of a later execution", badge("a", 0, 9*s), badge("b", 1, 1), true},
		{"of an earlier execution", badge("b", 1, 1), badge("a", 0, 9*s), false},
		{"later of the same execution", badge("a", 0, s), badge("a", 0, s+1), true},
		{"earlier of the same execution", badge("a", 0, s+1), badge("a", 0, s), false},
		{"later of the same execution, which began earlier than was known", badge("a", 2*s, s), badge("a", 0, 3*s), true},
		{"the same again", badge("a", 0, s), badge("a", 0, s), true},
		{"of one that began in the same second", badge("a", 0, 2*s), badge("b", 0, s), true},
		{"of the other that began in the same second", badge("b", 0, s), badge("a", 0, 2*s), false},
		{"of one of which no beginning is known", badge("a", 0, s), telegraph.Badge{Execution: "b", At: opened.Add(9 * s)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _, _ := table(t)
			tt.next.State = event.Failed
			tt.next.Account, tt.next.Region, tt.next.Pipeline = tt.before.Account, tt.before.Region, tt.before.Pipeline
			mustBadge(t, s, tt.before)
			mustBadge(t, s, tt.next)
			want := tt.before
			if tt.replaced {
				want = tt.next
			}
			if diff := cmp.Diff(want, shown(t, s, "")); diff != "" {
				t.Errorf("badge (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBadgeDoesNotDependOnTheOrderOfItsWrites, whoever comes first.
func TestBadgeDoesNotDependOnTheOrderOfItsWrites(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	random := rand.New(rand.NewPCG(1, 2))
	all := []telegraph.Badge{
		badge("a", 0, 1), badge("a", 0, 2), badge("b", 1, 0), badge("b", 1, 3), badge("c", 1, 1), badge("c", 1, 5), badge("d", 0, 9),
	}
	for _, branch := range []string{"", "main", "feature/a#b", "feature/a%23b", "x", "y", "z"} {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, b := range append(all, all[0]) {
			b.Branch = branch
			mustBadge(t, s, b)
		}
		want := badge("c", 1, 5)
		want.Branch = branch
		if diff := cmp.Diff(want, shown(t, s, branch)); diff != "" {
			t.Errorf("after %v (-want +got):\n%s", all, diff)
		}
	}
}

func TestBadgesOfBranchesAreApart(t *testing.T) {
	t.Parallel()
	s, _, _ := table(t)
	b := badge("a", 0, 0)
	b.Branch = "main"
	mustBadge(t, s, b)
	a := action()
	for _, branch := range []string{"", "mai", "main2"} {
		if got, err := s.Badge(t.Context(), a.Account, a.Region, a.Pipeline, branch); !errors.Is(err, telegraph.ErrNotFound) {
			t.Errorf("badge of %q: %+v, %v; want ErrNotFound", branch, got, err)
		}
	}
}
