package scheduler_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const sometime = "at(2026-03-10T10:00:00)"

func TestAScheduleIsShownAsItWasMade(t *testing.T) {
	t.Parallel()
	w := run(t)
	in := input("x", "cron(0 9 ? * MON-FRI *)")
	in.Description, in.ScheduleExpressionTimezone = aws.String("on <!channel> days"), aws.String("Europe/Berlin")
	in.StartDate, in.EndDate = aws.Time(start.Add(time.Hour)), aws.Time(start.Add(48*time.Hour))
	in.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(queue)}
	w.create(t, in)
	got, err := w.client.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("x")})
	if err != nil {
		t.Fatal(err)
	}
	in.Target.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(86400), MaximumRetryAttempts: aws.Int32(185)}
	want := &awsscheduler.GetScheduleOutput{
		Arn: aws.String("arn:aws:scheduler:eu-west-1:000000000000:schedule/default/x"), CreationDate: &start, LastModificationDate: &start,
		Name: in.Name, GroupName: aws.String("default"), Description: in.Description, State: types.ScheduleStateEnabled,
		ScheduleExpression: in.ScheduleExpression, ScheduleExpressionTimezone: in.ScheduleExpressionTimezone,
		StartDate: in.StartDate, EndDate: in.EndDate, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target,
		ActionAfterCompletion: types.ActionAfterCompletionDelete,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(awsscheduler.GetScheduleOutput{}, "ResultMetadata"), cmpopts.IgnoreUnexported(
		awsscheduler.GetScheduleOutput{}, types.Target{}, types.RetryPolicy{}, types.DeadLetterConfig{}, types.FlexibleTimeWindow{})); diff != "" {
		t.Errorf("schedule differs (-want +got):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	type in = awsscheduler.CreateScheduleInput
	tests := []struct {
		name  string
		spoil func(*in)
		kind  string
		says  string
	}{
		{"name", func(i *in) { i.Name = aws.String("a b") }, "ValidationException", "'Name' failed to satisfy constraint"},
		{"long name", func(i *in) { i.Name = aws.String(strings.Repeat("a", 65)) }, "ValidationException", "less than or equal to 64"},
		{"group that is not there", func(i *in) { i.GroupName = aws.String("other") }, "ResourceNotFoundException", "group other"},
		{"no expression", func(i *in) { i.ScheduleExpression = aws.String("tomorrow") }, "ValidationException", "tomorrow"},
		{"a moment with a zone", func(i *in) { i.ScheduleExpression = aws.String("at(2026-03-10T10:00:00Z)") }, "ValidationException", "Expression"},
		{"a day that does not exist", func(i *in) { i.ScheduleExpression = aws.String("at(2026-02-30T10:00:00)") }, "ValidationException", "Expression"},
		{"no rate", func(i *in) { i.ScheduleExpression = aws.String("rate(0 minutes)") }, "ValidationException", "Expression"},
		{"a rate in seconds", func(i *in) { i.ScheduleExpression = aws.String("rate(10 seconds)") }, "ValidationException", "Expression"},
		{"cron without a year", func(i *in) { i.ScheduleExpression = aws.String("cron(0 9 * * ?)") }, "ValidationException", "Expression"},
		{"cron with both days", func(i *in) { i.ScheduleExpression = aws.String("cron(0 9 * * * *)") }, "ValidationException", "Expression"},
		{"time zone", func(i *in) { i.ScheduleExpressionTimezone = aws.String("Mars/Olympus") }, "ValidationException", "Timezone Mars"},
		{"the machine's time zone", func(i *in) { i.ScheduleExpressionTimezone = aws.String("Local") }, "ValidationException", "Timezone Local"},
		{"state", func(i *in) { i.State = "PAUSED" }, "ValidationException", "[ENABLED, DISABLED]"},
		{"end before start", func(i *in) { i.EndDate = aws.Time(start) }, "ValidationException", "EndDate"},
		{"start too long ago", func(i *in) { i.StartDate = aws.Time(start.Add(-time.Hour)) }, "ValidationException", "StartDate"},
		{"window without a length", func(i *in) { i.FlexibleTimeWindow.Mode = "FLEXIBLE" }, "ValidationException", "MaximumWindow"},
		{"length without a window", func(i *in) { i.FlexibleTimeWindow.MaximumWindowInMinutes = aws.Int32(5) }, "ValidationException", "MaximumWindow"},
		{"target", func(i *in) { i.Target.Arn = aws.String("approval") }, "ValidationException", "Arn"},
		{"role", func(i *in) { i.Target.RoleArn = aws.String("alarms") }, "ValidationException", "Target.RoleArn"},
		{"another target", func(i *in) { i.Target.Arn = aws.String(queue) }, "NotImplementedException", "Lambda functions only"},
		{"input", func(i *in) { i.Target.Input = aws.String("{") }, "ValidationException", "JSON"},
		{"dead letters to a function", func(i *in) { i.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(function)} }, "ValidationException", "DeadLetterConfig.Arn"},
		{"too many tries", func(i *in) { i.Target.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(186)} }, "ValidationException", "185"},
		{"too short a life", func(i *in) { i.Target.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(59)} }, "ValidationException", "60"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := run(t)
			spoilt := input("x", sometime)
			tt.spoil(spoilt)
			_, err := w.client.CreateSchedule(t.Context(), spoilt)
			refused(t, err, tt.kind, tt.says)
			if names := w.names(t); len(names) != 0 {
				t.Errorf("made %q", names)
			}
		})
	}
}

func refused(t *testing.T, err error, kind, says string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != kind || !strings.Contains(api.ErrorMessage(), says) {
		t.Errorf("answered %v; want %s with %q", err, kind, says)
	}
}

func TestNameIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := run(t)
	w.create(t, input("x", sometime))
	_, err := w.client.CreateSchedule(t.Context(), input("x", sometime))
	refused(t, err, "ConflictException", "x already exists")
	other := input("x", sometime)
	other.GroupName = aws.String("g")
	if _, err := w.client.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String("g")}); err != nil {
		t.Fatal(err)
	}
	w.create(t, other)
}

// TestTokenOutlivesItsSchedule is the trap for those who derive their tokens
// from what they make.
func TestTokenOutlivesItsSchedule(t *testing.T) {
	t.Parallel()
	w := run(t)
	in := input("x", sometime)
	in.ClientToken = aws.String("again")
	w.create(t, in)
	w.create(t, in) // a repetition, not a conflict
	if _, err := w.client.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("x")}); err != nil {
		t.Fatal(err)
	}
	w.create(t, in)
	if names := w.names(t); len(names) != 0 {
		t.Errorf("made %q", names)
	}
	w.clock.Advance(5 * time.Minute)
	w.create(t, in)
	if names := w.names(t); len(names) != 1 {
		t.Errorf("made %q", names)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	w := run(t)
	_, get := w.client.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("x")})
	_, cut := w.client.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("x"), GroupName: aws.String("default")})
	made := input("x", sometime)
	_, put := w.client.UpdateSchedule(t.Context(), &awsscheduler.UpdateScheduleInput{
		Name: made.Name, ScheduleExpression: made.ScheduleExpression, FlexibleTimeWindow: made.FlexibleTimeWindow, Target: made.Target,
	})
	_, group := w.client.GetScheduleGroup(t.Context(), &awsscheduler.GetScheduleGroupInput{Name: aws.String("g")})
	for name, err := range map[string]error{"get": get, "delete": cut, "update": put, "group": group} {
		t.Run(name, func(t *testing.T) { refused(t, err, "ResourceNotFoundException", "does not exist") })
	}
	_, err := w.client.ListTagsForResource(t.Context(), &awsscheduler.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:scheduler:x")})
	refused(t, err, "UnknownOperationException", "does not offer")
}
