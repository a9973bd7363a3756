// Package schedule sets alarms: at its moment, an alarm wakes a function with
// an event.AlarmRang that names a request. Each alarm is one one-time schedule
// of EventBridge Scheduler, which deletes itself once it has rung.
//
// It does not know what an alarm is for. An alarm is a hint, like every event:
// it rings up to a minute late, sometimes twice, sometimes after it has been
// cleared, and perhaps never. Whoever hears it looks at what is stored and at
// the clock, and what never rang is found by reconciling.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/signalbox/signalbox/internal/event"
)

const (
	// callTimeout bounds one call with its repetitions. A request that cannot
	// get its alarm must not take the time that telling people needs.
	callTimeout = 3 * time.Second
	// soonest is how far ahead of now an alarm is set at least. Scheduler rings
	// within the minute of the moment, and does not say what becomes of a
	// moment that has passed (user guide, "Schedule types").
	soonest = time.Minute
	// maxAttempts and maxAge are how often and for how long Scheduler tries to
	// hand an alarm over. The former is its limit, the latter is ours: what
	// could not be handed over for an hour, the reconciler has long seen to,
	// and an operator should know.
	maxAttempts = 185
	maxAge      = time.Hour
	// atLayout is how a one-time expression spells a moment. Its time zone is a
	// field of its own.
	atLayout = "at(2006-01-02T15:04:05)"
)

// Calls are the calls of Scheduler that an Alarms makes. See
// docs/decisions/0009-calls-not-clients.md.
type Calls struct {
	CreateSchedule func(context.Context, *scheduler.CreateScheduleInput, ...func(*scheduler.Options)) (*scheduler.CreateScheduleOutput, error)
	DeleteSchedule func(context.Context, *scheduler.DeleteScheduleInput, ...func(*scheduler.Options)) (*scheduler.DeleteScheduleOutput, error)
}

// CallsOf are the calls of c.
func CallsOf(c *scheduler.Client) Calls {
	return Calls{CreateSchedule: c.CreateSchedule, DeleteSchedule: c.DeleteSchedule}
}

// A Target is what alarms wake. All but DeadLetterARN is required.
type Target struct {
	// Group is the name of the schedule group that alarms are kept in.
	Group string
	// FunctionARN is the function to wake. Alarms say that they come from its
	// account and Region.
	FunctionARN string
	// RoleARN is the role in which Scheduler may invoke the function.
	RoleARN string
	// DeadLetterARN is the SQS queue for alarms that could not be handed over.
	DeadLetterARN string
}

// Alarms sets and clears alarms. It is safe for concurrent use.
type Alarms struct {
	calls           Calls
	target          Target
	account, region string
	now             func() time.Time
}

// New returns the alarms that wake target. It fails only on a FunctionARN that
// is none.
func New(calls Calls, target Target, now func() time.Time) (*Alarms, error) {
	function, err := arn.Parse(target.FunctionARN)
	if err != nil || function.AccountID == "" || function.Region == "" {
		return nil, fmt.Errorf("%q is not the ARN of a function to wake", target.FunctionARN)
	}
	return &Alarms{calls: calls, target: target, account: function.AccountID, region: function.Region, now: now}, nil
}

// Set has the function woken for a request at a moment, rounded up to a second:
// woken too early, it would find nothing due. A moment that has passed, or
// comes within a minute, is woken for in a minute.
//
// Setting the same alarm again changes nothing while it is set, so a caller
// that does not know whether it has set one sets it again. The one exception: an
// alarm that is ringing at this moment counts as set, and is then gone. Whoever
// hears an alarm must therefore set a later one.
func (a *Alarms) Set(ctx context.Context, request string, at time.Time) error {
	input, err := event.AlarmInput(a.account, a.region, request)
	if err != nil {
		return fmt.Errorf("encode the alarm of request %s: %w", request, err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	// There is no ClientToken of ours: Scheduler would take a second Set after
	// a Clear for a repetition of the first, and do nothing. The name makes a
	// repetition harmless; the SDK's own token covers the SDK's repetitions.
	_, err = a.calls.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		Name: name(request, at), GroupName: aws.String(a.target.Group),
		ScheduleExpression:         aws.String(a.moment(at).UTC().Format(atLayout)),
		ScheduleExpressionTimezone: aws.String("UTC"),
		FlexibleTimeWindow:         &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		ActionAfterCompletion:      types.ActionAfterCompletionDelete,
		Target:                     a.invocation(input),
	})
	var exists *types.ConflictException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("set the alarm of request %s: %w", request, err)
	}
	return nil
}

// invocation is the target of a schedule that hands input to the function.
func (a *Alarms) invocation(input string) *types.Target {
	t := &types.Target{
		Arn: aws.String(a.target.FunctionARN), RoleArn: aws.String(a.target.RoleARN), Input: aws.String(input),
		RetryPolicy: &types.RetryPolicy{
			MaximumRetryAttempts:     aws.Int32(maxAttempts),
			MaximumEventAgeInSeconds: aws.Int32(int32(maxAge.Seconds())),
		},
	}
	if a.target.DeadLetterARN != "" {
		t.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(a.target.DeadLetterARN)}
	}
	return t
}

// Clear takes back what Set has set for the same request and moment. An alarm
// that has rung, or never was, is cleared already.
func (a *Alarms) Clear(ctx context.Context, request string, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := a.calls.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: name(request, at), GroupName: aws.String(a.target.Group)})
	var gone *types.ResourceNotFoundException
	if err != nil && !errors.As(err, &gone) {
		return fmt.Errorf("clear the alarm of request %s: %w", request, err)
	}
	return nil
}

// moment is when an alarm for at is to ring.
func (a *Alarms) moment(at time.Time) time.Time {
	if earliest := a.now().Add(soonest); at.Before(earliest) {
		at = earliest
	}
	return ceil(at)
}

// name is the same for the same alarm, also for one whose moment has passed. A
// request id of 26 characters makes it 37; Scheduler allows 64.
func name(request string, at time.Time) *string {
	return aws.String(request + "-" + strconv.FormatInt(ceil(at).Unix(), 10))
}

// ceil is t, rounded up to a whole second.
func ceil(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); whole.Before(t) {
		return whole.Add(time.Second)
	}
	return t
}
