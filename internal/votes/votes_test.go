package votes_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/votes"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

var now = time.Date(2026, 3, 10, 9, 22, 0, 123456789, time.UTC)

func click() approval.Ballot {
	return approval.Ballot{
		ID: "1773134520.250|U0DANA00001|approval_reject", RequestID: "abcdefghijklmnopqrstuvwxyz",
		Verdict: approval.Reject, Reason: "not before <!channel> noon </script> 日", Door: approval.DoorSlack,
		SlackUser: "U0DANA00001", Card: approval.Card{Channel: "C0RELEASES", TS: "1773134520.000100"}, At: now,
	}
}

func submission() approval.Ballot {
	return approval.Ballot{
		ID: "link:abc", RequestID: "abcdefghijklmnopqrstuvwxyz", Verdict: approval.Approve,
		Door: approval.DoorEmail, PersonID: "dana", At: now,
	}
}

// queue is SQS as far as it is used here; it keeps what was sent.
type queue struct {
	sent []*sqs.SendMessageInput
	err  error
	left time.Duration // until the deadline of the last call
}

func (q *queue) SendMessage(ctx context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	deadline, _ := ctx.Deadline()
	q.left = time.Until(deadline)
	q.sent = append(q.sent, in)
	return &sqs.SendMessageOutput{}, q.err
}

func TestBallotArrivesAsItWasCast(t *testing.T) {
	t.Parallel()
	for _, b := range []approval.Ballot{click(), submission()} {
		q := &queue{}
		if err := votes.New(q.SendMessage, "https://sqs.example/votes.fifo").Cast(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		got, err := ballot.Decode(aws.ToString(q.sent[0].MessageBody))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ballot.Message{Ballot: &b}, got); diff != "" {
			t.Errorf("ballot changed on its way (-cast +decoded):\n%s", diff)
		}
	}
}

func TestBallotsOfOneRequestAreOneGroupAndARepetitionIsKnown(t *testing.T) {
	t.Parallel()
	q := &queue{}
	box := votes.New(q.SendMessage, "https://sqs.example/votes.fifo")
	other := click()
	other.ID = strings.Repeat("long id with spaces ", 20)
	for _, b := range []approval.Ballot{click(), click(), other} {
		if err := box.Cast(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	first, again, third := q.sent[0], q.sent[1], q.sent[2]
	if *first.MessageGroupId != click().RequestID || *first.QueueUrl != "https://sqs.example/votes.fifo" {
		t.Errorf("group %q at %q", *first.MessageGroupId, *first.QueueUrl)
	}
	if *first.MessageDeduplicationId != *again.MessageDeduplicationId {
		t.Error("the same ballot has two deduplication ids")
	}
	if *first.MessageDeduplicationId == *third.MessageDeduplicationId || len(*third.MessageDeduplicationId) > 128 {
		t.Errorf("deduplication id of another ballot is %q", *third.MessageDeduplicationId)
	}
}

func TestCastGivesUpBeforeSlackDoes(t *testing.T) {
	t.Parallel()
	q := &queue{}
	if err := votes.New(q.SendMessage, "u").Cast(t.Context(), click()); err != nil {
		t.Fatal(err)
	}
	if q.left <= 0 || q.left > 2*time.Second {
		t.Errorf("deadline is %v away, want at most 2s", q.left)
	}
}

func TestFailedCastSaysSoWithoutTheReason(t *testing.T) {
	t.Parallel()
	down := errors.New("throttled")
	err := votes.New((&queue{err: down}).SendMessage, "u").Cast(t.Context(), click())
	if !errors.Is(err, down) {
		t.Errorf("Cast = %v, want the queue's error", err)
	}
	if strings.Contains(err.Error(), "noon") {
		t.Errorf("error %q holds the voter's words", err)
	}
}

func TestBallotThatCannotBeCountedIsNotQueued(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*approval.Ballot){
		"no id":                     func(b *approval.Ballot) { b.ID = "" },
		"no request":                func(b *approval.Ballot) { b.RequestID = "" },
		"no time":                   func(b *approval.Ballot) { b.At = time.Time{} },
		"no verdict":                func(b *approval.Ballot) { b.Verdict = "" },
		"unknown verdict":           func(b *approval.Ballot) { b.Verdict = "maybe" },
		"unknown door":              func(b *approval.Ballot) { b.Door = "window" },
		"Slack door without a user": func(b *approval.Ballot) { b.SlackUser = "" },
		"e-mail door without a person": func(b *approval.Ballot) {
			b.Door = approval.DoorEmail // a Slack user is no voter here
		},
		"broken glass without a reason": func(b *approval.Ballot) { b.Verdict, b.Reason = approval.Override, "" },
		"endless reason":                func(b *approval.Ballot) { b.Reason = strings.Repeat("<", 2000) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, b := &queue{}, click()
			spoil(&b)
			if err := votes.New(q.SendMessage, "u").Cast(t.Context(), b); err == nil || len(q.sent) != 0 {
				t.Errorf("Cast = %v with %d messages sent; want an error and none", err, len(q.sent))
			}
		})
	}
}

func TestLongestReasonFits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"<", "日", "😀", "\x00", "\xff"} {
		b := click()
		b.Reason = strings.Repeat(text, approval.MaxReason)
		if err := votes.New((&queue{}).SendMessage, "u").Cast(t.Context(), b); err != nil {
			t.Errorf("a reason of %d × %q: %v", approval.MaxReason, text, err)
		}
	}
}

func question() approval.Inquiry {
	return approval.Inquiry{
		ID: "slack:command:U0DANA00001:1.2", Question: approval.List, SlackUser: "U0DANA00001",
		Reply: "https://hooks.slack.com/commands/T0/1/hidden", At: now,
	}
}

func TestQuestionsOfOnePersonAreOneGroup(t *testing.T) {
	t.Parallel()
	q := &queue{}
	box := votes.New(q.SendMessage, "https://sqs.example/votes.fifo")
	for range 2 {
		if err := box.Ask(t.Context(), question()); err != nil {
			t.Fatal(err)
		}
	}
	first, again := q.sent[0], q.sent[1]
	if *first.MessageGroupId != "inquiry:U0DANA00001" || *first.QueueUrl != "https://sqs.example/votes.fifo" || q.left > 2*time.Second {
		t.Errorf("group %q at %q, %v left", *first.MessageGroupId, *first.QueueUrl, q.left)
	}
	if *first.MessageDeduplicationId != *again.MessageDeduplicationId {
		t.Error("the same question has two deduplication ids")
	}
	want := question()
	if got, err := ballot.Decode(aws.ToString(first.MessageBody)); err != nil || cmp.Diff(ballot.Message{Inquiry: &want}, got) != "" {
		t.Errorf("Decode = %+v, %v", got, err)
	}
}

func TestFailedQuestionSaysSoWithoutTheAddress(t *testing.T) {
	t.Parallel()
	down := errors.New("throttled")
	err := votes.New((&queue{err: down}).SendMessage, "u").Ask(t.Context(), question())
	if !errors.Is(err, down) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("Ask = %v, want the queue's error without the address", err)
	}
	q := &queue{}
	nowhere := question()
	nowhere.Reply = ""
	if err := votes.New(q.SendMessage, "u").Ask(t.Context(), nowhere); err == nil || len(q.sent) != 0 {
		t.Errorf("Ask = %v with %d messages sent; want an error and none", err, len(q.sent))
	}
}

func BenchmarkCast(b *testing.B) {
	box := votes.New((&queue{}).SendMessage, "u")
	for b.Loop() {
		if err := box.Cast(b.Context(), click()); err != nil {
			b.Fatal(err)
		}
	}
}
