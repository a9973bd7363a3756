package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func TestCardIsSavedOnlyOnTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]release.ExecutionID{"of an execution": execution("e"), "of a place": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, _ := table(t)
			early := card(of, "channel:C0")
			early.Version = 1
			if got, err := s.SaveCard(t.Context(), early); !errors.Is(err, telegraph.ErrConflict) || got.Version != 1 {
				t.Errorf("version 1 of what is not there: version %d, %v; want ErrConflict", got.Version, err)
			}
			first := mustSaveCard(t, s, card(of, "channel:C0"))
			stale := first
			first.Attempt, first.Hash = nil, "next"
			second := mustSaveCard(t, s, first)
			if second.Version != 2 {
				t.Errorf("version %d after two writes, want 2", second.Version)
			}
			for _, c := range []telegraph.Card{card(of, "channel:C0"), stale} {
				got, err := s.SaveCard(t.Context(), c)
				if diff := cmp.Diff(c, got); !errors.Is(err, telegraph.ErrConflict) || diff != "" {
					t.Errorf("version %d on 2: %v, want ErrConflict and the card as it was:\n%s", c.Version, err, diff)
				}
			}
			mustSaveCard(t, s, card(of, "channel:C1"))
			mustSave(t, s, record("e"), opened)
			got := kept(t, s, "e").Cards["channel:C0"]
			if of == (release.ExecutionID{}) {
				var err error
				if got, _, err = s.Held(t.Context(), "channel:C0", opened); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(second, got); diff != "" {
				t.Errorf("card changed (-stored +read):\n%s", diff)
			}
		})
	}
}
