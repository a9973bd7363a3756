package deployment_test

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/signalbox/signalbox/internal/event"
)

const (
	aSchedule = "AWS::Scheduler::Schedule"
	scheduler = "scheduler.amazonaws.com"
)

// schedulesPark: Scheduler gives up what it cannot deliver, silently where it
// has no dead-letter queue. It does everything under the role that it is
// handed, so that one is for this and nothing else.
func schedulesPark(t template) []string {
	var found []string
	for _, id := range t.resources(aSchedule) {
		to := t.of(id, "Target")
		queue, function, role := target(at(to, "DeadLetterConfig", "Arn")), target(at(to, "Arn")), target(at(to, "RoleArn"))
		if !slices.Contains(t.resources(aQueue), queue) {
			found = append(found, id+": has no dead-letter queue of ours")
		}
		if number(at(to, "RetryPolicy", "MaximumRetryAttempts")) < 1 {
			found = append(found, id+": does not try again")
		}
		want := []string{"lambda:InvokeFunction on " + t.arnOf(function), "sqs:SendMessage on " + queue}
		if got := t.allowed(role); !slices.Equal(got, want) {
			found = append(found, fmt.Sprintf("%s: its role allows %v, not %v", id, got, want))
		}
		if !t.trustsSchedules(role, target(t.of(id, "GroupName"))) {
			found = append(found, id+": its role is not for the schedules of its group alone")
		}
		variables := t.environment(function)
		if target(variables["FUNCTION_ARN"]) != t.arnOf(function) {
			found = append(found, id+": "+function+" takes itself for another function")
		}
		if variables["SCHEDULE_GROUP"] != nil &&
			(target(variables["SCHEDULE_ROLE_ARN"]) != role || target(variables["SCHEDULE_GROUP"]) != target(t.of(id, "GroupName"))) {
			found = append(found, id+": the schedules that "+function+" makes have another group or role")
		}
	}
	return found
}

// arnOf spells the ARN of a function out, as it must be where !GetAtt would go
// round in a circle.
func (t template) arnOf(function string) string {
	return "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:" + target(t.of(function, "FunctionName"))
}

// trustsSchedules reports whether a role may be assumed for the schedules of
// one group of this account, and for nothing else.
func (t template) trustsSchedules(role, group string) bool {
	statements := list(t.of(role, "AssumeRolePolicyDocument", "Statement"))
	if len(statements) != 1 || at(statements[0], "Principal", "Service") != scheduler {
		return false
	}
	only := at(statements[0], "Condition", "StringEquals")
	return target(at(only, "aws:SourceAccount")) == "AWS::AccountId" && target(at(only, "aws:SourceArn")) == group &&
		slices.Contains(t.resources("AWS::Scheduler::ScheduleGroup"), group)
}

// due are the events that the schedules mean.
var due = map[string]event.Event{"ReconcileSchedule": event.ReconcileDue{}, "SweepSchedule": event.SweepDue{}}

// schedulesSpeak: what a schedule sends is read as the event that it means.
func schedulesSpeak(t template) []string {
	var found []string
	filled := strings.NewReplacer(
		"<aws.scheduler.execution-id>", "d32c5kddcf5bb8c3", "<aws.scheduler.scheduled-time>", "2026-03-10T12:22:00Z",
		"${AWS::AccountId}", "111122223333", "${AWS::Region}", "eu-west-1",
	)
	for _, id := range t.resources(aSchedule) {
		e, err := event.Parse([]byte(filled.Replace(target(t.of(id, "Target", "Input")))))
		if err != nil {
			found = append(found, fmt.Sprintf("%s: its event cannot be read: %v", id, err))
		} else if m := e.About(); reflect.TypeOf(e) != reflect.TypeOf(due[id]) || m.Account == "" || m.Region == "" || m.Time.IsZero() {
			found = append(found, fmt.Sprintf("%s: sends a %T, which is not complete or not what is due", id, e))
		}
	}
	return found
}

// schedulesAreOutOfReach: the function that sets and clears alarms may not
// clear what watches over it.
func schedulesAreOutOfReach(t template) []string {
	var found []string
	for _, role := range t.resources(aRole) {
		for _, s := range t.statements(role) {
			for _, resource := range targets(at(s, "Resource")) {
				_, pattern, ok := strings.Cut(resource, ":schedule/")
				for _, id := range t.resources(aSchedule) {
					name := "${" + target(t.of(id, "GroupName")) + "}/" + target(t.of(id, "Name"))
					if matched, err := path.Match(pattern, name); ok && (matched || err != nil) {
						found = append(found, fmt.Sprintf("%s: %v reaches %s itself", role, at(s, "Sid"), id))
					}
				}
			}
		}
	}
	return found
}

// rolesAreLentNarrowly: who may pass a role on may do whatever the role allows,
// through any service that takes it.
func rolesAreLentNarrowly(t template) []string {
	var found []string
	for _, id := range t.resources(aRole) {
		for _, s := range t.statements(id) {
			if !slices.Contains(words(at(s, "Action")), "iam:PassRole") {
				continue
			}
			service := at(s, "Condition", "StringEquals", "iam:PassedToService")
			for _, role := range targets(at(s, "Resource")) {
				if service == nil || t.of(role, "AssumeRolePolicyDocument", "Statement", "0", "Principal", "Service") != service {
					found = append(found, fmt.Sprintf("%s: %v lends %s to anybody", id, at(s, "Sid"), role))
				}
			}
		}
	}
	return found
}

// ownMetricsAreWritten: they are lines of the log, of level INFO. A level above
// would silence the alarms that watch them, or set off the one that listens for
// silence.
func ownMetricsAreWritten(t template) []string {
	var found []string
	for _, id := range t.resources(anAlarm) {
		if t.of(id, "Namespace") != "Signalbox" {
			continue
		}
		for _, level := range words(at(t.mapping, "Parameters", "LogLevel", "AllowedValues")) {
			if level != "DEBUG" && level != "INFO" {
				found = append(found, id+": hears nothing when LogLevel is "+level)
			}
		}
	}
	return found
}
