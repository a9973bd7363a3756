package redrive_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/signalbox/signalbox/internal/redrive"
)

const (
	letters = "https://sqs.eu-west-1.amazonaws.com/111122223333/dead-letters.fifo"
	queue   = "https://sqs.eu-west-1.amazonaws.com/111122223333/queue.fifo"
)

// start is when a test begins, and before it everything was parked.
var start = time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)

// A post office is two queues of SQS, the second for what is handed out again.
// It keeps the rules that matter here: what is received is out of sight, and so
// is everything behind it in its group; what is sent twice under one
// deduplication id is accepted twice and kept once.
type postOffice struct {
	now    time.Time
	parked []*parked
	sent   []*sqs.SendMessageInput // what is kept
	known  map[string]bool
	// fails returns the error of the nth call of that name, counted from 1: if
	// done is set, the call is carried out all the same.
	fails func(name string, n int) (err error, done bool)
	calls map[string]int
	// asked are the deadlines that calls had.
	unbounded []string
}

type parked struct {
	types.Message
	hiddenUntil time.Time
	receipts    int
}

func open(t *testing.T) *postOffice {
	t.Helper()
	return &postOffice{now: start, known: map[string]bool{}, calls: map[string]int{}}
}

// park puts a letter into the dead-letter queue; group is empty for one that is
// not first in, first out.
func (o *postOffice) park(group, body string, attributes map[string]string) {
	n := len(o.parked)
	m := types.Message{
		MessageId: aws.String(fmt.Sprintf("letter-%d", n)), Body: aws.String(body),
		Attributes:        map[string]string{"SentTimestamp": strconv.FormatInt(start.Add(time.Duration(n-100)*time.Minute).UnixMilli(), 10)},
		MessageAttributes: map[string]types.MessageAttributeValue{},
	}
	if group != "" {
		m.Attributes["MessageGroupId"] = group
	}
	for name, value := range attributes {
		m.MessageAttributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
	}
	o.parked = append(o.parked, &parked{Message: m})
}

func (o *postOffice) call(ctx context.Context, name string, do func()) error {
	if _, bounded := ctx.Deadline(); !bounded {
		o.unbounded = append(o.unbounded, name)
	}
	o.calls[name]++
	var err error
	done := true
	if o.fails != nil {
		if err, done = o.fails(name, o.calls[name]); err == nil {
			done = true
		}
	}
	if done {
		do()
	}
	return err
}

func (o *postOffice) api() redrive.Calls {
	return redrive.Calls{
		ReceiveMessage: o.receive, SendMessage: o.send, DeleteMessage: o.remove,
		ChangeMessageVisibilityBatch: o.show, GetQueueAttributes: o.count,
	}
}

func (o *postOffice) receive(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	out := &sqs.ReceiveMessageOutput{}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err := o.call(ctx, "receive", func() {
		blocked := map[string]bool{}
		for _, p := range o.parked {
			if p.hiddenUntil.After(o.now) && p.Attributes["MessageGroupId"] != "" {
				blocked[p.Attributes["MessageGroupId"]] = true
			}
		}
		for _, p := range o.parked {
			if len(out.Messages) == int(in.MaxNumberOfMessages) {
				break
			}
			if p.hiddenUntil.After(o.now) || blocked[p.Attributes["MessageGroupId"]] {
				continue
			}
			p.receipts++
			p.hiddenUntil = o.now.Add(time.Duration(in.VisibilityTimeout) * time.Second)
			m := p.Message
			m.ReceiptHandle = aws.String(*p.MessageId + "/" + strconv.Itoa(p.receipts))
			out.Messages = append(out.Messages, m)
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (o *postOffice) send(ctx context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	err := o.call(ctx, "send", func() {
		if !o.known[*in.MessageDeduplicationId] {
			o.sent = append(o.sent, in)
		}
		o.known[*in.MessageDeduplicationId] = true
	})
	return &sqs.SendMessageOutput{}, err
}

func (o *postOffice) remove(ctx context.Context, in *sqs.DeleteMessageInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	err := o.call(ctx, "delete", func() {
		for i, p := range o.parked {
			if *p.MessageId+"/"+strconv.Itoa(p.receipts) == *in.ReceiptHandle {
				o.parked = append(o.parked[:i:i], o.parked[i+1:]...)
				return
			}
		}
	})
	return &sqs.DeleteMessageOutput{}, err
}

func (o *postOffice) show(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	err := o.call(ctx, "show", func() {
		for _, e := range in.Entries {
			for _, p := range o.parked {
				if *p.MessageId+"/"+strconv.Itoa(p.receipts) == *e.ReceiptHandle {
					p.hiddenUntil = o.now.Add(time.Duration(e.VisibilityTimeout) * time.Second)
				}
			}
		}
	})
	return &sqs.ChangeMessageVisibilityBatchOutput{}, err
}

func (o *postOffice) count(ctx context.Context, _ *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	hidden := len(o.hidden())
	err := o.call(ctx, "count", func() {})
	return &sqs.GetQueueAttributesOutput{Attributes: map[string]string{
		"ApproximateNumberOfMessages": strconv.Itoa(len(o.parked) - hidden), "ApproximateNumberOfMessagesNotVisible": strconv.Itoa(hidden),
	}}, err
}

// hidden are the bodies that nobody could receive now.
func (o *postOffice) hidden() []string {
	var all []string
	for _, p := range o.parked {
		if p.hiddenUntil.After(o.now) {
			all = append(all, *p.Body)
		}
	}
	return all
}

// bodies are those of the letters that are parked.
func (o *postOffice) bodies() []string {
	var all []string
	for _, p := range o.parked {
		all = append(all, *p.Body)
	}
	return all
}

// arrived are the bodies that were handed out, by their group, in order.
func (o *postOffice) arrived() map[string][]string {
	all := map[string][]string{}
	for _, s := range o.sent {
		all[*s.MessageGroupId] = append(all[*s.MessageGroupId], *s.MessageBody)
	}
	return all
}

var errDown = errors.New("service unavailable")
