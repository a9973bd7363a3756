package codepipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// invoke is the part of *lambda.Client used here.
type invoke interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// Lambda is an Invoker that calls a Lambda service. CodePipeline invokes
// asynchronously and Lambda repeats what fails; since local Lambdas do not
// repeat, this one waits for the end and the engine repeats.
type Lambda struct{ api invoke }

// NewLambda is an Invoker that calls client, whose HTTP client must be allowed
// to wait as long as a function may run.
func NewLambda(client *lambda.Client) *Lambda { return &Lambda{api: client} }

// Invoke runs a function to its end.
func (l *Lambda) Invoke(ctx context.Context, function string, payload []byte) error {
	out, err := l.api.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(function), Payload: payload, InvocationType: types.InvocationTypeRequestResponse,
	}, func(o *lambda.Options) { o.RetryMaxAttempts = 1 })
	missing := (*types.ResourceNotFoundException)(nil)
	if errors.As(err, &missing) {
		return fmt.Errorf("%w: there is no function %s", ErrNotInvoked, function)
	}
	if err != nil {
		return fmt.Errorf("invoke function %s: %w", function, err)
	}
	if out.FunctionError != nil {
		return fmt.Errorf("function %s answered an error (%s)", function, *out.FunctionError)
	}
	return nil
}
