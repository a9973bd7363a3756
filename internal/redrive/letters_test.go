package redrive_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/redrive"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

// words are what nobody may be shown.
const (
	words  = "too risky before the holidays"
	answer = "https://hooks.slack.com/commands/T0/1/secret"
)

func TestVotesAreShownWithoutTheirWords(t *testing.T) {
	t.Parallel()
	o := open(t)
	cast, err := ballot.Encode(approval.Ballot{
		ID: "click-1", RequestID: "abcdefghijklmnopqrstuvwxyz", Verdict: approval.Reject, Reason: words,
		Door: approval.DoorSlack, SlackUser: "U0DANA00001", At: start,
	})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := ballot.EncodeInquiry(approval.Inquiry{ID: "q-1", Question: approval.List, SlackUser: "U0LEE000002", Reply: answer, At: start})
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{cast, asked, words} {
		o.park("group", body, nil)
	}
	q := redrive.Votes(o.api(), letters, queue)
	got, err := q.List(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range got {
		lines = append(lines, l.Kind+" "+l.About+" "+l.Left)
	}
	want := []string{
		"vote on request abcdefghijklmnopqrstuvwxyz by U0DANA00001 ", "question by U0LEE000002 in Slack ", "unknown no vote it cannot be read",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if r, err := q.Move(t.Context(), start, 0); err != nil || r.Moved != 2 || len(o.bodies()) != 1 {
		t.Errorf("%+v, %v, left %q", r, err, o.bodies())
	}
}

func sample(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile("../../events/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// failure is what Lambda parks about an event.
func failure(function, payload string) string {
	return fmt.Sprintf(`{"version":"1.0","requestContext":{"functionArn":"arn:aws:lambda:eu-west-1:111122223333:function:%s:$LATEST",`+
		`"condition":"RetriesExhausted"},"requestPayload":%s,"responsePayload":{"errorMessage":"xoxb-secret"}}`, function, payload)
}

func bound(function, code string) map[string]string {
	return map[string]string{
		"TARGET_ARN": "arn:aws:lambda:eu-west-1:111122223333:function:" + function, "ERROR_CODE": code,
		"RULE_ARN": "arn:aws:events:eu-west-1:111122223333:rule/r", "ERROR_MESSAGE": "xoxb-secret",
	}
}

// invoked are the payloads by function.
type invoked map[string][]string

func (i invoked) invoke(_ context.Context, in *lambda.InvokeInput, _ ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	if in.InvocationType != lambdatypes.InvocationTypeEvent {
		return nil, errors.New("it waits for the function")
	}
	i[*in.FunctionName] = append(i[*in.FunctionName], string(in.Payload))
	return &lambda.InvokeOutput{StatusCode: 202}, nil
}

func TestEventsGoToTheFunctionThatTheyWereFor(t *testing.T) {
	t.Parallel()
	o, got := open(t), invoked{}
	started, failed, sweep := sample(t, "approval-started"), sample(t, "codebuild-state-failed"), strings.Replace(sample(t, "reconcile-due"), event.ReconcileType, event.SweepType, 1)
	o.park("", started, bound("signalbox-approval", "NO_PERMISSIONS"))
	o.park("", failure("signalbox-notify", failed), nil)
	o.park("", failure("signalbox-deliver", sweep), nil)
	o.park("", sample(t, "reconcile-due"), bound("signalbox-approval", "THROTTLING"))
	o.park("", started, bound("payroll", "NO_PERMISSIONS"))
	o.park("", started, nil)
	o.park("", `{"requestContext":{"functionArn":"arn:aws:lambda:eu-west-1:111122223333:function:signalbox-notify"}}`, nil)
	o.park("", "<html>", bound("signalbox-notify", "X"))
	q := redrive.Events(o.api(), letters, got.invoke, "signalbox-approval", "signalbox-notify", "signalbox-deliver")

	listed, err := q.List(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range listed {
		lines = append(lines, l.About+" "+l.Left)
	}
	want := []string{
		"CodePipeline Action Execution State Change, orders-release / Approval / ApproveRelease, execution 7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f; for signalbox-approval, NO_PERMISSIONS ",
		"CodeBuild Build State Change, project orders-build; for signalbox-notify, RetriesExhausted ",
		"Signalbox Sweep; for signalbox-deliver, RetriesExhausted ",
		"Signalbox Reconcile; for signalbox-approval, THROTTLING ",
		"CodePipeline Action Execution State Change, orders-release / Approval / ApproveRelease, execution 7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f; for payroll, NO_PERMISSIONS it is not for a function of this stack",
		"CodePipeline Action Execution State Change, orders-release / Approval / ApproveRelease, execution 7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f; for an unknown function, for an unknown reason it is not for a function of this stack",
		"an event of an unknown kind; for signalbox-notify, for an unknown reason it cannot be read",
		"no event it cannot be read",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}

	r, err := q.Move(t.Context(), start, 0)
	if err != nil || r.Moved != 2 || r.Dropped != 2 || len(r.Left) != 4 || len(o.parked) != 4 || len(o.hidden()) > 0 {
		t.Errorf("%+v, %v, %d parked", r, err, len(o.parked))
	}
	if len(got) != 2 || !same(got["signalbox-approval"], started) || !same(got["signalbox-notify"], failed) {
		t.Errorf("invoked %v", got)
	}
}

func same(payloads []string, want string) bool {
	var a, b any
	return len(payloads) == 1 && json.Unmarshal([]byte(payloads[0]), &a) == nil && json.Unmarshal([]byte(want), &b) == nil && cmp.Equal(a, b)
}

func TestAnEventThatNoFunctionAcceptsStays(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.park("", sample(t, "approval-started"), bound("signalbox-approval", "NO_PERMISSIONS"))
	refuse := func(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
		return nil, errDown
	}
	r, err := redrive.Events(o.api(), letters, refuse, "signalbox-approval").Move(t.Context(), start.Add(time.Hour), 0)
	if !errors.Is(err, errDown) || r.Moved != 0 || len(o.parked) != 1 || len(o.hidden()) > 0 {
		t.Errorf("%+v, %v, %d parked", r, err, len(o.parked))
	}
}
