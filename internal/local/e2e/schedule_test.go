package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/signalbox/signalbox/internal/local/stack"
)

// A planned is a schedule as the console lists it.
type planned struct {
	Name, Group, At, Target string
	Lost                    bool
}

func plannedAs(t *testing.T, s *system, name string) (planned, bool) {
	t.Helper()
	all := list[[]planned](t, s, "/local/schedules")
	i := slices.IndexFunc(all, func(p planned) bool { return p.Name == name })
	if i < 0 {
		return planned{}, false
	}
	return all[i], true
}

// The reconciler of the template runs on CodePipeline's clock, and not a
// second time on that of the local AWS.
func TestScheduleOfTheTemplateFollowsTheClock(t *testing.T) {
	t.Parallel()
	s := world(t)
	got, found := plannedAs(t, s, "reconcile")
	if !found || got.Group != stack.Name || got.At == "" || !strings.HasSuffix(got.Target, ":function:"+stack.Name+"-approval") {
		t.Errorf("the reconciler is planned as %+v (%v)", got, found)
	}
	left, err := scheduler.NewFromConfig(s.Stack.AWS()).GetSchedule(t.Context(),
		&scheduler.GetScheduleInput{Name: aws.String("reconcile"), GroupName: aws.String(stack.Name)})
	if err != nil || left.State != types.ScheduleStateDisabled {
		t.Errorf("the local AWS still runs it: %+v (err %v)", left, err)
	}
}

// Any client of Scheduler finds the stand-in by local.env, and people can lose
// what it has planned.
func TestScheduleIsPlannedAndLost(t *testing.T) {
	t.Parallel()
	s := world(t)
	client := scheduler.NewFromConfig(s.Stack.AWS(), func(o *scheduler.Options) {
		o.BaseEndpoint = aws.String(s.env["AWS_ENDPOINT_URL_SCHEDULER"])
	})
	reconcile, _ := plannedAs(t, s, "reconcile")
	name, group := aws.String("e2e-lost"), aws.String(stack.Name)
	if _, err := client.CreateSchedule(t.Context(), &scheduler.CreateScheduleInput{
		Name: name, GroupName: group, ScheduleExpression: aws.String("at(2199-01-01T09:00:00)"),
		ScheduleExpressionTimezone: aws.String("Europe/Berlin"), FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{Arn: aws.String(reconcile.Target), RoleArn: aws.String("arn:aws:iam::" + s.Stack.Account + ":role/any")},
	}); err != nil {
		t.Fatal(err)
	}
	tell[[]planned](t, s, "/local/schedules/e2e-lost/lose", nil, http.StatusOK)
	want := planned{Name: *name, Group: *group, At: "2199-01-01T08:00:00Z", Target: reconcile.Target, Lost: true}
	if got, _ := plannedAs(t, s, *name); got != want {
		t.Errorf("planned is %+v, want %+v", got, want)
	}
	if _, err := client.DeleteSchedule(t.Context(), &scheduler.DeleteScheduleInput{Name: name, GroupName: group}); err != nil {
		t.Fatal(err)
	}
	if got, found := plannedAs(t, s, *name); found {
		t.Errorf("still planned: %+v", got)
	}
}
