// Package votes carries ballots from the doors to where they are counted.
//
// The doors (Slack, the page behind a link) put a ballot on an SQS FIFO queue
// before they acknowledge it, so that an acknowledged answer is never lost.
// All ballots for one request form one group, hence they are counted one at a
// time and in order. A repetition of the same click is dropped by the queue;
// one that comes after the queue's five minutes is refused by the count.
//
// A ballot can hold a person's own words. Nothing here logs one or puts it
// into an error.
package votes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

// castTimeout bounds Cast. Slack hangs up after three seconds, and a voter who
// is told "try again" is better off than one who is told nothing.
const castTimeout = 2 * time.Second

// A Call is the method SendMessage of a client. The method alone is handed
// over, see docs/decisions/0009-calls-not-clients.md.
type Call func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)

// A Queue takes ballots.
type Queue struct {
	send Call
	url  string
}

// New returns the queue with the given URL, which must be a FIFO queue.
func New(send Call, queueURL string) *Queue {
	return &Queue{send: send, url: queueURL}
}

// Cast puts b on the queue. Once it returns nil, b is kept until it has been
// counted; after an error it may or may not be, and casting it again is
// harmless. It takes at most two seconds. A ballot that could never be counted
// is an error at once.
func (q *Queue) Cast(ctx context.Context, b approval.Ballot) error {
	body, err := ballot.Encode(b)
	if err != nil {
		return fmt.Errorf("encode ballot for request %s: %w", b.RequestID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, castTimeout)
	defer cancel()
	_, err = q.send(ctx, &sqs.SendMessageInput{
		QueueUrl:               aws.String(q.url),
		MessageBody:            aws.String(body),
		MessageGroupId:         aws.String(b.RequestID),
		MessageDeduplicationId: aws.String(deduplicationID(b.ID)),
	})
	if err != nil {
		return fmt.Errorf("queue ballot for request %s: %w", b.RequestID, err)
	}
	return nil
}

// deduplicationID hashes a ballot id, because the queue takes only 128
// characters of a limited alphabet and ids come from outside.
func deduplicationID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}
