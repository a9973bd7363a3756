package event_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/event"
)

// TestACopyOfAnEventIsRefusedWithWhatToSubscribe: whoever wired a notification
// rule to a function reads in its log what to wire instead.
func TestACopyOfAnEventIsRefusedWithWhatToSubscribe(t *testing.T) {
	t.Parallel()
	const action = `subscribe an EventBridge rule for source "aws.codepipeline" and detail-type "CodePipeline Action Execution State Change" instead`
	build := with(t, sample(t, "codestar-processed-approval.json"), "source", "aws.codebuild")
	build = with(t, build, "detailType", "CodeBuild Build State Change")
	tests := []struct {
		name   string
		raw    json.RawMessage
		format event.Format
		want   []string
	}{
		{"of an action", sample(t, "codestar-processed-approval.json"), event.NotificationRule, []string{"notification rule's copy", action}},
		{"in a topic's records", sample(t, "sns-codestar-processed.json"), event.TopicRecords, []string{"notification rule's copy", action}},
		{"of a build", build, event.NotificationRule, []string{`source "aws.codebuild" and detail-type "CodeBuild Build State Change"`}},
		{"of no kind", []byte(`{"notificationRuleArn":7,"detailType":{}}`), event.NotificationRule, []string{"aws.codepipeline"}},
		{"a notice", sample(t, "sns-approval-message.json"), event.ApprovalNotice, []string{"NotificationArn", action}},
		{"a notice in a topic's records", sample(t, "sns-approval-lambda-record.json"), event.TopicRecords, []string{"NotificationArn", action}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := event.Router{}.Handle(t.Context(), tt.raw)
			var refused *event.RefusalError
			if !errors.As(err, &refused) || refused.Format != tt.format {
				t.Fatalf("Handle returned %v, want a RefusalError for %q", err, tt.format)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestARefusalRepeatsNoContent(t *testing.T) {
	t.Parallel()
	long := with(t, sample(t, "codestar-processed-approval.json"), "detailType", "a\nb"+strings.Repeat("é", 100_000))
	topic, err := json.Marshal(map[string]any{"Records": []any{
		map[string]any{"EventSource": "aws:sns", "Sns": map[string]string{"Message": "{"}},
		map[string]any{"EventSource": "aws:sns", "Sns": map[string]string{"Message": string(long)}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range []json.RawMessage{
		sample(t, "sns-approval-lambda-record.json"), sample(t, "sns-approval-message.json"),
		sample(t, "codepipeline-job.json"), long, topic,
	} {
		text := event.Refusal(raw).Error()
		for _, secret := range []string{"44dd55ee-66ff-47aa-98bb-99ccaaddbbee", "Credentials", "release notes"} {
			if strings.Contains(text, secret) {
				t.Errorf("%.200q repeats %s", text, secret)
			}
		}
		if len(text) > 1000 || strings.Contains(text, "\n") {
			t.Errorf("%.200q… has %d bytes, want one short line", text, len(text))
		}
	}
}

func TestWhatIsNoCopyIsRefusedByItsFormatAlone(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"of another topic": `{"Records":[{"EventSource":"aws:sns","Sns":{"Message":"hello"}}]}`,
		"without messages": `{"Records":[{"EventSource":"aws:sns","Sns":7}]}`,
		"no JSON":          `{`,
	} {
		if got := event.Refusal([]byte(raw)); got.Instead != "" {
			t.Errorf("%s: Refusal(%s) = %v, want no advice", name, raw, got)
		}
	}
}
