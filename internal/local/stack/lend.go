package stack

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// Lend adds to the environment of each function what env returns for it, by the
// folder that the function is built from. The template stays free of what only
// this machine needs. What the local AWS sets itself cannot be lent: MiniStack
// insists on its own AWS_ENDPOINT_URL, though not on those of single services.
func (s *Stack) Lend(ctx context.Context, env func(folder string) map[string]string) error {
	client := lambda.NewFromConfig(s.config)
	for folder, name := range s.functions {
		if err := lend(ctx, client, name, env(folder)); err != nil {
			return err
		}
	}
	return nil
}

// lend adds env to the environment of the function called name.
func lend(ctx context.Context, client *lambda.Client, name string, env map[string]string) error {
	if len(env) == 0 {
		return nil
	}
	now, err := client.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(name)})
	if err != nil {
		return fmt.Errorf("read the environment of %s: %w", name, err)
	}
	all := map[string]string{}
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
	return nil
}
