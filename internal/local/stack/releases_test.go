package stack_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/local/stack"
	"github.com/signalbox/signalbox/internal/redrive"
)

// reachNotify delivers events of a pipeline, of a build that it has started and
// of one that somebody else has.
func reachNotify(t *testing.T, o stack.Options, s *stack.Stack) {
	for _, e := range []struct{ id, source, kind, detail string }{
		{"manual-build", "aws.codebuild", "CodeBuild Build State Change", `{"additional-information":{"initiator":"dana"}}`},
		{"started", "aws.codepipeline", "CodePipeline Pipeline Execution State Change", `{"state":"STARTED"}`},
		{"phase", "aws.codebuild", "CodeBuild Build Phase Change", `{"additional-information":{"initiator":"codepipeline/orders"}}`},
	} {
		raw := fmt.Appendf(nil, `{"version":"0","id":"release-%s","detail-type":%q,"source":%q,"account":%q,
			"time":"2026-03-10T09:22:00Z","region":"eu-west-1","resources":[],"detail":%s}`, e.id, e.kind, e.source, s.Account, e.detail)
		if err := s.Deliver(t.Context(), raw); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"started", "phase"} {
		eventually(t, "the event "+id+" is in the log of the notify function", logged(o, "notify", "release-"+id))
	}
	if logged(o, "notify", "release-manual-build")() {
		t.Error("a build that no pipeline has started reached the notify function")
	}
}

// reachDeliver sends a message to the queue of cards, and another to its dead
// letters, to be handed out again.
func reachDeliver(t *testing.T, o stack.Options, s *stack.Stack) {
	client := sqs.NewFromConfig(s.AWS())
	for output, place := range map[string]string{"CardsQueueUrl": "channel:C1", "CardsDeadLettersUrl": "channel:C2"} {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(s.Output(output)), MessageBody: aws.String(`{"place":"` + place + `"}`),
			MessageGroupId: aws.String(place), MessageDeduplicationId: aws.String(place),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the first is in the log of the deliver function", logged(o, "deliver", "channel:C1"))

	letters := redrive.Cards(redrive.CallsOf(client), s.Output("CardsDeadLettersUrl"), s.Output("CardsQueueUrl"))
	listed, err := letters.List(t.Context(), 0)
	if err != nil || len(listed) != 1 || listed[0].About != "for channel:C2" || time.Since(listed[0].At) > time.Hour {
		t.Errorf("listed %+v, %v", listed, err)
	}
	// MiniStack's clock is ours, to the millisecond.
	report, err := letters.Move(t.Context(), time.Now().Add(time.Second), 0)
	if err != nil || report.Moved != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	eventually(t, "the second is in the log of the deliver function", logged(o, "deliver", "channel:C2"))
	if left, err := letters.Backlog(t.Context()); err != nil || left != (redrive.Backlog{}) {
		t.Errorf("left are %+v, %v", left, err)
	}
}
