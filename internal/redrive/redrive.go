// Package redrive looks through the dead-letter queues, and hands out again what
// lies there.
//
// Nothing is lost on the way: a letter leaves its dead-letter queue only after
// somebody else has accepted it. So it may be handed out twice, which everything
// that Signalbox queues allows for. What a letter says can hold a person's words
// or an address that anybody could answer at, and so can the reason why it could
// not be handled: of either nothing is shown but names and ids.
package redrive

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Calls are the methods of a client that a Queue uses. They are handed over one
// by one, see docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	ReceiveMessage               func(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	SendMessage                  func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	DeleteMessage                func(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	ChangeMessageVisibilityBatch func(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error)
	GetQueueAttributes           func(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// CallsOf takes the calls off c.
func CallsOf(c *sqs.Client) Calls {
	return Calls{
		ReceiveMessage: c.ReceiveMessage, SendMessage: c.SendMessage, DeleteMessage: c.DeleteMessage,
		ChangeMessageVisibilityBatch: c.ChangeMessageVisibilityBatch, GetQueueAttributes: c.GetQueueAttributes,
	}
}

// A Letter is a message in a dead-letter queue, as far as it may be shown. Its
// texts are from outside.
type Letter struct {
	// ID is the message's.
	ID string
	// At is since when it waits: for Cards and Votes in the dead-letter queue,
	// for Events since it was sent.
	At time.Time
	// Kind is one word for what it is, and About one line.
	Kind, About string
	// Left says why it cannot be handed out again; empty if it can.
	Left string
	// Stale is set if handing it out again would be to no purpose.
	Stale bool
}

// A parcel is a letter with all that it takes to hand it out.
type parcel struct {
	Letter
	message types.Message
	// function and payload are what to invoke and with what, for Events.
	function string
	payload  []byte
}

// A Queue is a dead-letter queue. It is for one caller at a time.
type Queue struct {
	// Name is how people call it, such as "cards".
	Name string
	url  string
	api  Calls
	read func(types.Message) parcel
	hand func(context.Context, parcel) error
}

// Cards is the dead-letter queue of the queue of cards, both by their URLs.
func Cards(api Calls, deadLetters, queue string) *Queue {
	q := &Queue{Name: "cards", url: deadLetters, api: api, read: card}
	q.hand = q.sender(queue)
	return q
}

// Votes is the dead-letter queue of the queue of votes.
func Votes(api Calls, deadLetters, queue string) *Queue {
	q := &Queue{Name: "votes", url: deadLetters, api: api, read: vote}
	q.hand = q.sender(queue)
	return q
}

// Backlog is about how much lies in a queue.
type Backlog struct {
	// Ready can be looked at now, and Hidden is being looked at by somebody
	// else, or was by somebody who has stopped since.
	Ready, Hidden int
}

// Backlog counts what lies in the queue. SQS may be wrong by what has come and
// gone within the last minute.
func (q *Queue) Backlog(ctx context.Context) (Backlog, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	ready, hidden := types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible
	out, err := q.api.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(q.url), AttributeNames: []types.QueueAttributeName{ready, hidden},
	})
	if err != nil {
		return Backlog{}, fmt.Errorf("count the dead letters of %s: %w", q.Name, err)
	}
	var b Backlog
	for name, n := range map[types.QueueAttributeName]*int{ready: &b.Ready, hidden: &b.Hidden} {
		if *n, err = strconv.Atoi(out.Attributes[string(name)]); err != nil {
			return Backlog{}, fmt.Errorf("count the dead letters of %s: %w", q.Name, err)
		}
	}
	return b, nil
}
