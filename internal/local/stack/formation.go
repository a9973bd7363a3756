package stack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
)

const (
	// deployTimeout is for endpoints of others; MiniStack takes two seconds.
	deployTimeout = 5 * time.Minute
	deployPause   = 100 * time.Millisecond
)

// capabilities let the template make roles and use the SAM transform.
var capabilities = []types.Capability{types.CapabilityCapabilityIam, types.CapabilityCapabilityAutoExpand}

// A formation is our stack in CloudFormation.
type formation struct{ api *cloudformation.Client }

func newFormation(c aws.Config) formation {
	return formation{cloudformation.NewFromConfig(c)}
}

// apply creates or updates the stack from the template at url, and returns
// when that is done.
func (f formation) apply(ctx context.Context, url string, parameters map[string]string) error {
	ctx, cancel := context.WithTimeout(ctx, deployTimeout)
	defer cancel()
	given := make([]types.Parameter, 0, len(parameters))
	for key, value := range parameters {
		given = append(given, types.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(value)})
	}
	_, err := f.api.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: aws.String(Name), TemplateURL: aws.String(url), Parameters: given, Capabilities: capabilities,
	})
	if hasCode(err, "AlreadyExistsException") {
		_, err = f.api.UpdateStack(ctx, &cloudformation.UpdateStackInput{
			StackName: aws.String(Name), TemplateURL: aws.String(url), Parameters: given, Capabilities: capabilities,
		})
	}
	if unchanged(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.wait(ctx)
}

// unchanged recognises CloudFormation's way to say that there is nothing to do.
func unchanged(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && strings.Contains(api.ErrorMessage(), "No updates are to be performed")
}

func (f formation) wait(ctx context.Context) error {
	pause := time.NewTicker(deployPause)
	defer pause.Stop()
	for {
		stack, err := f.describe(ctx)
		if err != nil {
			return err
		}
		switch status := stack.StackStatus; {
		case status == types.StackStatusCreateComplete || status == types.StackStatusUpdateComplete:
			return nil
		case !strings.HasSuffix(string(status), "_IN_PROGRESS"):
			return f.explain(ctx, status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for CloudFormation: %w", ctx.Err())
		case <-pause.C:
		}
	}
}

func (f formation) describe(ctx context.Context) (types.Stack, error) {
	page, err := f.api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(Name)})
	if err != nil {
		return types.Stack{}, err
	}
	if len(page.Stacks) == 0 {
		return types.Stack{}, fmt.Errorf("CloudFormation does not know the stack %s", Name)
	}
	return page.Stacks[0], nil
}

// explain turns a failed deployment into an error that names the resource.
func (f formation) explain(ctx context.Context, status types.StackStatus) error {
	events, err := f.api.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String(Name)})
	if err != nil {
		return fmt.Errorf("the stack is %s, and asking why: %w", status, err)
	}
	return fmt.Errorf("the stack is %s: %s", status, reason(events.StackEvents))
}

func (f formation) outputs(ctx context.Context) (map[string]string, error) {
	stack, err := f.describe(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the outputs of the stack: %w", err)
	}
	all := make(map[string]string, len(stack.Outputs))
	for _, o := range stack.Outputs {
		all[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return all, nil
}

// functions returns the deployed names of the functions, by folder.
func (f formation) functions(ctx context.Context, t template) (map[string]string, error) {
	page, err := f.api.DescribeStackResources(ctx, &cloudformation.DescribeStackResourcesInput{StackName: aws.String(Name)})
	if err != nil {
		return nil, fmt.Errorf("list the resources of the stack: %w", err)
	}
	physical := make(map[string]string, len(page.StackResources))
	for _, r := range page.StackResources {
		physical[aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
	}
	names := make(map[string]string, len(t.functions))
	for _, fn := range t.functions {
		names[fn.folder] = physical[fn.logicalID]
	}
	return names, nil
}
