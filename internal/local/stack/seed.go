package stack

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// A Secret is stored in Secrets Manager, and its ARN handed to the template.
type Secret struct {
	// Parameter is the template's parameter that takes the ARN.
	Parameter string
	// Name is the secret's name, such as signalbox/slack-bot-token.
	Name string
	// Value is what the secret holds.
	Value string
}

// seed stores the secrets and returns their ARNs by parameter. A secret that
// exists, on an endpoint that was used before, gets a new value.
func seed(ctx context.Context, c aws.Config, secrets []Secret) (map[string]string, error) {
	client := secretsmanager.NewFromConfig(c)
	arns := make(map[string]string, len(secrets))
	for _, s := range secrets {
		arn, err := store(ctx, client, s)
		if err != nil {
			return nil, fmt.Errorf("store the secret %s: %w", s.Name, err)
		}
		arns[s.Parameter] = arn
	}
	return arns, nil
}

func store(ctx context.Context, client *secretsmanager.Client, s Secret) (string, error) {
	created, err := client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name: aws.String(s.Name), SecretString: aws.String(s.Value),
	})
	if err == nil {
		return aws.ToString(created.ARN), nil
	}
	if !hasCode(err, "ResourceExistsException") {
		return "", err
	}
	put, err := client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: aws.String(s.Name), SecretString: aws.String(s.Value),
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(put.ARN), nil
}
