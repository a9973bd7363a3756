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
