package operations_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/operations"
	"github.com/signalbox/signalbox/internal/queue"
	"github.com/signalbox/signalbox/internal/release"
)

func click() queue.Operation {
	return queue.Operation{
		ID: "slack:e1:stop:U0DANA:1.2", Command: release.Stop, SlackUser: "U0DANA", Reply: "https://hooks.slack.example/secret",
		Of: release.ExecutionID{Account: "111122223333", Region: "eu-west-1", Pipeline: "orders", ID: "e1"},
		At: time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC),
	}
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	var sent []*sqs.SendMessageInput
	q := operations.New(func(ctx context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the call has no time-out")
		}
		sent = append(sent, in)
		return &sqs.SendMessageOutput{}, nil
	}, "https://sqs.example/operations.fifo")
	other := click()
	other.ID, other.Command = "another click", release.RetryFailed
	for _, op := range []queue.Operation{click(), click(), other} {
		if err := q.Submit(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	got, err := operations.Decode(aws.ToString(sent[0].MessageBody))
	if diff := cmp.Diff(click(), got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	id := func(i int) string { return aws.ToString(sent[i].MessageDeduplicationId) }
	if id(0) != id(1) || id(0) == id(2) || aws.ToString(sent[0].MessageGroupId) != aws.ToString(sent[2].MessageGroupId) {
		t.Errorf("ids %q, %q, %q", id(0), id(1), id(2))
	}
}

func TestSubmitFails(t *testing.T) {
	t.Parallel()
	q := operations.New(func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
		return nil, errors.New("no such queue")
	}, "https://sqs.example/operations.fifo")
	err := q.Submit(t.Context(), click())
	if err == nil || strings.Contains(err.Error(), "hooks") {
		t.Errorf("Submit: %v", err)
	}
}

func TestIncomplete(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*queue.Operation){
		"no id":           func(op *queue.Operation) { op.ID = "" },
		"no command":      func(op *queue.Operation) { op.Command = "" },
		"names no exec":   func(op *queue.Operation) { op.Of.Region = "" },
		"nobody who asks": func(op *queue.Operation) { op.SlackUser = "" },
		"no time":         func(op *queue.Operation) { op.At = time.Time{} },
	} {
		op := click()
		spoil(&op)
		if err := operations.New(nil, "").Submit(t.Context(), op); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, body := range []string{"", "null", "{}", `{"reply":"https://hooks.slack.example/secret"`} {
		if _, err := operations.Decode(body); err == nil || strings.Contains(err.Error(), "hooks") {
			t.Errorf("Decode(%q): %v", body, err)
		}
	}
}
