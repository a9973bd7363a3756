package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// Deliver does with an event what EventBridge does when an AWS service has
// something to tell: it passes the event, as it is, to the target of every rule
// on the default bus that matches. The event is the whole envelope, with id,
// account, Region and time.
//
// PutEvents cannot be used for it: events whose source begins with "aws." are
// refused there, by AWS and by MiniStack alike.
//
// Functions run asynchronously: what Deliver returns says only whether the
// event was handed over. Targets other than functions are an error, as are
// targets that want the event transformed.
func (s *Stack) Deliver(ctx context.Context, event json.RawMessage) error {
	b := bus{events: eventbridge.NewFromConfig(s.config), functions: lambda.NewFromConfig(s.config)}
	pages := eventbridge.ListRulesInput{}
	for {
		page, err := b.events.ListRules(ctx, &pages)
		if err != nil {
			return fmt.Errorf("list the rules of the event bus: %w", err)
		}
		for _, rule := range page.Rules {
			if err := b.offer(ctx, rule, event); err != nil {
				return fmt.Errorf("offer an event to the rule %s: %w", aws.ToString(rule.Name), err)
			}
		}
		if pages.NextToken = page.NextToken; pages.NextToken == nil {
			return nil
		}
	}
}

type bus struct {
	events    *eventbridge.Client
	functions *lambda.Client
}

// offer passes event to the targets of rule if the rule is on and matches.
func (b bus) offer(ctx context.Context, rule types.Rule, event json.RawMessage) error {
	if rule.State != types.RuleStateEnabled || rule.EventPattern == nil {
		return nil
	}
	match, err := b.events.TestEventPattern(ctx, &eventbridge.TestEventPatternInput{
		EventPattern: rule.EventPattern, Event: aws.String(string(event)),
	})
	if err != nil || !match.Result {
		return err
	}
	targets, err := b.events.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: rule.Name})
	if err != nil {
		return err
	}
	for _, target := range targets.Targets {
		if err := b.pass(ctx, target, event); err != nil {
			return fmt.Errorf("pass it to the target %s: %w", aws.ToString(target.Id), err)
		}
	}
	return nil
}

func (b bus) pass(ctx context.Context, target types.Target, event json.RawMessage) error {
	arn := aws.ToString(target.Arn)
	if target.Input != nil || target.InputPath != nil || target.InputTransformer != nil || !strings.Contains(arn, ":lambda:") {
		return fmt.Errorf("%s is no function that takes the event as it is", arn)
	}
	_, err := b.functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: target.Arn, InvocationType: lambdatypes.InvocationTypeEvent, Payload: event,
	})
	return err
}
