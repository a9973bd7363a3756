package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/redrive"
)

// redriveCmd looks through the dead-letter queues of a stack and empties them.
type redriveCmd struct {
	Stack string   `required:"" placeholder:"NAME" env:"SIGNALBOX_STACK" help:"The stack's name in CloudFormation, such as signalbox-prod."`
	Queue []string `enum:"cards,votes,events" placeholder:"NAME" help:"Only this queue: cards, votes or events. It can be repeated."`
	Limit int      `placeholder:"N" help:"At most this many letters of each queue."`
	Yes   bool     `help:"Hand the letters out again. Without it they are only shown."`
}

// Help is shown by --help.
func (redriveCmd) Help() string {
	return "Shows what lies in the dead-letter queues, by names alone, and with --yes hands it out again: cards and votes to the " +
		"queue that they were on, in their order, and events to the function that they were for. Mend the cause first, or it all " +
		"comes back. It can be interrupted and repeated: nothing is lost, and what is handed out twice counts once. Letters that " +
		"cannot be handed out stay, with a reason. Exit status 1: some have stayed."
}

// Run shows or moves.
func (c redriveCmd) Run(ctx context.Context, w world) error {
	settings, err := awsSettings(ctx)
	if err != nil {
		return err
	}
	outputs, err := outputsOf(ctx, cloudformation.NewFromConfig(settings), c.Stack)
	if err != nil {
		return err
	}
	queues, err := c.queues(settings, outputs)
	if err != nil {
		return err
	}
	p := redrivePrinter{out: w.stdout}
	if !c.Yes {
		return c.show(ctx, queues, &p)
	}
	return c.move(ctx, queues, &p)
}

// awsSettings are those that the AWS CLI would use.
func awsSettings(ctx context.Context) (aws.Config, error) {
	ctx, cancel := context.WithTimeout(ctx, credentialsTimeout)
	defer cancel()
	settings, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return aws.Config{}, fmt.Errorf("read the AWS configuration: %w", err)
	}
	if settings.Region == "" {
		return aws.Config{}, errors.New("name the stack's Region in AWS_REGION")
	}
	return settings, nil
}

// describeTimeout bounds the question to CloudFormation.
const describeTimeout = 20 * time.Second

// A stackDescriber is a client of CloudFormation.
type stackDescriber interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error)
}

// outputsOf are the outputs of a stack, by their names.
func outputsOf(ctx context.Context, client stackDescriber, stack string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, describeTimeout)
	defer cancel()
	out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(stack)})
	if err != nil {
		return nil, fmt.Errorf("read the outputs of the stack %s: %w", stack, err)
	}
	all := map[string]string{}
	for _, s := range out.Stacks {
		for _, o := range s.Outputs {
			all[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
		}
	}
	return all, nil
}

// queues are those that the command is about, in their order.
func (c redriveCmd) queues(settings aws.Config, outputs map[string]string) ([]*redrive.Queue, error) {
	var missing []error
	output := func(name string) string {
		if outputs[name] == "" {
			missing = append(missing, fmt.Errorf("the stack %s has no output %s: is it Signalbox, and of this version?", c.Stack, name))
		}
		return outputs[name]
	}
	api := redrive.CallsOf(sqs.NewFromConfig(settings))
	all := []*redrive.Queue{
		redrive.Votes(api, output("VotesDeadLettersUrl"), output("VotesQueueUrl")),
		redrive.Cards(api, output("CardsDeadLettersUrl"), output("CardsQueueUrl")),
		redrive.Events(api, output("EventDeadLettersUrl"), lambda.NewFromConfig(settings).Invoke,
			output("ApprovalFunctionName"), output("NotifyFunctionName"), output("DeliverFunctionName")),
	}
	if len(c.Queue) > 0 {
		all = slices.DeleteFunc(all, func(q *redrive.Queue) bool { return !slices.Contains(c.Queue, q.Name) })
	}
	return all, errors.Join(missing...)
}

func (c redriveCmd) show(ctx context.Context, queues []*redrive.Queue, p *redrivePrinter) error {
	there := 0
	for _, q := range queues {
		backlog, err := q.Backlog(ctx)
		if err != nil {
			return err
		}
		letters, err := q.List(ctx, c.Limit)
		p.listed(q.Name, letters, backlog)
		if err != nil {
			return errors.Join(err, p.err)
		}
		there += len(letters)
	}
	if there > 0 {
		p.say("Nothing has been handed out. Mend the cause, then run this again with --yes.\n")
	}
	return p.err
}

func (c redriveCmd) move(ctx context.Context, queues []*redrive.Queue, p *redrivePrinter) error {
	stayed := 0
	for _, q := range queues {
		report, err := q.Move(ctx, time.Now(), c.Limit)
		p.moved(q.Name, report)
		if err != nil {
			return errors.Join(err, p.err)
		}
		stayed += len(report.Left)
	}
	for _, q := range queues {
		backlog, err := q.Backlog(ctx)
		if err != nil {
			return errors.Join(err, p.err)
		}
		p.left(q.Name, backlog)
	}
	if p.err == nil && stayed > 0 {
		return errNo
	}
	return p.err
}
