package stack

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// lend adds env to the environment of the functions, on an endpoint that
// somebody else started: there is no process of ours to inherit it from. The
// template stays free of what only this machine needs.
func lend(ctx context.Context, c aws.Config, functions, env map[string]string) error {
	if len(env) == 0 {
		return nil
	}
	client := lambda.NewFromConfig(c)
	for _, name := range functions {
		now, err := client.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(name)})
		if err != nil {
			return fmt.Errorf("read the environment of %s: %w", name, err)
		}
		all := maps.Clone(env)
		if now.Environment != nil {
			maps.Copy(all, now.Environment.Variables)
		}
		maps.Copy(all, env)
		_, err = client.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{
			FunctionName: aws.String(name),
			Environment:  &types.Environment{Variables: all},
		})
		if err != nil {
			return fmt.Errorf("add to the environment of %s: %w", name, err)
		}
	}
	return nil
}
