// Package operations carries what people ask for from the door, Slack, to where
// it is judged and carried out, on an SQS FIFO queue.
//
// All operations on one pipeline form one group, so that of two clicks at the
// same moment the second is judged by what the first has done. A repetition of
// the same click is dropped by the queue.
//
// An operation holds the address for its answer. Nothing here logs it or puts
// it into an error.
package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/queue"
)

// submitTimeout bounds Submit. Slack hangs up after three seconds.
const submitTimeout = 2 * time.Second

// A Call is the method SendMessage of a client. The method alone is handed
// over, see docs/decisions/0009-calls-not-clients.md.
type Call func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)

// A Queue takes operations.
type Queue struct {
	send Call
	url  string
}

// New returns the queue with the given URL, which must be a FIFO queue.
func New(send Call, queueURL string) *Queue { return &Queue{send: send, url: queueURL} }

// Submit puts op on the queue. Once it returns nil, op is kept until it has been
// carried out or refused; after an error it may or may not be.
func (q *Queue) Submit(ctx context.Context, op queue.Operation) error {
	if err := check(op); err != nil {
		return err
	}
	body, err := json.Marshal(op)
	if err != nil {
		return fmt.Errorf("encode operation: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, submitTimeout)
	defer cancel()
	_, err = q.send(ctx, &sqs.SendMessageInput{
		QueueUrl: aws.String(q.url), MessageBody: aws.String(string(body)),
		MessageGroupId:         aws.String(hashed(op.Of.Account + "/" + op.Of.Region + "/" + op.Of.Pipeline)),
		MessageDeduplicationId: aws.String(hashed(op.ID)),
	})
	if err != nil {
		return fmt.Errorf("queue operation on execution %s: %w", op.Of.ID, err)
	}
	return nil
}

// Decode reads the body of a message.
func Decode(body string) (queue.Operation, error) {
	var op queue.Operation
	if json.Unmarshal([]byte(body), &op) != nil { // its error may repeat the body
		return op, errors.New("operation is no JSON of an operation")
	}
	return op, check(op)
}

func check(op queue.Operation) error {
	switch {
	case op.ID == "":
		return errors.New("operation has no id")
	case op.Command == "":
		return errors.New("operation has no command")
	case op.Of.ID == "" || op.Of.Pipeline == "" || op.Of.Account == "" || op.Of.Region == "":
		return errors.New("operation names no execution")
	case op.SlackUser == "":
		return errors.New("operation names nobody who asks")
	case op.At.IsZero():
		return errors.New("operation has no time")
	}
	return nil
}

// hashed turns outside names into what the queue takes: 128 characters of a
// limited alphabet.
func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
