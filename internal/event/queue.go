package event

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
)

// A QueueMessage is one message of an SQS batch.
type QueueMessage struct {
	ID string
	// Body is outside text: never log it.
	Body string
	// Group is the message group of a FIFO queue, or empty. The messages of
	// one group are handled in order.
	Group string
	// Receives counts how often the queue has handed this message out,
	// including now.
	Receives int
	// Receipt is what the queue knows this handing out by.
	Receipt string
}

// ParseQueue reads the invocation of a function by an SQS queue. Every message
// has an ID, without which it could not be reported as failed.
func ParseQueue(raw json.RawMessage) ([]QueueMessage, error) {
	var batch struct {
		Records []struct {
			ID         string `json:"messageId"`
			Receipt    string `json:"receiptHandle"`
			Body       string `json:"body"`
			Attributes struct {
				Group    string `json:"MessageGroupId"`
				Receives number `json:"ApproximateReceiveCount"`
			} `json:"attributes"`
		} `json:"Records"`
	}
	f := &fields{}
	f.json("", raw, &batch)
	if len(batch.Records) == 0 {
		f.fail("Records", errMissing)
	}
	messages := make([]QueueMessage, 0, len(batch.Records))
	for _, r := range batch.Records {
		messages = append(messages, QueueMessage{
			ID:       f.text("Records.messageId", r.ID),
			Body:     r.Body,
			Group:    r.Attributes.Group,
			Receives: f.whole("Records.attributes.ApproximateReceiveCount", r.Attributes.Receives),
			Receipt:  r.Receipt,
		})
	}
	if f.err != nil {
		return nil, fmt.Errorf("read SQS batch: %w", &MalformedError{Field: f.bad, Err: f.err})
	}
	return messages, nil
}

// batchResult tells SQS which messages to hand out again.
type batchResult struct {
	Failures []batchFailure `json:"batchItemFailures"`
}

type batchFailure struct {
	ID string `json:"itemIdentifier"`
}

func (r *batchResult) add(id string) { r.Failures = append(r.Failures, batchFailure{ID: id}) }

// handleQueue passes each message to handle and returns those that failed.
// After a failure the later messages of the same group fail too, unhandled, or
// they would overtake the one that comes again. When time is up, the rest
// fails.
func handleQueue(ctx context.Context, messages []QueueMessage, handle func(context.Context, QueueMessage) error) batchResult {
	result := batchResult{Failures: []batchFailure{}}
	blocked := map[string]bool{}
	for _, m := range messages {
		err := ctx.Err()
		switch {
		case m.Group != "" && blocked[m.Group]:
			err = errBlocked
		case err == nil:
			err = handle(ctx, m)
		}
		if err == nil {
			continue
		}
		blocked[m.Group] = true
		result.add(m.ID)
		slog.ErrorContext(ctx, "queue message handed back",
			"message", m.ID, "group", m.Group, "receives", m.Receives, "err", err)
	}
	return result
}
