// Package cards carries what is due at places to whoever brings them up to
// date, on an SQS FIFO queue.
//
// All work for one place forms one group, hence it is done one at a time and in
// order. A message says what is to be looked at and nothing about it, so that
// it is never out of date and may come any number of times.
package cards

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/signalbox/signalbox/internal/telegraph"
)

const (
	// sendTimeout bounds one call with its repetitions.
	sendTimeout = 5 * time.Second
	// maxBatch is how many messages one call takes.
	maxBatch = 10
)

// Calls are the methods of a client that a Queue uses. They are handed over one
// by one, see docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	SendMessageBatch             func(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)
	ChangeMessageVisibilityBatch func(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error)
}

// CallsOf takes the calls off c.
func CallsOf(c *sqs.Client) Calls {
	return Calls{SendMessageBatch: c.SendMessageBatch, ChangeMessageVisibilityBatch: c.ChangeMessageVisibilityBatch}
}

// A Queue takes what is due.
type Queue struct {
	api Calls
	url string
}

var _ telegraph.Queue = (*Queue)(nil)

// New returns the queue with the given URL, which must be a FIFO queue.
func New(api Calls, queueURL string) *Queue { return &Queue{api: api, url: queueURL} }

// Send queues all of due, in one call for ten. After an error some of it may be
// queued; sending it again is harmless.
func (q *Queue) Send(ctx context.Context, due ...telegraph.Due) error {
	letters := make([]letter, len(due))
	for i, d := range due {
		letters[i].Due = d
	}
	return q.send(ctx, letters...)
}

// A letter is the body of a message.
type letter struct {
	telegraph.Due
	// Round counts how often it was put to the end of its group, because
	// something else than its destination was in the way.
	Round int `json:"round,omitempty"`
}

func (q *Queue) send(ctx context.Context, letters ...letter) error {
	for batch := range slices.Chunk(letters, maxBatch) {
		entries := make([]types.SendMessageBatchRequestEntry, len(batch))
		for i, l := range batch {
			body, err := json.Marshal(l)
			if err != nil {
				return fmt.Errorf("encode what is due at %s: %w", l.Place, err)
			}
			entries[i] = types.SendMessageBatchRequestEntry{
				Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(string(body)),
				MessageGroupId: aws.String(group(l.Place)), MessageDeduplicationId: aws.String(digest(string(body))),
			}
		}
		if err := q.sendBatch(ctx, entries); err != nil {
			return fmt.Errorf("queue what is due: %w", err)
		}
	}
	return nil
}

func (q *Queue) sendBatch(ctx context.Context, entries []types.SendMessageBatchRequestEntry) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	out, err := q.api.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: aws.String(q.url), Entries: entries})
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range out.Failed {
		errs = append(errs, fmt.Errorf("%s: %s", aws.ToString(f.Code), aws.ToString(f.Message)))
	}
	return errors.Join(errs...)
}

// group is the message group of a place. The queue takes 128 characters of
// ASCII, which names in a configuration may exceed.
func group(place string) string {
	plain := !slices.ContainsFunc([]byte(place), func(c byte) bool { return c <= ' ' || c > '~' })
	if plain && len(place) <= 128 {
		return place
	}
	return digest(place)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
