package event_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

func TestRouterPassesTheEventOfOneType(t *testing.T) {
	t.Parallel()
	var got []string
	router := event.Router{Events: event.On(func(_ context.Context, e event.ActionChanged) error {
		got = append(got, e.Action)
		return nil
	})}
	for _, name := range []string{"approval-started.json", "stage-started.json", "ecr-image-push.json"} {
		if answer, err := router.Handle(t.Context(), sample(t, name)); err != nil || answer != nil {
			t.Errorf("%s: Handle = %s, %v; want nothing", name, answer, err)
		}
	}
	if strings.Join(got, " ") != "ApproveRelease" {
		t.Errorf("handled %q, want ApproveRelease alone", got)
	}
}

func TestRouterIgnoresAnUnknownKind(t *testing.T) {
	t.Parallel()
	router := event.Router{Events: func(_ context.Context, ev event.Event) error {
		t.Errorf("handled %v", ev)
		return nil
	}}
	if _, err := router.Handle(t.Context(), []byte(`{"source":"aws.s3","detail-type":"Object Created"}`)); err != nil {
		t.Error(err)
	}
}

// TestRouterReturnsErrorsSoThatLambdaTriesAgain: also a malformed event must
// end in the dead-letter queue, where somebody sees it.
func TestRouterReturnsErrorsSoThatLambdaTriesAgain(t *testing.T) {
	t.Parallel()
	router := event.Router{Events: func(context.Context, event.Event) error { return errSlackDown }}
	if _, err := router.Handle(t.Context(), sample(t, "approval-started.json")); !errors.Is(err, errSlackDown) {
		t.Errorf("Handle returned %v, want %v", err, errSlackDown)
	}
	var malformed *event.MalformedError
	raw := with(t, sample(t, "approval-started.json"), "detail.stage", nil)
	if _, err := router.Handle(t.Context(), raw); !errors.As(err, &malformed) {
		t.Errorf("Handle returned %v, want a MalformedError", err)
	}
	router = event.Router{Messages: func(context.Context, event.QueueMessage) error { return nil }}
	if _, err := router.Handle(t.Context(), []byte(`{"Records":[{"eventSource":"aws:sqs"}]}`)); !errors.As(err, &malformed) {
		t.Errorf("Handle returned %v, want a MalformedError", err)
	}
}

// TestRouterHandsAWholeBatchOver: who gets all messages at once can say
// something once instead of ten times. What it names is handed back, in SQS's
// own form.
func TestRouterHandsAWholeBatchOver(t *testing.T) {
	t.Parallel()
	var receipts []string
	failed := []string{"59d8c3b2-1f4e-4a6b-9c7d-8e0f1a2b3c4d"}
	router := event.Router{Batch: func(_ context.Context, messages []event.QueueMessage) []string {
		for _, m := range messages {
			receipts = append(receipts, m.Receipt)
		}
		return failed
	}}
	for _, want := range []string{`{"batchItemFailures":[{"itemIdentifier":"` + failed[0] + `"}]}`, `{"batchItemFailures":[]}`} {
		answer, err := router.Handle(t.Context(), sample(t, "sqs-votes-batch.json"))
		if err != nil || string(answer) != want {
			t.Errorf("Handle = %s, %v; want %s", answer, err, want)
		}
		failed = nil
	}
	for _, receipt := range receipts {
		if receipt == "" {
			t.Error("a message has no receipt, and so can never be put off")
		}
	}
	if len(receipts) == 0 {
		t.Error("no message was handed over")
	}
}

func TestRouterNamesWhatItDoesNotServe(t *testing.T) {
	t.Parallel()
	tests := map[string]event.Format{
		"approval-started.json":            event.EventBridge,
		"codestar-processed-approval.json": event.NotificationRule,
		"codepipeline-job.json":            event.PipelineJob,
		"sns-approval-lambda-record.json":  event.TopicRecords,
		"sns-approval-message.json":        event.ApprovalNotice,
		"lambda-onfailure-record.json":     event.FailureRecord,
		"eventbridge-dlq-sqs-message.json": event.SingleMessage,
		"function-url-request-get.json":    event.HTTP,
		"api-get-job-details.json":         event.APIAnswer,
	}
	for name, format := range tests {
		_, err := event.Router{}.Handle(t.Context(), sample(t, name))
		if err == nil || !strings.Contains(err.Error(), string(format)) {
			t.Errorf("%s: Handle returned %v, want an error that says %q", name, err, format)
		}
	}
	for _, raw := range []string{"", "7", "{}", `{"Records":[]}`, `{"Records":[{"eventSource":"aws:s3"}]}`} {
		if got := event.FormatOf([]byte(raw)); got != event.Unknown {
			t.Errorf("FormatOf(%s) = %q, want %q", raw, got, event.Unknown)
		}
	}
}
