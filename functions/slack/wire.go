package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/logging"
	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/votes"
)

// secretLife is how long a secret serves before it is read again.
const secretLife = 5 * time.Minute

// wire makes the door out of the environment. It reads no secret, so a start
// cannot fail for want of one.
func wire(ctx context.Context, getenv func(string) string) (*slack.Door, error) {
	env, envErr := config.LoadSlack(getenv)
	aws, awsErr := awsenv.Config(getenv)
	if err := errors.Join(envErr, awsErr); err != nil {
		return nil, fmt.Errorf("environment:\n%w", err)
	}
	slog.SetDefault(logging.New(os.Stderr, env.LogLevel))

	// Every request needs these two, which differ in the first label of their
	// host; Slack itself is called for a rejection alone.
	slack.Warm(ctx, aws.HTTPClient, env.VotesQueueURL, strings.Replace(env.VotesQueueURL, "://sqs.", "://secretsmanager.", 1))
	secrets := secret.Manager(aws, time.Now)
	web := &http.Client{Timeout: 3 * time.Second}
	return &slack.Door{
		App:     env.AppID,
		Team:    env.TeamID,
		Signing: secret.New(secrets, env.SigningSecret, secretLife, time.Now),
		Votes:   votes.New(sqs.NewFromConfig(aws).SendMessage, env.VotesQueueURL),
		Desk:    slack.NewClient(env.APIURL, env.TeamID, web, secret.New(secrets, env.TokenSecret, secretLife, time.Now)),
		Now:     time.Now,
	}, nil
}
