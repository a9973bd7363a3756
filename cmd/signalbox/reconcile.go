package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/signalbox/signalbox/internal/event"
)

// reconcileCmd runs the reconciler now.
type reconcileCmd struct {
	Function string `required:"" placeholder:"ARN" env:"APPROVAL_FUNCTION_ARN" help:"ARN of the approval function: the output ApprovalFunctionArn of the stack."`
}

// Help is shown by --help.
func (reconcileCmd) Help() string {
	return "Compares what is open in Signalbox with CodePipeline, now instead of in the next five minutes, and puts right what " +
		"was missed. It is safe at any time and can be repeated. What it healed is in the function's log and in the audit trail."
}

// reconcileTimeout bounds the invocation: the function itself ends after half a
// minute.
const reconcileTimeout = time.Minute

// Run invokes the function and waits for it.
func (c reconcileCmd) Run(ctx context.Context, w world) error {
	function, err := arn.Parse(c.Function)
	if err != nil || function.Service != "lambda" {
		return fmt.Errorf("--function is %q, and has to be the ARN of the approval function, arn:aws:lambda:REGION:ACCOUNT:function:NAME", c.Function)
	}
	ctx, cancel := context.WithTimeout(ctx, reconcileTimeout)
	defer cancel()
	settings, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(function.Region))
	if err != nil {
		return fmt.Errorf("read the AWS configuration: %w", err)
	}
	input, err := event.ReconcileInput(rand.Text(), function.AccountID, function.Region, time.Now())
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	out, err := lambda.NewFromConfig(settings).Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(c.Function), Payload: input})
	if err != nil {
		return fmt.Errorf("invoke %s: %w", c.Function, err)
	}
	if out.FunctionError != nil {
		return fmt.Errorf("the reconciler could not do all of its work; what it did is done: %w", functionError(out.Payload))
	}
	_, err = fmt.Fprintln(w.stdout, "Reconciled. The function's log says what was healed, if anything was.")
	return err
}

// functionError is the error that a function returned.
func functionError(payload []byte) error {
	var answer struct {
		Message string `json:"errorMessage"`
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Message == "" {
		return errors.New("the function does not say why; look at its log")
	}
	return errors.New(answer.Message)
}
