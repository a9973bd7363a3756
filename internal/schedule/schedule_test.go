package schedule_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/schedule"
)

const (
	request  = "abcdefghijklmnopqrstuvwxyz"
	function = "arn:aws:lambda:eu-west-1:111122223333:function:signalbox-approval"
)

var (
	now    = time.Date(2026, 3, 10, 9, 58, 30, 500e6, time.UTC)
	target = schedule.Target{
		Group: "signalbox", FunctionARN: function, RoleARN: "arn:aws:iam::111122223333:role/signalbox-alarms",
		DeadLetterARN: "arn:aws:sqs:eu-west-1:111122223333:signalbox-dead-letters",
	}
)

func alarms(t *testing.T, calls schedule.Calls, to schedule.Target) *schedule.Alarms {
	t.Helper()
	a, err := schedule.New(calls, to, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAlarmIsAOneTimeSchedule(t *testing.T) {
	t.Parallel()
	s := serve(t)
	at := time.Date(2026, 3, 29, 3, 0, 0, 0, time.FixedZone("", 7200)) // the night of daylight saving: Scheduler gets UTC
	if err := alarms(t, s.calls(t), target).Set(t.Context(), request, at); err != nil {
		t.Fatal(err)
	}
	if got, want := s.lines[0], "POST /schedules/"+request+"-1774746000"; got != want {
		t.Errorf("called %s, want %s", got, want)
	}
	got := s.bodies[0]
	if token, ok := got["ClientToken"].(string); !ok || token == "" {
		t.Error("the SDK could not repeat this call: it has no token")
	}
	delete(got, "ClientToken")
	want := object{
		"GroupName": "signalbox", "ScheduleExpression": "at(2026-03-29T01:00:00)", "ScheduleExpressionTimezone": "UTC",
		"FlexibleTimeWindow": object{"Mode": "OFF"}, "ActionAfterCompletion": "DELETE",
		"Target": object{
			"Arn": function, "RoleArn": "arn:aws:iam::111122223333:role/signalbox-alarms",
			"DeadLetterConfig": object{"Arn": "arn:aws:sqs:eu-west-1:111122223333:signalbox-dead-letters"},
			"RetryPolicy":      object{"MaximumRetryAttempts": 185.0, "MaximumEventAgeInSeconds": 3600.0},
			"Input": `{"version":"0","id":"<aws.scheduler.execution-id>","source":"signalbox","detail-type":"Signalbox Alarm",` +
				`"account":"111122223333","region":"eu-west-1","time":"<aws.scheduler.scheduled-time>","resources":[],` +
				`"detail":{"request":"` + request + `"}}`,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schedule differs (-want +got):\n%s", diff)
	}
}

// TestAlarmNeverRingsTooEarly: an alarm that rings before its moment finds
// nothing to do, and does not ring again.
func TestAlarmNeverRingsTooEarly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		at       time.Time
		schedule string // the number in its name
		moment   string
	}{
		{"a fraction is rounded up", now.Add(time.Hour), "1773140311", "at(2026-03-10T10:58:31)"},
		{"a whole second stays", now.Add(time.Hour).Truncate(time.Second), "1773140310", "at(2026-03-10T10:58:30)"},
		{"the past rings in a minute, under its own name", now.Add(-48 * time.Hour), "1772963911", "at(2026-03-10T09:59:31)"},
		{"now rings in a minute", now, "1773136711", "at(2026-03-10T09:59:31)"},
		{"the next second rings in a minute", now.Add(time.Second), "1773136712", "at(2026-03-10T09:59:31)"},
		{"before 1970", time.Unix(-2, 500e6), "-1", "at(2026-03-10T09:59:31)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			if err := alarms(t, s.calls(t), target).Set(t.Context(), request, tt.at); err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimPrefix(s.lines[0], "POST /schedules/"+request+"-"); got != tt.schedule {
				t.Errorf("named %s, want %s", got, tt.schedule)
			}
			if got := s.bodies[0]["ScheduleExpression"]; got != tt.moment {
				t.Errorf("rings %s, want %s", got, tt.moment)
			}
		})
	}
}

func TestClearTakesBackWhatWasSet(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{now.Add(time.Hour), now.Add(-time.Hour)} {
		s := serve(t)
		a := alarms(t, s.calls(t), target)
		if err := a.Set(t.Context(), request, at); err != nil {
			t.Fatal(err)
		}
		if err := a.Clear(t.Context(), request, at); err != nil {
			t.Fatal(err)
		}
		set, cleared := s.lines[0], s.lines[1]
		path, query, _ := strings.Cut(strings.TrimPrefix(cleared, "DELETE "), "?")
		if path != strings.TrimPrefix(set, "POST ") || !strings.Contains(query, "groupName=signalbox") {
			t.Errorf("set by %s, cleared by %s", set, cleared)
		}
	}
}

// TestSettingAgainIsNotTakenForARepetition: with the same ClientToken,
// Scheduler would not make what has been cleared in between.
func TestSettingAgainIsNotTakenForARepetition(t *testing.T) {
	t.Parallel()
	s := serve(t)
	a := alarms(t, s.calls(t), target)
	for range 2 {
		if err := a.Set(t.Context(), request, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if s.bodies[0]["ClientToken"] == s.bodies[1]["ClientToken"] {
		t.Error("both have the same token")
	}
}

func TestDeadLetterQueueIsOptional(t *testing.T) {
	t.Parallel()
	s := serve(t)
	plain := target
	plain.DeadLetterARN = ""
	if err := alarms(t, s.calls(t), plain).Set(t.Context(), request, now); err != nil {
		t.Fatal(err)
	}
	if to, _ := s.bodies[0]["Target"].(object); to == nil || to["DeadLetterConfig"] != nil {
		t.Errorf("target is %v", to)
	}
}

func TestTargetMustBeAFunction(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"", "signalbox-approval", "arn:aws:lambda", "arn:aws:s3:::bucket"} {
		if _, err := schedule.New(schedule.Calls{}, schedule.Target{FunctionARN: wrong}, time.Now); err == nil {
			t.Errorf("%q is taken for the ARN of a function", wrong)
		}
	}
}

// TestHostileRequestIDStaysInItsPlace: ids are ours, yet one that is not would
// neither reach another resource nor break the event.
func TestHostileRequestIDStaysInItsPlace(t *testing.T) {
	t.Parallel()
	s := serve(t)
	hostile := `../x","a":"<!channel></script>`
	if err := alarms(t, s.calls(t), target).Set(t.Context(), hostile, now); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.lines[0], "POST /schedules/..%2Fx%22") {
		t.Errorf("called %s", s.lines[0])
	}
	var in struct{ Detail struct{ Request string } }
	to, _ := s.bodies[0]["Target"].(object)
	text, _ := to["Input"].(string)
	if err := json.Unmarshal([]byte(text), &in); err != nil || in.Detail.Request != hostile {
		t.Errorf("input %s reads as %q (err %v)", text, in.Detail.Request, err)
	}
}

// hang is a call that never answers.
func hang[I, O any](ctx context.Context, _ *I, _ ...func(*scheduler.Options)) (*O, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
