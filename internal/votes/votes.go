// Package votes carries ballots from the doors to where they are counted, and
// questions to where they are answered.
//
// The doors (Slack, the page behind a link) put a ballot on an SQS FIFO queue
// before they acknowledge it, so that an acknowledged answer is never lost.
// All ballots for one request form one group, hence they are counted one at a
// time and in order. A repetition of the same click is dropped by the queue;
// one that comes after the queue's five minutes is refused by the count.
//
// A ballot can hold a person's own words, and a question the address for its
// answer. Nothing here logs them or puts them into an error.
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

// castTimeout bounds Cast and Ask. Slack hangs up after three seconds, and a voter who
// is told "try again" is better off than one who is told nothing.
const castTimeout = 2 * time.Second

// A Call is the method SendMessage of a client. The method alone is handed
// over, see docs/decisions/0009-calls-not-clients.md.
type Call func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)

// A Queue takes ballots and inquiries.
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
	if err := q.put(ctx, body, b.RequestID, b.ID); err != nil {
		return fmt.Errorf("queue ballot for request %s: %w", b.RequestID, err)
	}
	return nil
}

// Ask puts i on the queue, under the same promises as Cast. The questions of
// one person form a group of their own, so that they neither wait for votes nor
// keep votes waiting.
func (q *Queue) Ask(ctx context.Context, i approval.Inquiry) error {
	body, err := ballot.EncodeInquiry(i)
	if err != nil {
		return fmt.Errorf("encode the question %q: %w", i.Question, err)
	}
	if err := q.put(ctx, body, "inquiry:"+i.SlackUser, i.ID); err != nil {
		return fmt.Errorf("queue the question %q: %w", i.Question, err)
	}
	return nil
}

func (q *Queue) put(ctx context.Context, body, group, id string) error {
	ctx, cancel := context.WithTimeout(ctx, castTimeout)
	defer cancel()
	_, err := q.send(ctx, &sqs.SendMessageInput{
		QueueUrl:               aws.String(q.url),
		MessageBody:            aws.String(body),
		MessageGroupId:         aws.String(group),
		MessageDeduplicationId: aws.String(deduplicationID(id)),
	})
	return err
}

// deduplicationID hashes an id, because the queue takes only 128
// characters of a limited alphabet and ids come from outside.
func deduplicationID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}
