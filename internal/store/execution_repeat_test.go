package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
)

// TestTellingWhoseAnswerIsLostSucceedsOnce: the client repeats what is written
// about executions as it does other writes.
func TestTellingWhoseAnswerIsLostSucceedsOnce(t *testing.T) {
	t.Parallel()
	sound, _, name := table(t)
	c, err := awsenv.Config(environment)
	if err != nil {
		t.Fatal(err)
	}
	line := &lossy{HTTPClient: c.HTTPClient}
	c.HTTPClient = line
	s := store.New(store.CallsOf(dynamodb.NewFromConfig(c)), name)
	now := opened
	s = s.Timed(func() time.Time { return now })

	r, of, here := record("e"), card(execution("e"), "channel:C0"), card(release.ExecutionID{}, "channel:C0")
	save := func(c *telegraph.Card) func(context.Context) error {
		return func(ctx context.Context) (err error) { *c, err = s.SaveCard(ctx, *c); return err }
	}
	claimed := func(want bool, by string) func(context.Context) error {
		return func(ctx context.Context) error {
			got, err := s.Claim(ctx, "once", by)
			if got != want {
				t.Errorf("the key belongs to %s: %t, want %t", by, got, want)
			}
			return err
		}
	}
	h := held("channel:C0", "e", "k")
	steps := []struct {
		name string
		call func(context.Context) error
	}{
		{"first record", func(ctx context.Context) error { return s.SaveRecord(ctx, r, opened) }},
		{"next record", func(ctx context.Context) error { r.Version = 1; return s.SaveRecord(ctx, r, opened) }},
		{"record with input", func(ctx context.Context) error {
			r.Version = 2
			return s.SaveRecord(ctx, r, opened, artifact("Source"))
		}},
		{"first record with input", func(ctx context.Context) error { return s.SaveRecord(ctx, record("f"), opened, artifact("Source")) }},
		{"first card", save(&of)}, {"next card", save(&of)},
		{"first card of a place", save(&here)}, {"next card of a place", save(&here)},
		{"claim", claimed(true, "me")}, {"claim of another", claimed(false, "another")},
		{"claim after a month", func(ctx context.Context) error {
			now = now.Add(32 * 24 * time.Hour)
			return claimed(true, "another")(ctx)
		}},
		{"hold", func(ctx context.Context) error { return s.Hold(ctx, opened, h) }},
		{"badge", func(ctx context.Context) error { return s.SaveBadge(ctx, badge("e", 0, 0)) }},
		{"next badge", func(ctx context.Context) error { return s.SaveBadge(ctx, badge("e", 0, 1)) }},
	}
	for _, step := range steps {
		before := line.lost.Load()
		if err := step.call(t.Context()); err != nil || line.lost.Load() != before+1 {
			t.Errorf("%s: %v after %d lost answers, want success after one", step.name, err, line.lost.Load()-before)
		}
	}
	if all, version := digest(t, sound, "channel:C0", opened); len(all) != 1 || version != 2 {
		t.Errorf("%d held and card version %d, want 1 and 2", len(all), version)
	}
	if err := s.Drop(t.Context(), h); err != nil {
		t.Errorf("drop: %v", err)
	}
	got := kept(t, sound, "e")
	if got.Record.Version != 3 || got.Cards["channel:C0"].Version != 2 || of.Version != 2 {
		t.Errorf("record version %d, card version %d, want 3 and 2", got.Record.Version, got.Cards["channel:C0"].Version)
	}
	if b := shown(t, sound, ""); !b.At.Equal(opened.Add(1)) {
		t.Errorf("badge at %s, want the second", b.At)
	}
}

// TestCallsPerTelling states what it costs to take an event in, which is most
// of what is done, and to tell a place of it.
func TestCallsPerTelling(t *testing.T) {
	t.Parallel()
	_, client, name := table(t)
	c := &counted{client: client}
	s := store.New(c.calls(), name)
	r, told := record("e"), card(execution("e"), "channel:C0")
	h := held("channel:C0", "e", "k")
	for _, step := range []struct {
		name, want string
		call       func() error
	}{
		{"event", "PutItem", func() error { return s.SaveRecord(t.Context(), r, opened) }},
		{"event with an input", "TransactWriteItems of 2", func() error {
			r.Version = 1
			return s.SaveRecord(t.Context(), r, opened, artifact("Source"), artifact("Source"))
		}},
		{"reading all of it", "Query", func() error { _, err := s.Kept(t.Context(), execution("e")); return err }},
		{"card", "PutItem", func() error { _, err := s.SaveCard(t.Context(), told); return err }},
		{"claim", "PutItem", func() error { _, err := s.Claim(t.Context(), "once", "me"); return err }},
		{"claim of another", "PutItem", func() error { _, err := s.Claim(t.Context(), "once", "another"); return err }},
		{"holding", "PutItem", func() error { return s.Hold(t.Context(), opened, h) }},
		{"digest", "Query", func() error { _, _, err := s.Held(t.Context(), "channel:C0", opened); return err }},
		{"dropping", "TransactWriteItems of 1", func() error { return s.Drop(t.Context(), h) }},
		{"badge", "PutItem", func() error { return s.SaveBadge(t.Context(), badge("e", 0, 0)) }},
	} { // in this order: each builds on the one before
		c.take()
		if err := step.call(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := c.take(); len(got) != 1 || got[0] != step.want {
			t.Errorf("%s takes %v, want one %s", step.name, got, step.want)
		}
	}
}
