package scheduler_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/google/go-cmp/cmp"
)

// TestHandingOverIsRepeated, in emulated time, with the words replaced anew.
func TestHandingOverIsRepeated(t *testing.T) {
	t.Parallel()
	w := run(t)
	w.errs = []error{errBusy, errBusy}
	in := input("x", "at(2026-03-10T10:00:00)")
	in.Target.Input = aws.String(`{"n":"<aws.scheduler.attempt-number>","of":"<aws.scheduler.schedule-arn>","at":"<aws.scheduler.scheduled-time>"}`)
	w.create(t, in)
	w.clock.Advance(time.Hour)
	for left := 1; left >= 0; left-- {
		w.until(t, "a try", func() bool { return len(w.errs) == left && w.clock.Pending() == 1 })
		if names := w.names(t); len(names) != 1 {
			t.Errorf("the schedule is gone before its target was invoked")
		}
		w.clock.Advance(2 * time.Second)
	}
	w.invokes(t, `{"n":"3","of":"arn:aws:scheduler:eu-west-1:000000000000:schedule/default/x","at":"2026-03-10T10:00:00Z"}`)
	w.gone(t)
}

func TestWhatCannotBeHandedOverIsParked(t *testing.T) {
	t.Parallel()
	const missing = "arn:aws:lambda:eu-west-1:000000000000:function:gone"
	tests := []struct {
		name   string
		target string
		policy types.RetryPolicy
		steps  int
		want   map[string]string
	}{
		{"too often", function, types.RetryPolicy{MaximumRetryAttempts: aws.Int32(1)}, 1, map[string]string{
			"ERROR_CODE": "AWS.Lambda.ServiceException", "ERROR_MESSAGE": "busy",
			"EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "RETRY_ATTEMPTS": "1", "TARGET_ARN": function,
		}},
		{"too long", function, types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(60)}, 5, map[string]string{
			"ERROR_CODE": "AWS.Lambda.ServiceException", "ERROR_MESSAGE": "busy",
			"EXHAUSTED_RETRY_CONDITION": "MaximumEventAgeInSeconds", "RETRY_ATTEMPTS": "5", "TARGET_ARN": function,
		}},
		{"nobody there", missing, types.RetryPolicy{}, 0, map[string]string{
			"ERROR_CODE": "AWS.Lambda.ResourceNotFoundException", "ERROR_MESSAGE": "there is no such function",
			"EXHAUSTED_RETRY_CONDITION": "NonRetryableError", "RETRY_ATTEMPTS": "0", "TARGET_ARN": missing,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := run(t)
			w.errs = []error{errBusy, errBusy, errBusy, errBusy, errBusy, errBusy, errBusy}
			in := input("x", "at(2026-03-10T10:00:00)")
			in.Target.Arn, in.Target.RetryPolicy = aws.String(tt.target), &tt.policy
			in.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(queue)}
			w.create(t, in)
			w.clock.Advance(time.Hour)
			for step := range tt.steps {
				w.until(t, "a try", func() bool { return len(w.errs) == 6-step && w.clock.Pending() == 1 })
				w.clock.Advance(time.Second << step)
			}
			w.until(t, "a dead letter", func() bool { return len(w.letters) == 1 })
			got := w.letters[0]
			if got["EXECUTION_ID"] == "" {
				t.Error("no execution id")
			}
			delete(got, "EXECUTION_ID")
			tt.want["queue"], tt.want["body"] = queue, `"x 2026-03-10T10:00:00Z"`
			tt.want["SCHEDULED_TIME"], tt.want["IS_PAYLOAD_TRUNCATED"] = "2026-03-10T10:00:00Z", "false"
			tt.want["SCHEDULE_ARN"] = "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/x"
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("dead letter differs (-want +got):\n%s", diff)
			}
			w.gone(t)
		})
	}
}

func TestTargetWithoutInputIsGivenANotice(t *testing.T) {
	t.Parallel()
	w := run(t)
	in := input("x", "at(2026-03-10T10:00:00)")
	in.Target.Input = nil
	w.create(t, in)
	w.clock.Advance(time.Hour)
	w.until(t, "a notice", func() bool { return len(w.invoked) == 1 })
	var got map[string]any
	if err := json.Unmarshal([]byte(w.invoked[0]), &got); err != nil || got["source"] != "aws.scheduler" || got["time"] != "2026-03-10T10:00:00Z" {
		t.Errorf("notice is %s", w.invoked[0])
	}
}

// TestClosingIsQuick even with retries pending, and nothing comes afterwards.
func TestClosingIsQuick(t *testing.T) {
	t.Parallel()
	w := run(t)
	w.errs = []error{errBusy}
	w.create(t, input("x", "at(2026-03-10T10:00:00)"))
	w.create(t, input("y", "at(2026-03-10T11:00:00)"))
	w.clock.Advance(time.Hour)
	w.until(t, "a try", func() bool { return len(w.errs) == 0 && w.clock.Pending() == 2 })
	w.service.Close()
	w.service.Close()
	w.clock.Advance(24 * time.Hour)
	w.invokes(t)
}
