package redrive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	// callTimeout bounds one call with its repetitions.
	callTimeout = 20 * time.Second
	// hideFor is how long a letter is out of sight of others that is looked at
	// or handed out. Should we be stopped meanwhile, it comes back by itself.
	hideFor = 5 * time.Minute
	// maxBatch is how many messages one call takes.
	maxBatch = 10
	// poll is how long SQS waits for a message: with none at all, it asks only
	// some of its machines and may find nothing although there is something.
	poll = 1
)

// List looks at the letters, at most limit of them if that is positive, and puts
// them back as they were. Of the letters of one group in Cards and Votes, SQS
// shows no more than ten at a time.
func (q *Queue) List(ctx context.Context, limit int) ([]Letter, error) {
	held, err := q.take(ctx, limit)
	err = errors.Join(err, q.putBack(ctx, held))
	letters := make([]Letter, len(held))
	for i, p := range held {
		letters[i] = p.Letter
	}
	return letters, err
}

// take receives all that there is to receive, at most limit.
func (q *Queue) take(ctx context.Context, limit int) ([]parcel, error) {
	var all []parcel
	for limit <= 0 || len(all) < limit {
		batch, err := q.receive(ctx, limit, len(all))
		all = append(all, batch...)
		if err != nil || len(batch) == 0 {
			return all, err
		}
	}
	return all, nil
}

// receive receives a batch, after had of at most limit.
func (q *Queue) receive(ctx context.Context, limit, had int) ([]parcel, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	n := maxBatch
	if limit > 0 {
		n = min(n, limit-had)
	}
	out, err := q.api.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(q.url), MaxNumberOfMessages: int32(n), //nolint:gosec // at most ten
		VisibilityTimeout: int32(hideFor.Seconds()), WaitTimeSeconds: poll,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		return nil, fmt.Errorf("look at the dead letters of %s: %w", q.Name, err)
	}
	batch := make([]parcel, len(out.Messages))
	for i, m := range out.Messages {
		batch[i] = q.read(m)
		batch[i].message, batch[i].ID, batch[i].At = m, aws.ToString(m.MessageId), sentAt(m)
	}
	return batch, nil
}

func sentAt(m types.Message) time.Time {
	ms, err := strconv.ParseInt(m.Attributes[string(types.MessageSystemAttributeNameSentTimestamp)], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// putBack lets others see what was taken, also after ctx has ended. What cannot
// be put back comes back by itself, see hideFor.
func (q *Queue) putBack(ctx context.Context, taken []parcel) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for batch := range slices.Chunk(taken, maxBatch) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(batch))
		for i, p := range batch {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{
				Id: aws.String(strconv.Itoa(i)), ReceiptHandle: p.message.ReceiptHandle, VisibilityTimeout: 0,
			}
		}
		errs = append(errs, q.show(ctx, entries))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("put dead letters of %s back, which will be out of sight for %s: %w", q.Name, hideFor, err)
	}
	return nil
}

func (q *Queue) show(ctx context.Context, entries []types.ChangeMessageVisibilityBatchRequestEntry) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := q.api.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: aws.String(q.url), Entries: entries})
	if err != nil {
		return err
	}
	if n := len(out.Failed); n > 0 {
		return fmt.Errorf("%d of %d: %s", n, len(entries), aws.ToString(out.Failed[0].Code))
	}
	return nil
}
