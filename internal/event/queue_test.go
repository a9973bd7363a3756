package event_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/event"
)

var errSlackDown = errors.New("slack is down")

func TestParseQueueReadsABatch(t *testing.T) {
	t.Parallel()
	got, err := event.ParseQueue(batch("1 a", "2 "))
	want := []event.QueueMessage{
		{ID: "1", Body: "body 1", Group: "a", Receives: 2},
		{ID: "2", Body: "body 2", Receives: 2},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("err %v, messages differ (-want +got):\n%s", err, diff)
	}
}

func TestParseQueueRefusesWhatItCouldNotReport(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{}", `{"Records":[]}`, `{"Records":[{"body":"x"}]}`, `{"Records":7}`} {
		var malformed *event.MalformedError
		if got, err := event.ParseQueue([]byte(raw)); !errors.As(err, &malformed) {
			t.Errorf("ParseQueue(%s) = %v, %v; want a MalformedError", raw, got, err)
		}
	}
}

func TestAFailedMessageHoldsBackItsGroup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		batch   []string // "id group"
		fails   string   // ids
		handled string
		back    string
	}{
		{"nothing fails", []string{"1 a", "2 a"}, "", "1 2", ""},
		{"later ones of the group wait", []string{"1 a", "2 b", "3 a", "4 b", "5 a"}, "1", "1 2 4", "1 3 5"},
		{"earlier ones are done", []string{"1 a", "2 a", "3 a"}, "2", "1 2", "2 3"},
		{"each group for itself", []string{"1 a", "2 b", "3 a", "4 b"}, "1 2", "1 2", "1 2 3 4"},
		{"without groups each for itself", []string{"1 ", "2 ", "3 "}, "2", "1 2 3", "2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var handled []string
			router := event.Router{Messages: func(_ context.Context, m event.QueueMessage) error {
				handled = append(handled, m.ID)
				if slices.Contains(strings.Fields(tt.fails), m.ID) {
					return errSlackDown
				}
				return nil
			}}
			answer, err := router.Handle(t.Context(), batch(tt.batch...))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(handled, " "); got != tt.handled {
				t.Errorf("handled %q, want %q", got, tt.handled)
			}
			if diff := cmp.Diff(failures(strings.Fields(tt.back)...), string(answer)); diff != "" {
				t.Errorf("answer differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMessagesAreHandedBackWhenTimeIsUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	router := event.Router{Messages: func(context.Context, event.QueueMessage) error {
		cancel()
		return nil
	}}
	answer, err := router.Handle(ctx, batch("1 a", "2 b", "3 c"))
	if want := failures("2", "3"); err != nil || string(answer) != want {
		t.Errorf("Handle = %s, %v; want %s", answer, err, want)
	}
}

// failures is the answer that hands the messages with ids back.
func failures(ids ...string) string {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = fmt.Sprintf(`{"itemIdentifier":%q}`, id)
	}
	return `{"batchItemFailures":[` + strings.Join(items, ",") + `]}`
}

// batch is an SQS batch of messages, each given as "id group".
func batch(messages ...string) json.RawMessage {
	records := make([]string, len(messages))
	for i, m := range messages {
		id, group, _ := strings.Cut(m, " ")
		attributes := `"ApproximateReceiveCount":"2"`
		if group != "" {
			attributes += fmt.Sprintf(`,"MessageGroupId":%q`, group)
		}
		records[i] = fmt.Sprintf(`{"messageId":%q,"body":%q,"attributes":{%s},"eventSource":"aws:sqs"}`,
			id, "body "+id, attributes)
	}
	return json.RawMessage(`{"Records":[` + strings.Join(records, ",") + `]}`)
}
