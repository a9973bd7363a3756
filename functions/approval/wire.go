package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/event"
	kmskey "github.com/signalbox/signalbox/internal/kms"
	"github.com/signalbox/signalbox/internal/logging"
	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/trace"
	"github.com/signalbox/signalbox/internal/votes/ballot"
)

// secretLife is how long a secret serves before it is read again.
const secretLife = 5 * time.Minute

// slackPatience bounds one call of Slack's Web API.
const slackPatience = 5 * time.Second

// wire makes the gate out of the environment and the compiled configuration.
// It makes no call, so a start cannot fail for want of one.
func wire(_ context.Context, getenv func(string) string) (approval.Gate, error) {
	env, envErr := config.LoadApproval(getenv)
	aws, awsErr := awsenv.Config(getenv)
	if err := errors.Join(envErr, awsErr); err != nil {
		return approval.Gate{}, fmt.Errorf("environment:\n%w", err)
	}
	slog.SetDefault(logging.New(os.Stderr, env.LogLevel))
	file, err := config.LoadFile(env.File)
	if err != nil {
		return approval.Gate{}, err
	}
	trace.Instrument(&aws)

	token := secret.New(secret.Manager(aws, time.Now), env.SlackTokenSecret, secretLife, time.Now)
	web := trace.HTTPClient("Slack", &http.Client{Timeout: slackPatience})
	cards := slack.NewClient(env.SlackAPIURL, env.SlackTeamID, web, token)
	records := store.New(store.CallsOf(dynamodb.NewFromConfig(aws)), env.Table)
	pipelines := pipeline.New(pipeline.CallsOf(codepipeline.NewFromConfig(aws)))
	return approval.Gate{
		Asker: &approval.Asker{
			Register: records, Source: pipelines, Rules: file.Policies, Channel: file.DefaultChannel,
			Cards: cards, Mail: mail.New(sns.NewFromConfig(aws).Publish, env.TopicARN),
			Signer:    kmskey.NewSigner(kms.NewFromConfig(aws).GenerateMac, env.LinkKeyID),
			PublicURL: env.PublicURL, Now: time.Now, Pause: pause,
		},
		Decider: &approval.Decider{Record: records, Pipeline: pipelines, Cards: cards, Clickers: cards, Now: time.Now, Pause: pause},
	}, nil
}

// count is what takes messages off the votes queue. One that cannot be read
// comes back until it lands in the dead-letter queue, where its alarm is seen.
func count(d *approval.Decider) func(context.Context, event.QueueMessage) error {
	return func(ctx context.Context, m event.QueueMessage) error {
		b, err := ballot.Decode(m.Body)
		if err != nil {
			return err
		}
		return d.Vote(ctx, b)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
