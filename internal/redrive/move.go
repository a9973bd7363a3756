package redrive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// A Report says what has become of the letters.
type Report struct {
	// Moved counts those that were handed out again, and Dropped those that
	// were taken away because that would have been to no purpose.
	Moved, Dropped int
	// Left are those that are still there because they cannot be handed out.
	Left []Letter
}

// Move hands the letters out again that came before the given moment, in order,
// at most limit of them if that is positive: what comes back meanwhile is left
// for the next time. It stops at the first that nobody accepts, or when ctx
// ends, and never in the middle of one. A letter that was accepted and could not
// be taken out is handed out once more by the next Move.
func (q *Queue) Move(ctx context.Context, before time.Time, limit int) (Report, error) {
	run := mover{Queue: q, before: before}
	var err error
	for had := 0; limit <= 0 || had < limit; {
		batch, received := q.receive(ctx, limit, had)
		if err = received; err != nil || len(batch) == 0 {
			break
		}
		had += len(batch)
		if err = run.batch(ctx, batch); err != nil {
			break
		}
	}
	return run.report, errors.Join(err, q.putBack(ctx, run.left))
}

// A mover is one Move.
type mover struct {
	*Queue
	before time.Time
	report Report
	// left is kept out of sight until all is done: else it would be received
	// again and again.
	left []parcel
}

// batch moves a batch, and leaves what it does not come to.
func (m *mover) batch(ctx context.Context, batch []parcel) error {
	for i, p := range batch {
		switch {
		case !p.At.Before(m.before):
			m.left = append(m.left, p)
			continue
		case p.Left != "":
			m.report.Left = append(m.report.Left, p.Letter)
			m.left = append(m.left, p)
			continue
		}
		err := ctx.Err()
		if err == nil {
			err = m.move(ctx, p)
		}
		if err != nil {
			m.left = append(m.left, batch[i:]...)
			return err
		}
		if p.Stale {
			m.report.Dropped++
		} else {
			m.report.Moved++
		}
	}
	return nil
}

// move moves one letter, whole: it is not interrupted.
func (q *Queue) move(ctx context.Context, p parcel) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	if !p.Stale {
		if err := q.hand(ctx, p); err != nil {
			return fmt.Errorf("hand out the dead letter %s of %s: %w", p.ID, q.Name, err)
		}
	}
	_, err := q.api.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(q.url), ReceiptHandle: p.message.ReceiptHandle})
	if err != nil {
		return fmt.Errorf("take out the dead letter %s of %s, which was handed out and will be once more: %w", p.ID, q.Name, err)
	}
	return nil
}

// sender hands letters out by sending them to a queue, each to the group that it
// was in.
func (q *Queue) sender(queue string) func(context.Context, parcel) error {
	return func(ctx context.Context, p parcel) error {
		_, err := q.api.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: aws.String(queue), MessageBody: p.message.Body, MessageAttributes: p.message.MessageAttributes,
			MessageGroupId:         aws.String(p.message.Attributes[string(types.MessageSystemAttributeNameMessageGroupId)]),
			MessageDeduplicationId: aws.String(deduplicationID(p.ID)),
		})
		return err
	}
}

// deduplicationID is another than the letter had before, by which the queue
// could take it for the one that it has handed out in vain, and the same
// whenever this letter is sent: who was stopped before it was taken out may
// repeat that, and within five minutes the queue drops the second.
func deduplicationID(letter string) string {
	sum := sha256.Sum256([]byte("redrive " + letter))
	return hex.EncodeToString(sum[:])
}
