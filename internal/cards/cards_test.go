package cards_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/cards"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/release"
	"github.com/signalbox/signalbox/internal/telegraph"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// tube is SQS: it keeps what it is given.
type tube struct {
	mu     sync.Mutex
	calls  int
	sent   []types.SendMessageBatchRequestEntry
	hidden map[string]int32 // by receipt
	err    error
	refuse string // the id of an entry to refuse
}

func (q *tube) queue() *cards.Queue {
	return cards.New(cards.Calls{SendMessageBatch: q.send, ChangeMessageVisibilityBatch: q.hide}, "https://sqs.example/cards.fifo")
}

func (q *tube) send(ctx context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if _, bounded := ctx.Deadline(); !bounded {
		return nil, errors.New("the call has no time-out")
	}
	q.calls++
	if q.err != nil {
		return nil, q.err
	}
	out := &sqs.SendMessageBatchOutput{}
	for _, e := range in.Entries {
		if aws.ToString(e.Id) == q.refuse {
			out.Failed = append(out.Failed, types.BatchResultErrorEntry{Id: e.Id, Code: aws.String("InternalError"), Message: aws.String("try again")})
			continue
		}
		q.sent = append(q.sent, e)
	}
	return out, nil
}

func (q *tube) hide(_ context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.hidden == nil {
		q.hidden = map[string]int32{}
	}
	for _, e := range in.Entries {
		q.hidden[aws.ToString(e.ReceiptHandle)] = e.VisibilityTimeout
	}
	return &sqs.ChangeMessageVisibilityBatchOutput{}, q.err
}

func due(place string, n int) telegraph.Due {
	return telegraph.Due{
		Of:    release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: "orders", ID: fmt.Sprintf("e%d", n)},
		Place: place, Version: n,
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	q := &tube{}
	var all []telegraph.Due
	for n := range 23 {
		all = append(all, due("channel:C0RELEASES", n))
	}
	all = append(all, due("sink:"+strings.Repeat("ü", 100), 1))
	if err := q.queue().Send(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if q.calls != 3 || len(q.sent) != 24 {
		t.Errorf("%d messages in %d calls, want 24 in 3", len(q.sent), q.calls)
	}
	ids := map[string]bool{}
	for i, e := range q.sent {
		var got telegraph.Due
		if err := json.Unmarshal([]byte(aws.ToString(e.MessageBody)), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(all[i], got); diff != "" {
			t.Errorf("message %d (-want +got):\n%s", i, diff)
		}
		group := aws.ToString(e.MessageGroupId)
		if i < 23 && group != "channel:C0RELEASES" || len(group) > 128 || strings.ContainsFunc(group, func(r rune) bool { return r > '~' }) {
			t.Errorf("message %d has the group %q", i, group)
		}
		ids[aws.ToString(e.MessageDeduplicationId)] = true
	}
	if len(ids) != 24 {
		t.Errorf("%d deduplication ids for 24 messages", len(ids))
	}
	if err := q.queue().Send(t.Context(), all[0]); err != nil || !ids[aws.ToString(q.sent[24].MessageDeduplicationId)] {
		t.Errorf("the same thing has another deduplication id (%v)", err)
	}
}

func TestSendFails(t *testing.T) {
	t.Parallel()
	for _, q := range []*tube{{err: errors.New("no such queue")}, {refuse: "0"}} {
		if err := q.queue().Send(t.Context(), due("channel:C0RELEASES", 1)); err == nil {
			t.Error("Send says nothing")
		}
	}
	q := &tube{}
	if err := q.queue().Send(t.Context()); err != nil || q.calls != 0 {
		t.Errorf("nothing to send took %d calls (%v)", q.calls, err)
	}
}

// message is what SQS hands over of d.
func message(t *testing.T, id int, d telegraph.Due, receives int) event.QueueMessage {
	t.Helper()
	q := &tube{}
	if err := q.queue().Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return event.QueueMessage{
		ID: fmt.Sprintf("m%d", id), Receipt: fmt.Sprintf("r%d", id), Receives: receives,
		Body: aws.ToString(q.sent[0].MessageBody), Group: aws.ToString(q.sent[0].MessageGroupId),
	}
}

// hand does work, where fails says what comes of each execution.
type hand struct {
	mu    sync.Mutex
	did   []telegraph.Due
	fails map[string]error
	stuck []telegraph.Due
}

func (h *hand) worker(q *tube) *cards.Worker {
	return &cards.Worker{
		Queue: q.queue(),
		Deliver: func(_ context.Context, d telegraph.Due) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.did = append(h.did, d)
			return h.fails[d.Of.ID]
		},
		Stuck: func(_ context.Context, d telegraph.Due, _ error) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.stuck = append(h.stuck, d)
			return nil
		},
	}
}

// Several messages about one execution are done once, by the last.
func TestCollapse(t *testing.T) {
	t.Parallel()
	h, q := &hand{}, &tube{}
	first, again, other := due("channel:C1", 1), due("channel:C1", 1), due("channel:C1", 2)
	again.Version = 7
	failed := h.worker(q).Handle(t.Context(), []event.QueueMessage{
		message(t, 1, first, 1), message(t, 2, other, 1), message(t, 3, again, 1),
	})
	if diff := cmp.Diff([]telegraph.Due{other, again}, h.did); diff != "" || len(failed) != 0 {
		t.Errorf("failed %q; done (-want +got):\n%s", failed, diff)
	}
}

func TestHandBack(t *testing.T) {
	t.Parallel()
	wait := &telegraph.LaterError{After: 42 * time.Second, Err: errors.New("slow down")}
	h, q := &hand{fails: map[string]error{"e2": fmt.Errorf("deliver: %w", wait)}}, &tube{}
	messages := []event.QueueMessage{
		message(t, 1, due("channel:C1", 1), 1), message(t, 2, due("channel:C1", 3), 1), message(t, 3, due("channel:C1", 2), 90),
		message(t, 4, due("channel:C1", 3), 1), message(t, 5, due("channel:C2", 5), 1),
	}
	failed := h.worker(q).Handle(t.Context(), messages)
	slices.Sort(failed)
	if diff := cmp.Diff([]string{"m2", "m3", "m4"}, failed); diff != "" {
		t.Errorf("handed back (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int32{"r2": 42, "r3": 42, "r4": 42}, q.hidden); diff != "" {
		t.Errorf("hidden (-want +got):\n%s", diff)
	}
	if len(q.sent) != 0 {
		t.Error("what only has to wait was put to the end")
	}
}

// What fails for a reason of its own goes to the end of its group, and after
// some rounds somebody is told.
func TestPoison(t *testing.T) {
	t.Parallel()
	h, q := &hand{fails: map[string]error{"e1": errors.New("the record cannot be read")}}, &tube{}
	w := h.worker(q)
	m := message(t, 1, due("channel:C1", 1), 3)
	if failed := w.Handle(t.Context(), []event.QueueMessage{m}); len(failed) != 1 || q.hidden["r1"] != 8 {
		t.Errorf("handed back %q, hidden for %d s", failed, q.hidden["r1"])
	}
	for round := 1; round <= 3; round++ {
		m.Receives = 8
		if failed := w.Handle(t.Context(), []event.QueueMessage{m, message(t, 2, due("channel:C1", 2), 1)}); len(failed) != 0 {
			t.Fatalf("round %d: handed back %q", round, failed)
		}
		m.Body = aws.ToString(q.sent[len(q.sent)-1].MessageBody)
		if told := len(h.stuck) > 0; told != (round == 3) {
			t.Errorf("round %d: told %t", round, told)
		}
	}
	q.err = errors.New("no such queue")
	if failed := w.Handle(t.Context(), []event.QueueMessage{m}); len(failed) != 1 {
		t.Error("a message that could not be put to the end is gone")
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "{}", "[", `{"place":7}`} {
		h, q := &hand{}, &tube{}
		m := event.QueueMessage{ID: "m1", Receipt: "r1", Body: body, Group: "g", Receives: 1}
		if failed := h.worker(q).Handle(t.Context(), []event.QueueMessage{m}); len(failed) != 1 || len(h.did) != 0 {
			t.Errorf("%q: handed back %q, did %v", body, failed, h.did)
		}
		m.Receives = 8
		if failed := h.worker(q).Handle(t.Context(), []event.QueueMessage{m}); len(failed) != 0 || len(h.stuck) != 1 {
			t.Errorf("%q: handed back %q in the end, told %v", body, failed, h.stuck)
		}
	}
}

func TestNoTimeLeft(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h, q := &hand{}, &tube{}
	failed := h.worker(q).Handle(ctx, []event.QueueMessage{message(t, 1, due("channel:C1", 1), 1)})
	if len(failed) != 1 || len(h.did) != 0 || len(q.hidden) != 1 {
		t.Errorf("handed back %q, did %v, hidden %v", failed, h.did, q.hidden)
	}
}
