package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/build"
	"github.com/signalbox/signalbox/internal/cards"
	"github.com/signalbox/signalbox/internal/config"
	"github.com/signalbox/signalbox/internal/logging"
	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/notice"
	"github.com/signalbox/signalbox/internal/pipeline"
	"github.com/signalbox/signalbox/internal/secret"
	"github.com/signalbox/signalbox/internal/slack"
	"github.com/signalbox/signalbox/internal/store"
	"github.com/signalbox/signalbox/internal/telegraph"
	"github.com/signalbox/signalbox/internal/trace"
)

const (
	// secretLife is how long a secret serves before it is read again.
	secretLife = 5 * time.Minute
	// slackPatience bounds one call of Slack's Web API.
	slackPatience = 5 * time.Second
	// sessionName is how other accounts' CloudTrail knows us.
	sessionName = "signalbox-deliver"
)

// wire makes the Deliverer out of the environment and the compiled
// configuration, and the queue that it works on. It makes no call, so a start
// cannot fail for want of one.
func wire(_ context.Context, getenv func(string) string) (*telegraph.Deliverer, *cards.Queue, error) {
	env, envErr := config.LoadDeliver(getenv)
	c, awsErr := awsenv.Config(getenv)
	if err := errors.Join(envErr, awsErr); err != nil {
		return nil, nil, fmt.Errorf("environment:\n%w", err)
	}
	slog.SetDefault(logging.New(os.Stderr, env.LogLevel))
	file, err := config.LoadFile(env.File)
	if err != nil {
		return nil, nil, err
	}
	trace.Instrument(&c)
	home, _ := arn.Parse(env.FunctionARN) // config has checked it
	accounts := pipeline.NewAccounts(c, home.AccountID, env.PipelineRole, sessionName, time.Now)
	records := store.New(store.CallsOf(dynamodb.NewFromConfig(c)), env.Table).As(env.FunctionARN)
	queue := cards.New(cards.CallsOf(sqs.NewFromConfig(c)), env.CardsQueueURL)
	index := file.Directory().Index()
	return &telegraph.Deliverer{
		Board:   telegraph.Board{Routes: file.Routes(), Teller: notice.Teller{People: index}, Environment: file.Environment},
		Records: records, Badges: records, Queue: queue, Slack: workspace(c, env),
		Source: pipeline.Across(accounts.Calls), Builds: builds(accounts),
		Pager:  mail.NewPager(sns.NewFromConfig(c).Publish, env.OperationsTopicARN),
		People: index, Offers: file.Operations.Offers, CardURL: cardURL(env.SlackTeamID),
		Breakers: &telegraph.Breakers{}, Now: time.Now, Pause: pause,
	}, queue, nil
}

// workspace is Slack.
func workspace(c aws.Config, env config.Deliver) *slack.Client {
	token := secret.New(secret.Manager(c, time.Now), env.SlackTokenSecret, secretLife, time.Now)
	return slack.NewClient(env.SlackAPIURL, env.SlackTeamID, trace.HTTPClient("Slack", &http.Client{Timeout: slackPatience}), token)
}

// builds asks CodeBuild in every account and Region.
func builds(accounts *pipeline.Accounts) *build.Reader {
	return build.New(func(p build.Place) (build.Ask, error) {
		calls, err := accounts.Calls(pipeline.Place{Account: p.Account, Region: p.Region})
		return build.Ask(calls.Ask), err
	})
}

// cardURL leads to messages in the workspace, in the browser or the app.
// https://docs.slack.dev/interactivity/deep-linking/
func cardURL(team string) func(telegraph.Message) string {
	return func(m telegraph.Message) string {
		return "https://app.slack.com/client/" + team + "/" + m.Channel + "/thread/" + m.Channel + "-" + m.TS
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
