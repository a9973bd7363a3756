package event_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
)

// TestAlarmInputIsReadOnceSchedulerHasCompletedIt does what Scheduler does: it
// replaces two words, and leaves the rest alone.
func TestAlarmInputIsReadOnceSchedulerHasCompletedIt(t *testing.T) {
	t.Parallel()
	input, err := event.AlarmInput("111122223333", "eu-west-1", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.NewReplacer(
		"<aws.scheduler.execution-id>", "d32c5kddcf5bb8c3", "<aws.scheduler.scheduled-time>", "2026-03-10T12:22:00Z").Replace(input)
	got, err := event.Parse([]byte(raw))
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	want := event.AlarmRang{
		Meta: event.Meta{
			ID: "d32c5kddcf5bb8c3", Account: "111122223333", Region: "eu-west-1",
			Time: time.Date(2026, 3, 10, 12, 22, 0, 0, time.UTC),
		},
		Request: "aaaaaaaaaaaaaaaaaaaaaaaaaa",
	}
	if diff := cmp.Diff(event.Event(want), got); diff != "" {
		t.Errorf("alarm differs (-want +got):\n%s", diff)
	}
	if event.FormatOf([]byte(raw)) != event.EventBridge {
		t.Errorf("%s is not routed like an event", raw)
	}
}

// TestWhatSomebodyAsksForIsReadAsWhatAScheduleSends: nobody waits for the
// schedule who can invoke the function.
func TestWhatSomebodyAsksForIsReadAsWhatAScheduleSends(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 11, 22, 0, 0, time.FixedZone("", 3600))
	meta := event.Meta{ID: "id", Account: "111122223333", Region: "eu-west-1", Time: at.UTC()}
	for _, tt := range []struct {
		input func(id, account, region string, at time.Time) ([]byte, error)
		want  event.Event
	}{
		{event.ReconcileInput, event.ReconcileDue{Meta: meta}},
		{event.SweepInput, event.SweepDue{Meta: meta}},
	} {
		raw, err := tt.input(meta.ID, meta.Account, meta.Region, at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := event.Parse(raw)
		if err != nil || event.FormatOf(raw) != event.EventBridge {
			t.Fatalf("%s: %v", raw, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("event differs (-want +got):\n%s", diff)
		}
	}
}
