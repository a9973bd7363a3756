package scheduler

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// adopted marks, in its description, a schedule of another Scheduler that runs
// here, so that it is known again after that one has been used twice.
const adopted = "[runs in the stand-in] "

// Adopt takes over a group of another Scheduler and the schedules in it: what a
// template has deployed on the local AWS, which knows only the real time. There
// the schedules stay, so that the stack can be deleted, and are switched off.
func (s *Service) Adopt(ctx context.Context, other *awsscheduler.Client, group string) error {
	s.mu.Lock()
	s.addGroup(group)
	s.mu.Unlock()
	pages := awsscheduler.NewListSchedulesPaginator(other, &awsscheduler.ListSchedulesInput{GroupName: aws.String(group)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the schedules to adopt: %w", err)
		}
		for _, x := range page.Schedules {
			if err := s.adopt(ctx, other, x); err != nil {
				return fmt.Errorf("adopt the schedule %s: %w", aws.ToString(x.Name), err)
			}
		}
	}
	return nil
}

func (s *Service) adopt(ctx context.Context, other *awsscheduler.Client, found types.ScheduleSummary) error {
	x, err := other.GetSchedule(ctx, &awsscheduler.GetScheduleInput{Name: found.Name, GroupName: found.GroupName})
	if err != nil {
		return err
	}
	description, again := strings.CutPrefix(aws.ToString(x.Description), adopted)
	switch {
	case again:
		x.State = types.ScheduleStateEnabled
	case x.State == types.ScheduleStateEnabled:
		if err := switchOff(ctx, other, *x); err != nil { // there before on here: nothing runs twice
			return fmt.Errorf("switch it off: %w", err)
		}
	}
	x.Description = aws.String(description)
	return s.create(*x)
}

// switchOff disables x where it was found.
func switchOff(ctx context.Context, other *awsscheduler.Client, x awsscheduler.GetScheduleOutput) error {
	_, err := other.UpdateSchedule(ctx, &awsscheduler.UpdateScheduleInput{
		Name: x.Name, GroupName: x.GroupName, State: types.ScheduleStateDisabled,
		Description:        aws.String(adopted + aws.ToString(x.Description)),
		ScheduleExpression: x.ScheduleExpression, ScheduleExpressionTimezone: x.ScheduleExpressionTimezone,
		StartDate: x.StartDate, EndDate: x.EndDate, FlexibleTimeWindow: x.FlexibleTimeWindow, Target: x.Target,
		ActionAfterCompletion: x.ActionAfterCompletion, KmsKeyArn: x.KmsKeyArn,
	})
	return err
}

// create makes a schedule like x, under the same rules as any other, that
// begins now.
func (s *Service) create(x awsscheduler.GetScheduleOutput) error {
	var in createInput
	raw, err := json.Marshal(struct { // the SDK's names are those of the API
		FlexibleTimeWindow *types.FlexibleTimeWindow
		Target             *types.Target
	}{x.FlexibleTimeWindow, x.Target})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	in.Name, in.GroupName, in.Description = aws.ToString(x.Name), aws.ToString(x.GroupName), aws.ToString(x.Description)
	in.ScheduleExpression, in.ScheduleExpressionTimezone = aws.ToString(x.ScheduleExpression), aws.ToString(x.ScheduleExpressionTimezone)
	in.State, in.ActionAfterCompletion = string(x.State), string(x.ActionAfterCompletion)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = s.createSchedule(in)
	return err
}
