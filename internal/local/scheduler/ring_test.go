package scheduler_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/schedule"
)

// TestASteppedClockInvokesInOrder: whoever lets two days pass at once sees
// what would have come in those two days.
func TestASteppedClockInvokesInOrder(t *testing.T) {
	t.Parallel()
	w := run(t)
	w.create(t, input("b", "at(2026-03-11T09:00:00)"))
	w.create(t, input("c", "at(2026-03-12T08:00:00)"))
	w.create(t, input("a", "at(2026-03-10T09:00:01)"))
	w.create(t, input("later", "at(2026-03-13T09:00:00)"))
	w.clock.Advance(48 * time.Hour)
	w.invokes(t, "a 2026-03-10T09:00:01Z", "b 2026-03-11T09:00:00Z", "c 2026-03-12T08:00:00Z")
	w.until(t, "one to be left", func() bool { return len(w.names(t)) == 1 })
}

func TestOneTimeScheduleStaysUnlessItIsToBeDeleted(t *testing.T) {
	t.Parallel()
	w := run(t)
	in := input("kept", "at(2026-03-10T10:00:00)")
	in.ActionAfterCompletion = types.ActionAfterCompletionNone
	w.create(t, in)
	w.clock.Advance(72 * time.Hour)
	w.invokes(t, "kept 2026-03-10T10:00:00Z")
	if names := w.names(t); len(names) != 1 {
		t.Errorf("left are %q", names)
	}
}

// TestMoments lets two days pass, one minute after the other, over the night
// in which Berlin's clocks go forward, or back.
func TestMoments(t *testing.T) {
	t.Parallel()
	spring, autumn := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, expression, zone string
		from                   time.Time
		want                   []string
	}{
		{"one time in a zone, before", "at(2026-03-29T01:30:00)", "Europe/Berlin", spring, []string{"2026-03-29T00:30:00Z"}},
		{"one time in a zone, after", "at(2026-03-29T03:30:00)", "Europe/Berlin", spring, []string{"2026-03-29T01:30:00Z"}},
		{"cron in a zone", "cron(0 20 * * ? *)", "Europe/Berlin", spring, []string{"2026-03-28T19:00:00Z", "2026-03-29T18:00:00Z"}},
		{"cron in a skipped hour", "cron(30 2 * * ? *)", "Europe/Berlin", spring, []string{"2026-03-30T00:30:00Z"}},
		{"cron in a repeated hour", "cron(30 2 * * ? *)", "Europe/Berlin", autumn, []string{"2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"}},
		{"rate begins at once", "rate(1 day)", "Europe/Berlin", autumn, []string{"2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "2026-10-26T12:00:00Z"}},
		{"rate in hours", "rate(20 hours)", "", spring, []string{"2026-03-28T12:00:00Z", "2026-03-29T08:00:00Z", "2026-03-30T04:00:00Z"}},
		{"the past is now", "at(2020-01-01T00:00:00)", "", spring, []string{"2020-01-01T00:00:00Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := run(t)
			w.clock.Advance(tt.from.Sub(start))
			in := input("x", tt.expression)
			if tt.zone != "" {
				in.ScheduleExpressionTimezone = aws.String(tt.zone)
			}
			w.create(t, in)
			for range 48 * 60 {
				w.clock.Advance(time.Minute)
				due := due(tt.want, w.clock.Now())
				w.until(t, "an invocation", func() bool { return len(w.invoked) >= due })
			}
			var want []string
			for _, at := range tt.want {
				want = append(want, "x "+at)
			}
			w.invokes(t, want...)
		})
	}
}

// due is how many of the moments have come.
func due(moments []string, now time.Time) int {
	n := 0
	for _, m := range moments {
		if at, err := time.Parse(time.RFC3339, m); err == nil && !at.After(now) {
			n++
		}
	}
	return n
}

// TestRecurringScheduleEndsWhenItIsTold, and starts.
func TestRecurringScheduleEndsWhenItIsTold(t *testing.T) {
	t.Parallel()
	w := run(t)
	in := input("x", "rate(1 hour)")
	in.StartDate, in.EndDate = aws.Time(start.Add(30*time.Minute)), aws.Time(start.Add(2*time.Hour))
	w.create(t, in)
	moments := []string{"x 2026-03-10T09:30:00Z", "x 2026-03-10T10:30:00Z"}
	for _, invoked := range []int{0, 1, 2, 2} {
		w.invokes(t, moments[:invoked]...)
		w.clock.Advance(time.Hour)
	}
	w.gone(t)
}

// TestRecurringScheduleDoesNotFloodAfterAStep: only what nobody has begun to
// hand over is left out, and the latest is never.
func TestRecurringScheduleDoesNotFloodAfterAStep(t *testing.T) {
	t.Parallel()
	w := run(t)
	w.tardy, w.begun = make(chan struct{}), make(chan struct{}, 100)
	w.create(t, input("x", "rate(5 minutes)"))
	w.create(t, input("alarm", "at(2026-03-10T10:02:00)"))
	w.clock.Advance(0)
	<-w.begun
	w.clock.Advance(36 * time.Hour)
	close(w.tardy)
	w.invokes(t, "x 2026-03-10T09:00:00Z", "alarm 2026-03-10T10:02:00Z", "x 2026-03-11T21:00:00Z")
}

func TestClearedAndChangedSchedulesStaySilent(t *testing.T) {
	t.Parallel()
	w := run(t)
	for _, name := range []string{"cleared", "off", "moved"} {
		w.create(t, input(name, "at(2026-03-10T10:00:00)"))
	}
	if _, err := w.client.DeleteSchedule(t.Context(), &awsscheduler.DeleteScheduleInput{Name: aws.String("cleared")}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*awsscheduler.UpdateScheduleInput){
		"off": func(in *awsscheduler.UpdateScheduleInput) { in.State = types.ScheduleStateDisabled },
		"moved": func(in *awsscheduler.UpdateScheduleInput) {
			in.ScheduleExpression = aws.String("at(2026-03-10T11:00:00)")
		},
	} {
		made := input(name, "at(2026-03-10T10:00:00)")
		in := &awsscheduler.UpdateScheduleInput{
			Name: made.Name, ScheduleExpression: made.ScheduleExpression, FlexibleTimeWindow: made.FlexibleTimeWindow, Target: made.Target,
		}
		change(in)
		if _, err := w.client.UpdateSchedule(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Advance(3 * time.Hour)
	w.invokes(t, "moved 2026-03-10T11:00:00Z")
}

// TestAlarmsRing is Signalbox on this Scheduler: what internal/schedule sets
// arrives as internal/event reads it.
func TestAlarmsRing(t *testing.T) {
	t.Parallel()
	w := run(t)
	if _, err := w.client.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String("signalbox")}); err != nil {
		t.Fatal(err)
	}
	alarms, err := schedule.New(schedule.CallsOf(w.client), schedule.Target{Group: "signalbox", FunctionARN: function, RoleARN: role}, w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	const request = "abcdefghijklmnopqrstuvwxyz"
	soon := start.Add(30*time.Minute + time.Millisecond)
	set := func(at time.Time) {
		t.Helper()
		if err := alarms.Set(t.Context(), request, at); err != nil {
			t.Fatal(err)
		}
	}
	set(soon)
	set(soon)
	set(start.Add(-time.Hour))
	set(start.Add(time.Hour))
	for range 2 {
		if err := alarms.Clear(t.Context(), request, start.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Advance(24 * time.Hour)
	w.until(t, "two alarms", func() bool { return len(w.invoked) == 2 })
	for i, want := range []time.Time{start.Add(time.Minute), soon.Truncate(time.Second).Add(time.Second)} {
		ev, err := event.Parse([]byte(w.invoked[i]))
		alarm, ok := ev.(event.AlarmRang)
		if err != nil || !ok || alarm.Request != request || !alarm.Time.Equal(want) || alarm.Account != account || alarm.ID == "" {
			t.Errorf("heard %+v (err %v), want the time %s", ev, err, want)
		}
	}
	w.gone(t)
}
