package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
)

// errBlocked is why a message is handed back without a try.
var errBlocked = errors.New("an earlier message of its group failed")

// A Router is the Lambda handler of a function that more than one thing wakes.
// A nil field means that the function is not woken that way; being woken so
// all the same is an error.
type Router struct {
	// Events gets each EventBridge event, usually made by On. An error makes
	// Lambda run the event again and then park it.
	Events func(context.Context, Event) error
	// Messages gets each message of an SQS queue. An error hands the message
	// back to the queue; the event source must have ReportBatchItemFailures.
	Messages func(context.Context, QueueMessage) error
	// Batch gets all messages of an SQS batch at once, instead of Messages, and
	// returns the ids of those to hand back.
	Batch func(context.Context, []QueueMessage) []string
}

// Handle serves one invocation; pass it to lambda.Start.
func (r Router) Handle(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
	format := FormatOf(raw)
	switch {
	case format == EventBridge && r.Events != nil:
		return nil, r.handleEvent(ctx, raw)
	case format == QueueBatch && (r.Messages != nil || r.Batch != nil):
		messages, err := ParseQueue(raw)
		if err != nil {
			return nil, err
		}
		return json.Marshal(r.handleMessages(ctx, messages))
	}
	return nil, Refusal(raw)
}

func (r Router) handleMessages(ctx context.Context, messages []QueueMessage) batchResult {
	if r.Batch == nil {
		return handleQueue(ctx, messages, r.Messages)
	}
	result := batchResult{Failures: []batchFailure{}}
	for _, id := range r.Batch(ctx, messages) {
		result.add(id)
	}
	return result
}

func (r Router) handleEvent(ctx context.Context, raw json.RawMessage) error {
	ev, err := Parse(raw)
	if err != nil {
		return err
	}
	if i, ok := ev.(Ignored); ok {
		slog.InfoContext(ctx, "event of an unknown kind ignored",
			"event", i.ID, "source", clip(i.Kind.Source), "detail_type", clip(i.Kind.DetailType))
		return nil
	}
	return r.Events(ctx, ev)
}

// On makes a Router's Events of a method that takes one type of event, and
// drops the others.
func On[E Event](handle func(context.Context, E) error) func(context.Context, Event) error {
	return func(ctx context.Context, ev Event) error {
		e, ok := ev.(E)
		if !ok {
			slog.DebugContext(ctx, "event dropped", "event", ev.About().ID, "type", fmt.Sprintf("%T", ev))
			return nil
		}
		return handle(ctx, e)
	}
}
