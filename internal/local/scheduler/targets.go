package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Lambda is the Functions of a Lambda service.
type Lambda struct{ client *lambda.Client }

// NewLambda returns the functions that client reaches.
func NewLambda(client *lambda.Client) Lambda { return Lambda{client} }

// Invoke hands payload to a function for an asynchronous run, once.
func (l Lambda) Invoke(ctx context.Context, function string, payload []byte) error {
	_, err := l.client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(function), Payload: payload, InvocationType: lambdatypes.InvocationTypeEvent,
	}, func(o *lambda.Options) { o.RetryMaxAttempts = 1 }) // the desk repeats, in emulated time
	if missing := (*lambdatypes.ResourceNotFoundException)(nil); errors.As(err, &missing) {
		return fmt.Errorf("%w: %s", ErrNoFunction, function)
	}
	return err
}

// SQS is the Queues of an SQS service.
type SQS struct{ client *sqs.Client }

// NewSQS returns the queues that client reaches.
func NewSQS(client *sqs.Client) SQS { return SQS{client} }

// Send puts a message on the queue of an ARN.
func (q SQS) Send(ctx context.Context, queue, body string, attributes map[string]string) error {
	name := queue[strings.LastIndexByte(queue, ':')+1:]
	found, err := q.client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(name)})
	if err != nil {
		return fmt.Errorf("find the queue %s: %w", queue, err)
	}
	values := map[string]sqstypes.MessageAttributeValue{}
	for name, value := range attributes {
		values[name] = sqstypes.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
	}
	if _, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: found.QueueUrl, MessageBody: aws.String(body), MessageAttributes: values,
	}); err != nil {
		return fmt.Errorf("send to the queue %s: %w", queue, err)
	}
	return nil
}
