package scheduler

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// executionID is unique for each try, as in d32c5kddcf5bb8c3.
func executionID() string { return strings.ToLower(rand.Text()[:16]) }

// payload is what the target is given: its input, with the words in it that
// Scheduler replaces, or a notice in the form of an event.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
func (i invocation) payload(o Options, id string) []byte {
	if i.target.Input == "" {
		return i.notice(o, id)
	}
	return []byte(strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", i.arn,
		"<aws.scheduler.scheduled-time>", i.at.Format(time.RFC3339),
		"<aws.scheduler.execution-id>", id,
		"<aws.scheduler.attempt-number>", strconv.Itoa(i.tries+1),
	).Replace(i.target.Input))
}

// notice is what a target without input is given.
func (i invocation) notice(o Options, id string) []byte {
	raw, _ := json.Marshal(struct { // strings only: it cannot fail
		Version    string   `json:"version"`
		ID         string   `json:"id"`
		DetailType string   `json:"detail-type"`
		Source     string   `json:"source"`
		Account    string   `json:"account"`
		Time       string   `json:"time"`
		Region     string   `json:"region"`
		Resources  []string `json:"resources"`
		Detail     string   `json:"detail"`
	}{"0", id, "Scheduled Event", "aws.scheduler", o.Account, i.at.Format(time.RFC3339), o.Region, []string{i.arn}, "{}"})
	return raw
}

// park puts what could not be handed over on the schedule's dead-letter queue.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (d *desk) park(i invocation, id, payload, why string, err error) {
	if i.target.DeadLetterConfig == nil || i.target.DeadLetterConfig.Arn == "" {
		return
	}
	code := "AWS.Lambda.ServiceException"
	if errors.Is(err, ErrNoFunction) {
		code = "AWS.Lambda.ResourceNotFoundException"
	}
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	err = d.opts.Queues.Send(ctx, i.target.DeadLetterConfig.Arn, payload, map[string]string{
		"ERROR_CODE": code, "ERROR_MESSAGE": err.Error(), "EXECUTION_ID": id, "EXHAUSTED_RETRY_CONDITION": why,
		"IS_PAYLOAD_TRUNCATED": "false", "RETRY_ATTEMPTS": strconv.Itoa(i.tries - 1),
		"SCHEDULED_TIME": i.at.Format(time.RFC3339), "SCHEDULE_ARN": i.arn, "TARGET_ARN": i.target.Arn,
	})
	if err != nil {
		d.opts.Log.Error("a dead letter of a schedule is lost", "schedule", i.arn, "err", err)
	}
}
