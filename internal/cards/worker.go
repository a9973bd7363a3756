package cards

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/telegraph"
)

const (
	// maxDelay is the longest that SQS hides a message.
	maxDelay = 12 * time.Hour
	// maxBackoff bounds how long a failure that names no time keeps a group
	// waiting.
	maxBackoff = 5 * time.Minute
	// maxReceives is how often a message may keep its group waiting before it
	// goes to the end of it, and maxRounds how often before somebody is told.
	maxReceives = 8
	maxRounds   = 3
)

var (
	errBefore = errors.New("an earlier message of its group failed")
	errBody   = errors.New("the body cannot be read")
)

// A Worker does what lies on a Queue.
type Worker struct {
	Queue *Queue
	// Deliver does one thing. Its error may be a *telegraph.LaterError, which
	// says when to try again.
	Deliver func(context.Context, telegraph.Due) error
	// Stuck tells the operators of what keeps failing.
	Stuck func(context.Context, telegraph.Due, error) error
}

// Handle does a batch and returns the ids of the messages to hand back. It is
// an event.Router's Batch. Groups do not wait for each other.
func (w *Worker) Handle(ctx context.Context, messages []event.QueueMessage) []string {
	groups := map[string][]event.QueueMessage{}
	var order []string
	for _, m := range messages {
		if _, seen := groups[m.Group]; !seen {
			order = append(order, m.Group)
		}
		groups[m.Group] = append(groups[m.Group], m)
	}
	failed := make([][]string, len(order))
	var all sync.WaitGroup
	for i, name := range order {
		all.Go(func() { failed[i] = w.group(ctx, groups[name]) })
	}
	all.Wait()
	var ids []string
	for _, f := range failed {
		ids = append(ids, f...)
	}
	return ids
}

// group does the messages of one group. Several about the same execution are
// done once, where the last of them stands, since they are all about how it is
// now. After a failure the rest waits as long: the queue would not hand it out
// before.
func (w *Worker) group(ctx context.Context, messages []event.QueueMessage) []string {
	letters := make([]letter, len(messages))
	last := map[telegraph.Due]int{}
	for i, m := range messages {
		if err := json.Unmarshal([]byte(m.Body), &letters[i]); err != nil {
			letters[i] = letter{}
			continue
		}
		last[about(letters[i])] = i
	}
	for i, m := range messages {
		l := letters[i]
		if last[about(l)] > i {
			continue
		}
		if err := w.one(ctx, m, l); err != nil {
			return w.handBack(ctx, messages, letters, i, err)
		}
	}
	return nil
}

// about is what of l makes another the same errand.
func about(l letter) telegraph.Due { return telegraph.Due{Of: l.Of, Place: l.Place} }

func (w *Worker) one(ctx context.Context, m event.QueueMessage, l letter) error {
	if l.Place == "" {
		return w.unreadable(ctx, m)
	}
	err := ctx.Err()
	if err == nil {
		err = w.Deliver(ctx, l.Due)
	}
	var wait *telegraph.LaterError
	if err == nil || errors.As(err, &wait) || m.Receives < maxReceives {
		return err
	}
	return w.postpone(ctx, l, err)
}

// unreadable gives m up after a while: a deployment may be under way, after
// which it can be read. The record that it is about is not lost with it.
func (w *Worker) unreadable(ctx context.Context, m event.QueueMessage) error {
	if m.Receives < maxReceives {
		return errBody
	}
	return w.Stuck(ctx, telegraph.Due{}, errBody)
}

// postpone puts l to the end of its group, so that one record that cannot be
// dealt with does not keep all others of a channel waiting.
func (w *Worker) postpone(ctx context.Context, l letter, cause error) error {
	l.Round++
	slog.ErrorContext(ctx, "work put to the end of its group",
		"place", l.Place, "pipeline", l.Of.Pipeline, "execution", l.Of.ID, "round", l.Round, "err", cause)
	if l.Round >= maxRounds {
		if err := w.Stuck(ctx, l.Due, cause); err != nil {
			return errors.Join(cause, err)
		}
	}
	if err := w.Queue.send(ctx, l); err != nil {
		return errors.Join(cause, err)
	}
	return nil
}

// handBack hides what is left of a group from the message that failed on until
// it is worth trying again, and returns its ids. What was done before is done,
// unless a later message stood for it.
func (w *Worker) handBack(ctx context.Context, messages []event.QueueMessage, letters []letter, at int, cause error) []string {
	delay := delayOf(cause, messages[at].Receives)
	var ids []string
	var entries []types.ChangeMessageVisibilityBatchRequestEntry
	for i, m := range messages {
		if i < at && !awaits(letters, i, at) {
			continue
		}
		err := cause
		if i != at {
			err = errBefore
		}
		slog.ErrorContext(ctx, "card message handed back",
			"message", m.ID, "group", m.Group, "receives", m.Receives, "delay", delay.String(), "err", err)
		ids = append(ids, m.ID)
		entries = append(entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(m.Receipt),
			VisibilityTimeout: int32(delay.Seconds()), //nolint:gosec // at most maxDelay
		})
	}
	if err := w.hide(ctx, entries); err != nil {
		slog.WarnContext(ctx, "messages stay hidden for the whole time-out of the queue", "err", err)
	}
	return ids
}

// awaits reports whether message i is stood for by one from at on.
func awaits(letters []letter, i, at int) bool {
	for j := at; j < len(letters); j++ {
		if about(letters[j]) == about(letters[i]) {
			return true
		}
	}
	return false
}

func (w *Worker) hide(ctx context.Context, entries []types.ChangeMessageVisibilityBatchRequestEntry) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	out, err := w.Queue.api.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{
		QueueUrl: aws.String(w.Queue.url), Entries: entries,
	})
	if err != nil {
		return err
	}
	if n := len(out.Failed); n > 0 {
		return fmt.Errorf("%d of %d: %s", n, len(entries), aws.ToString(out.Failed[0].Message))
	}
	return nil
}

// delayOf is how long to wait after the error of a message that has been handed
// out so often.
func delayOf(err error, receives int) time.Duration {
	var wait *telegraph.LaterError
	if errors.As(err, &wait) {
		return min(max(wait.After.Round(time.Second), time.Second), maxDelay)
	}
	return min(time.Second<<min(max(receives, 0), 10), maxBackoff)
}
