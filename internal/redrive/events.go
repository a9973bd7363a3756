package redrive

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/signalbox/signalbox/internal/event"
)

// An Invoke is the method Invoke of a client of Lambda.
type Invoke func(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)

// Events is the dead-letter queue of the events that could not be handled by
// functions, which are those of the stack by their names. An event is handed out
// by invoking the function that it was for, which does not wait for its end: who
// fails again puts it back.
func Events(api Calls, deadLetters string, invoke Invoke, functions ...string) *Queue {
	return &Queue{
		Name: "events", url: deadLetters, api: api,
		read: func(m types.Message) parcel { return parked(m, functions) },
		hand: func(ctx context.Context, p parcel) error {
			_, err := invoke(ctx, &lambda.InvokeInput{
				FunctionName: aws.String(p.function), InvocationType: lambdatypes.InvocationTypeEvent, Payload: p.payload,
			})
			return err
		},
	}
}

// A record is what Lambda parks after a function has failed: the event with why.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
type record struct {
	Context *struct {
		Function  string `json:"functionArn"`
		Condition string `json:"condition"`
	} `json:"requestContext"`
	Payload json.RawMessage `json:"requestPayload"`
}

// parked reads what EventBridge, Scheduler or Lambda has parked: the first two
// the bare event, with the rest in attributes.
func parked(m types.Message, functions []string) parcel {
	body := []byte(aws.ToString(m.Body))
	var r record
	if err := json.Unmarshal(body, &r); err != nil {
		return parcel{Letter: Letter{Kind: "unknown", About: "no event", Left: unreadable}}
	}
	function, why, payload := attribute(m, "TARGET_ARN"), attribute(m, "ERROR_CODE"), body
	if r.Context != nil {
		function, why, payload = r.Context.Function, r.Context.Condition, r.Payload
	}
	p := parcel{function: nameOf(function), payload: payload}
	p.Kind, p.About, p.Stale = "event", about(payload), recurs(payload)
	p.About += fmt.Sprintf("; for %s, %s", cmp.Or(p.function, "an unknown function"), cmp.Or(why, "for an unknown reason"))
	switch {
	case !json.Valid(payload):
		p.Left = unreadable
	case !slices.Contains(functions, p.function):
		p.Left = "it is not for a function of this stack"
	}
	return p
}

func attribute(m types.Message, name string) string {
	return aws.ToString(m.MessageAttributes[name].StringValue)
}

// nameOf is the name of a function in its ARN, which may have a version behind
// it: arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION.
func nameOf(function string) string {
	parts := strings.Split(function, ":")
	if len(parts) < 7 || parts[2] != "lambda" || parts[5] != "function" {
		return ""
	}
	return parts[6]
}

// recurs reports whether an event is one of those that our schedules send all
// the time: the next has done its work since.
func recurs(payload []byte) bool {
	e, err := event.Parse(payload)
	if err != nil {
		return false
	}
	_, reconcile := e.(event.ReconcileDue)
	_, sweep := e.(event.SweepDue)
	return reconcile || sweep
}

// about says what an event is about, by its names alone.
func about(payload []byte) string {
	var e struct {
		Type   string `json:"detail-type"`
		Detail struct {
			Pipeline  string `json:"pipeline"`
			Stage     string `json:"stage"`
			Action    string `json:"action"`
			Execution string `json:"execution-id"`
			Project   string `json:"project-name"`
			Request   string `json:"request"`
		} `json:"detail"`
	}
	if err := json.Unmarshal(payload, &e); err != nil || e.Type == "" {
		return "an event of an unknown kind"
	}
	d, said := e.Detail, []string{e.Type}
	for _, part := range [][2]string{
		{"", strings.Join(strings.Fields(strings.Join([]string{d.Pipeline, d.Stage, d.Action}, " ")), " / ")},
		{"execution ", d.Execution}, {"project ", d.Project}, {"request ", d.Request},
	} {
		if part[1] != "" {
			said = append(said, part[0]+part[1])
		}
	}
	return strings.Join(said, ", ")
}
